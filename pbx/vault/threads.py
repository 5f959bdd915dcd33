"""The vault's own threads: everything that waits for a disk runs in them."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from pbx.vault.members import Member

T = TypeVar("T")
# An fsync waits for a disk, not for a core: at 10 ms each, the default pool of cores + 4 threads would be the limit.
_THREADS = 16

log = logging.getLogger(__name__)


class Threads:
    """`patience_s`: so long a copy may take to answer, before one goes on without it."""

    def __init__(self, patience_s: float) -> None:
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="vault")
        self._patience_s = patience_s
        self._late: Counter[str] = Counter()

    async def run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def ask(self, member: Member, work: Callable[[Member], T], late: T) -> T:
        """What it gave, or `late` if it does not answer in time; at once, while an earlier question is not answered:
        a disk that hangs must not take one thread after the other."""
        if self._late[member.name]:
            return late
        answer = asyncio.get_running_loop().run_in_executor(self._pool, partial(work, member))
        done, _ = await asyncio.wait([answer], timeout=self._patience_s)
        if done:
            return answer.result()
        log.error("copy %s of the vault has not answered for %g s", member.name, self._patience_s)
        self._late[member.name] += 1
        answer.add_done_callback(lambda answer: self._answered(member.name, answer))
        return late

    async def each(self, members: Sequence[Member], work: Callable[[Member], T], late: T) -> list[T]:
        """All are asked at once; what each gave, in order."""
        return await asyncio.gather(*(self.ask(member, work, late) for member in members))

    def close(self) -> None:
        self._pool.shutdown(wait=True)

    def _answered(self, name: str, answer: "asyncio.Future[T]") -> None:
        self._late[name] -= 1
        if not answer.cancelled() and (error := answer.exception()):
            log.error("copy %s of the vault, when nobody waited any more: %s", name, error)
