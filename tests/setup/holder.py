"""A process that holds an Asterisk, as the service does, and is told what to do on standard input."""

import asyncio
import json
import os
import sys
import time
from dataclasses import asdict

import uvloop

from pbx.asterisk import AsteriskHost
from pbx.errors import CannotStart
from pbx.node import routes, takes_db
from pbx.settings import Settings


def _prepare(settings: Settings) -> None:
    routes.prepare(settings.routes_db)
    takes_db.prepare(settings.takes_db)


async def _hold() -> int:
    host = AsteriskHost(Settings.from_env(os.environ), _prepare)
    began = time.monotonic()
    try:
        running = await host.start_or_attach()
    except CannotStart as e:
        print(json.dumps({"refused": str(e)}), flush=True)
        return 1
    print(json.dumps({**asdict(running), "seconds": time.monotonic() - began}), flush=True)
    told = (await asyncio.to_thread(sys.stdin.readline)).strip()
    if told == "leave":
        host.leave()
    else:
        await host.stop()
    return 0


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(_hold()))
