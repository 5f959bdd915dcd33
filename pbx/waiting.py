"""Waiting for a sign, but not for ever."""

import asyncio
from contextlib import suppress


async def set_within(limit_s: float, sign: asyncio.Event) -> bool:
    """Waits until it is set, so long at most; whether it is."""
    with suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            await sign.wait()
    return sign.is_set()
