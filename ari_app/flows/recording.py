"""Recording a take, and what follows when a key has ended it: hear it, do it again, or keep it."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from ari_app.call import Call, HungUp, Recorded
from ari_app.services import Services
from pbx.errors import VaxelError
from pbx.library.keeping import WAITING, Kept
from pbx.store.values import Take

T = TypeVar("T")

END_KEYS = "0#"
REVIEWS = 10
DECIDE_S = 8.0
# Who hears nothing for two seconds believes that the line is dead.
PATIENCE_S = 1.2


class NothingRecorded(VaxelError):
    """Asterisk ended a recording by itself, and nothing of use is on the disk."""


async def record(call: Call, svc: Services, take: Take, *, max_s: int, end_keys: str = END_KEYS) -> Recorded:
    """Record what `take` stands for; 0, # (or what else is an end key) or hanging up ends it."""
    try:
        return await call.record(take.id, end_keys=end_keys, max_s=max_s)
    except HungUp:  # before the first word, and the take's row has to say so
        await svc.library.takes.keep(call.company, take.id)
        raise


async def keep(call: Call, svc: Services, take: Take, recorded: Recorded) -> Kept:
    """Judged and put where it cannot be lost, however long a disk takes for that. NothingRecorded: Asterisk could not
    record, which is no fault of the speaker's: the dialplan, which records elsewhere, is tried next."""
    work = svc.library.takes.keep(
        call.company, take.id, interrupted=recorded.by == "fault", spoken_s=recorded.seconds
    )  # fmt: skip
    kept = await patiently(call, work)
    if recorded.by == "fault" and not kept.ok and kept.says != WAITING:
        raise NothingRecorded(take.id)
    return kept


async def patiently(call: Call, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which may wait for a disk or a lock: whoever waits with it is told so, again and again."""
    task = asyncio.create_task(work)
    try:
        with suppress(HungUp):  # the next verb tells it; the work is done all the same
            while not (await asyncio.wait({task}, timeout=PATIENCE_S))[0]:
                await call.play("wait-moment")
        return await task
    finally:
        task.cancel()


async def reviewed(call: Call, media: str, prompt: str) -> bool:
    """True to keep what `media` holds, False to speak again. Silence keeps it.

    Hanging up keeps it too, so that here a hang-up is an answer; the next verb will raise it.
    """
    try:
        for _ in range(REVIEWS):
            match await call.ask(prompt, timeout_s=DECIDE_S):
                case "1":
                    await call.play(media)
                case "2":
                    return False
                case _:
                    return True
    except HungUp:
        return True
    return True
