"""Hashes of what people choose and only they know: PINs and passwords; and of what we have made at random ourselves."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

T = TypeVar("T")

# Enough memory to be a nuisance to whoever steals the database, little enough (20 ms) to be no way of keeping our cores
# busy from a telephone or a sign-in page; what protects against guessing there is the wait.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_THREADS = ThreadPoolExecutor(2, "hashing")


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has chosen this")


def digest(token: str) -> str:
    """Of a session's or a link's secret, which nobody guesses."""
    return hashlib.sha256(token.encode()).hexdigest()


async def hashed(secret: str) -> str:
    return await _slowly(lambda: _HASHER.hash(secret))


async def is_right(known: str | None, secret: str) -> bool:
    """As slow where there is nothing to compare with (None, empty) as for a wrong one."""

    def verify() -> bool:
        try:
            return _HASHER.verify(known or _nobodys(), secret)
        except (Argon2Error, InvalidHashError):
            return False

    return await _slowly(verify)


async def _slowly(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)
