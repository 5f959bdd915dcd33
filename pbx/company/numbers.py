"""The company's public numbers: where each leads."""

from collections.abc import Awaitable, Callable

from pbx.company.languages import known
from pbx.errors import Refused
from pbx.rules.numbers import Number, parse_number
from pbx.store import Store, audit, mailboxes, menus, people
from pbx.store.tx import Writing
from pbx.store.values import CompanyNumber, NumberKind

_Write = Callable[[Writing, Number, NumberKind, str | None, str | None, str | None], Awaitable[CompanyNumber]]


class Numbers:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self, company: str) -> list[CompanyNumber]:
        async with self._store.read(company) as tx:
            return await menus.numbers(tx)

    async def by_e164(self, company: str, e164: str) -> CompanyNumber | None:
        async with self._store.read(company) as tx:
            return await menus.number(tx, e164)

    async def add(
        self,
        company: str,
        raw: str,
        kind: NumberKind,
        *,
        target: str | None = None,
        mailbox: str | None = None,
        language: str | None = None,
        by: str,
    ) -> CompanyNumber:
        """`target`: id of a menu, user or mailbox by `kind`; none for "voicemail", which is 333 from any telephone.
        `mailbox`: the number's own, for callers whom nothing else takes.

        Refused: `number-form`, `number-taken` (by any company), `target-unknown`, `user-unknown`, `mailbox-unknown`,
        `language-unknown`.
        """
        return await self._write(company, menus.add_number, "number added", raw, kind, target, mailbox, language, by)

    async def lead(
        self,
        company: str,
        raw: str,
        kind: NumberKind,
        *,
        target: str | None = None,
        mailbox: str | None = None,
        language: str | None = None,
        by: str,
    ) -> CompanyNumber:
        """All of it as said now, from the next call on; each as `add` has it.

        Refused: `number-form`, `company-number-unknown`, `target-unknown`, `user-unknown`, `mailbox-unknown`,
        `language-unknown`.
        """
        return await self._write(company, menus.lead_number, "number led", raw, kind, target, mailbox, language, by)

    async def remove(self, company: str, raw: str, *, by: str) -> None:
        """Whoever calls it is told that it is not in use. Refused: `number-form`, `company-number-unknown`."""
        number = parse_number(raw)
        async with self._store.edit(company) as tx:
            await menus.remove_number(tx, number)
            await audit.write(tx, by, "number removed", number.e164)

    async def _write(
        self, company: str, write: _Write, done: str, raw: str, kind: NumberKind, target: str | None,
        mailbox: str | None, language: str | None, by: str,
    ) -> CompanyNumber:  # fmt: skip
        number = parse_number(raw)
        lang = None if language is None else known(language)
        async with self._store.edit(company) as tx:
            await _check(tx, kind, target, mailbox)
            written = await write(tx, number, kind, target, mailbox, lang)
            await audit.write(tx, by, done, number.e164, kind=kind, target=target, mailbox=mailbox)
        return written


async def _check(tx: Writing, kind: NumberKind, target: str | None, mailbox: str | None) -> None:
    if not await _there(tx, kind, target):
        raise Refused("target-unknown", str(target)[:40])
    if mailbox is not None:
        await mailboxes.get(tx, mailbox)


async def _there(tx: Writing, kind: NumberKind, target: str | None) -> bool:
    if target is None or kind == "voicemail":
        return target is None and kind == "voicemail"
    if kind == "menu":
        return await menus.get(tx, target) is not None
    return bool(await people.get(tx, target) if kind == "user" else await mailboxes.get(tx, target))
