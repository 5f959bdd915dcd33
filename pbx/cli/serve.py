"""What `vaxel run` does once the warden watches it, and `vaxel init`."""

import argparse
import asyncio
import logging
import os
import signal

import uvloop

from pbx.beat import Beat
from pbx.card import Card
from pbx.heap import keep_little
from pbx.service import Service
from pbx.settings import Settings
from pbx.telemetry import start_log

log = logging.getLogger(__name__)


def serve(settings: Settings, args: argparse.Namespace) -> int:
    """Until told to end."""
    keep_little()
    os.umask(0o022)  # Asterisk, which is another user, must be able to read what we publish
    start_log(settings.log, settings.log_level, settings.log_form)
    if args.after:
        log.warning("%s", args.after)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, args.beat, args.after))
    return 0


async def _serve(settings: Settings, pipe: int | None, after: str) -> None:
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, ending.set)
    service = Service(settings, None if pipe is None else Beat(pipe, after))
    await service.run(ending, lambda: print(service.welcome(), flush=True))


def init(settings: Settings, args: argparse.Namespace) -> int:
    """Make what is missing, and say where it is."""
    asyncio.run(_init(settings))
    print(settings.database)
    return 0


async def _init(settings: Settings) -> None:
    service = Service(settings)
    await service.open()
    try:
        if settings.demo:
            await Card.made_or_kept(settings, service.store, service.library)
    finally:
        await service.store.close()
