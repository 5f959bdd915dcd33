"""How much one person, and one company, may have spoken within an hour: a voice keeps a core busy for seconds."""

import hashlib
from datetime import timedelta

from pbx.errors import Refused
from pbx.store import Store, attempts

BY_ONE, BY_COMPANY = 120, 600
_HOUR = timedelta(hours=1)
_PAGES = ("web:", "operator:")


class Pace:
    def __init__(self, store: Store, by_one: int = BY_ONE, by_company: int = BY_COMPANY) -> None:
        self._store = store
        self._by_one = by_one
        self._by_company = by_company

    async def speech(self, company: str, by: str) -> None:
        """Once more. Counted is what pages ask for: whoever sits at the command line has the cores anyway. Refused:
        `too-much-speech`."""
        if not by.startswith(_PAGES):
            return
        one = f"speech:{company}:{hashlib.sha256(by.encode()).hexdigest()[:20]}"
        everybody = f"speech:{company}"
        async with self._store.house() as house:
            await attempts.count(house, {one: _HOUR, everybody: _HOUR})
            asked = await attempts.of(house, [one, everybody])
        if asked[one].count > self._by_one or asked[everybody].count > self._by_company:
            raise Refused("too-much-speech")
