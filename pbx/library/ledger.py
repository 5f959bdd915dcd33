"""The ledger: what was found gone or damaged, first and last seen, whose it is, and what callers hear instead.

It cannot be reconstructed afterwards, so it is written when the loss is seen, and kept.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pbx.store import Store, losses
from pbx.store.losses import Found, How, Loss, Use

Hears = Callable[[str, Sequence[Use]], Awaitable[Mapping[str, str]]]
"""(company, uses): by `use.of`, what callers hear now. A use that is not in it is heard as "nothing"."""

_AT_ONCE = 200
_SHOWN = 50
_DAY = timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest lines; of all that are open, `gone` are in no copy, by kind, and `total` there are."""

    lines: list[Loss]
    gone: Mapping[str, int]
    total: int


class Ledger:
    """Up to 200 objects are written in one transaction, so that no call waits long for it however much is lost."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def found(
        self,
        company: str,
        sha256: str,
        *,
        how: How,
        lost: bool,
        copies: Sequence[str],
        proved_at: datetime | None,
        heard: str | Hears,
    ) -> list[Loss]:
        """`found_all` for one object."""
        return await self.found_all(company, [Found(sha256, how, lost, tuple(copies), proved_at)], heard)

    async def found_all(self, company: str, found: Sequence[Found], heard: str | Hears) -> list[Loss]:
        """The open line for each version and voice message whose audio is one of these objects. What is open already
        stays one line, which tells the worst that was seen; where nothing is new, nothing is written. An object that
        no row uses is logged only."""
        lines: list[Loss] = []
        for at in range(0, len(found), _AT_ONCE):
            lines += await self._found(company, {one.sha256: one for one in found[at : at + _AT_ONCE]}, heard)
            await asyncio.sleep(0)
        return lines

    async def _found(self, company: str, found: Mapping[str, Found], heard: str | Hears) -> list[Loss]:
        async with self._store.read(company) as tx:
            uses = await losses.uses(tx, list(found))
            known = await losses.open_of(tx, [use.of for use in uses])
        for name in found.keys() - {use.sha256 for use in uses}:
            log.warning("company %s: object %s, which nothing uses, is %s", company, name, found[name].how)
        hears = {use.of: heard for use in uses} if isinstance(heard, str) else await heard(company, uses)
        told = {use.of: hears.get(use.of, "nothing") for use in uses}
        if all(use.of in known and known[use.of] == _after(known, found, use, told) for use in uses):
            return list(known.values())
        async with self._store.begin(company) as tx:
            known = await losses.open_of(tx, [use.of for use in uses])
            after = {use.of: _after(known, found, use, told) for use in uses if use.of in known}
            await losses.change(tx, {line.id: line for of, line in after.items() if line != known[of]})
            new = [use for use in uses if use.of not in known]
            await losses.add(tx, [(use, found[use.sha256], told[use.of]) for use in new])
            lines = await losses.open_of(tx, [use.of for use in uses])
        for use in new:
            _tell(company, use, found[use.sha256], told[use.of])
        return list(lines.values())

    async def healed(self, company: str, sha256: str, from_: str) -> int:
        """`healed_all` for one object."""
        return await self.healed_all(company, {sha256: from_})

    async def healed_all(self, company: str, healed: Mapping[str, str]) -> int:
        """By object: from where it is whole again, as a copy's name or "spool". Closes the open lines; how many."""
        names, closed = list(healed), 0
        for at in range(0, len(names), _AT_ONCE):
            async with self._store.begin(company) as tx:
                closed += await losses.heal(tx, {name: healed[name] for name in names[at : at + _AT_ONCE]})
        return closed

    async def all(self, company: str | None = None, *, only_open: bool = False) -> list[Loss]:
        """Oldest first; without a company those of all, for the operator."""
        lines: list[Loss] = []
        after = ""
        while page := await self._page(company, after, only_open):
            lines += page
            after = page[-1].id
            await asyncio.sleep(0)
        return lines

    async def latest(self, company: str, *, only_open: bool) -> Latest:
        """What was found last and is open, or what was closed last."""
        async with self._store.read(company) as tx:
            lines = await losses.latest(tx, _SHOWN, only_open=only_open)
            gone, (_, damaged, _) = await losses.gone(tx), (await losses.counts(tx, tx.now)).get(company, (0, 0, 0))
        return Latest(lines, gone, sum(gone.values()) + damaged)

    async def counts(self) -> dict[str, tuple[int, int, int]]:
        """By company, for the operator: what is gone, what is being healed, what was healed within a day."""
        async with self._store.across() as tx:
            return await losses.counts(tx, tx.now - _DAY)

    async def _page(self, company: str | None, after: str, only_open: bool) -> list[Loss]:
        if company is None:
            async with self._store.across() as everywhere:
                return await losses.page(everywhere, after, _AT_ONCE, only_open=only_open)
        async with self._store.read(company) as tx:
            return await losses.page(tx, after, _AT_ONCE, only_open=only_open)


def _after(known: Mapping[str, Loss], found: Mapping[str, Found], use: Use, told: Mapping[str, str]) -> Loss:
    return losses.after(known[use.of], found[use.sha256], told[use.of])


def _tell(company: str, use: Use, found: Found, heard: str) -> None:
    log.error(
        "company %s: %s is %s%s; callers hear: %s", company, _named(use), found.how,
        " in every copy" if found.lost else f" in {', '.join(found.copies)}", heard,
    )  # fmt: skip


def _named(use: Use) -> str:
    if use.kind == "picture":
        return f"the picture of {use.name}"
    version = f", version {use.number}" if use.number else ""
    return f"the audio of {use.kind} {use.name} ({use.lang}{version})"
