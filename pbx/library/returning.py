"""What the vault knows and the database does not: an old database that was put back, or none at all."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pbx.errors import CannotStart, VaxelError
from pbx.store import catalogue as rows
from pbx.store import migrate, redo
from pbx.store.redo import Difference, DoesNotFit
from pbx.vault import Broken, Entry, TooFewCopies, Vault

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Returned:
    """`first` to `last`: the entries that were carried out. `rows`: table, id, and whether the row is there now.
    `why`: what kept them from being carried out; then nothing of this company was changed."""

    company: str
    first: int
    last: int
    rows: tuple[tuple[str, str, bool], ...] = ()
    why: str = ""


class NothingThere(VaxelError):
    """The vault has no catalogue from which a database could be made."""


class DatabaseThere(VaxelError):
    """There is a database with companies in it: rebuilding never replaces one. Move it away, or look with --dry-run."""


async def refuse_to_begin_anew(database: Path, vault: Vault) -> None:
    """Whoever lost the database must not find a fresh one laid over what is left of the old. Raises CannotStart."""
    if await _in_vault(vault) and await asyncio.to_thread(redo.companies, database) == 0:
        raise CannotStart(
            f"{database} is empty or missing, but the vault holds companies: put the database back, bring it back with "
            "`vaxel vault rebuild`, or move the vault's folders away to begin anew"
        )


async def bring_back(database: Path, vault: Vault) -> list[Returned]:
    """Before the database is opened: what it lacks is carried out, company by company, before any edit, job or
    erasure. A company whose entries do not fit is told and left as it is."""
    found: list[Returned] = []
    for company in await _in_vault(vault):
        heads = await vault.catalogue.heads(company)
        theirs = max((head for head in heads.values() if head is not None), default=0)
        # Asked last: where another process writes meanwhile, the database is ahead of the vault.
        ours = await asyncio.to_thread(redo.head, database, company)
        if theirs > ours.number:
            found.append(await _company(database, vault, company, ours, theirs))
    return found


async def rebuild(database: Path, vault: Vault, copy: str | None = None) -> list[Returned]:
    """A database from the catalogue alone, of all copies or of the one named. Raises NothingThere, DatabaseThere,
    Broken."""
    if await asyncio.to_thread(redo.companies, database) > 0:
        raise DatabaseThere(f"{database} has companies in it: move it away first, or look with --dry-run")
    logs = await _logs(vault, copy)
    if not logs:
        raise NothingThere(f"no catalogue in {copy or 'any copy'}")
    touched = await asyncio.to_thread(redo.replay, database, logs)
    await asyncio.to_thread(migrate.to_head, database)
    return [_returned(company, entries, touched[company]) for company, entries in logs.items()]


async def compare(database: Path, vault: Vault, copy: str | None = None) -> dict[str, list[Difference]]:
    """By company, where the living database says otherwise than the catalogue."""

    def differences(company: str, entries: Sequence[rows.Entry]) -> list[Difference]:
        return list(redo.differences(database, company, redo.fold(entries)))

    logs = await _logs(vault, copy)
    return {company: await asyncio.to_thread(differences, company, entries) for company, entries in logs.items()}


def report(folder: Path, found: Sequence[Returned]) -> Path:
    """Writes what came back, for a person; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"returned-{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    file.write_text(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1) + "\n")
    return file


async def _in_vault(vault: Vault) -> list[str]:
    """The companies that it knows; none where no copy can be reached: then calls go on, and edits are refused."""
    try:
        return await vault.catalogue.companies()
    except TooFewCopies as error:
        log.error("the vault cannot be asked whether the database is whole: %s", error)
        return []


async def _company(database: Path, vault: Vault, company: str, ours: rows.Head, theirs: int) -> Returned:
    try:
        entries = await _after(vault, company, ours)
        touched = await asyncio.to_thread(redo.replay, database, {company: entries})
    except (Broken, DoesNotFit, migrate.Newer) as error:
        log.error("company %s: entries %d to %d stay out: %s", company, ours.number + 1, theirs, error)
        return Returned(company, ours.number + 1, theirs, why=str(error))
    told = _returned(company, entries, touched[company])
    log.warning(
        "the database was older than the vault: company %s has got back entries %d to %d with %d rows",
        company, told.first, told.last, len(told.rows),
    )  # fmt: skip
    return told


async def _after(vault: Vault, company: str, ours: rows.Head) -> list[rows.Entry]:
    """What follows our head; if that is there no more, because something was erased since, the image that was written
    then and what follows it."""
    try:
        entries = _values(await vault.catalogue.read(company, ours.number))
    except Broken:
        return _values(await vault.catalogue.read(company, 0))
    if ours.number and entries and entries[0].prev != ours.sha:
        raise DoesNotFit(f"entry {entries[0].number} of the vault does not follow entry {ours.number} of the database")
    return entries


async def _logs(vault: Vault, copy: str | None) -> dict[str, list[rows.Entry]]:
    companies = await vault.catalogue.companies(copy)
    return {company: _values(await vault.catalogue.read(company, 0, copy)) for company in companies}


def _values(entries: Sequence[Entry]) -> list[rows.Entry]:
    return [rows.Entry(one.number, one.prev, one.sha, one.kind, one.body.decode()) for one in entries]


def _returned(company: str, entries: Sequence[rows.Entry], touched: dict[redo.Key, bool]) -> Returned:
    told = tuple((table, row_id, there) for (table, row_id), there in touched.items())
    return Returned(company, entries[0].number, entries[-1].number, told)
