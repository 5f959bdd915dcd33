"""Questions about takes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from pbx.rules.numbers import Caller
from pbx.store.callers import caller, columns
from pbx.store.ids import new_id
from pbx.store.tables import TakeRow, VersionRow, VoiceMessageRow
from pbx.store.tx import Asking, Reading, Writing
from pbx.store.values import Take, TakeKind, TakeState

_SPOOLED = TakeRow.spooled.is_(True)
_UNFINISHED = select(TakeRow).where(_SPOOLED).order_by(TakeRow.id)
_WAITING = select(TakeRow.result_id).where(_SPOOLED, TakeRow.state == "waiting")
_SPOOLED_WITH = [
    select(TakeRow.file).where(
        _SPOOLED, TakeRow.id.in_(select(made.take_id).where(made.sha256 == bindparam("sha256")))
    )
    for made in (VersionRow, VoiceMessageRow)
]  # fmt: skip
_OBJECTS = [
    select(made.sha256).where(made.take_id.in_(select(TakeRow.id).where(_SPOOLED)))
    for made in (VersionRow, VoiceMessageRow)
]


async def add(
    tx: Writing,
    kind: TakeKind,
    *,
    text: str | None,
    mailbox: str | None,
    job: str | None,
    lang: str,
    channel: str,
    caller: Caller,
    made_by: str,
    at: datetime | None = None,
    file: str | None = None,
) -> Take:
    """A take that is going to be recorded. `file`: where in the spool, if not where ARI puts a take of this id.
    Refused: `take-known` if a take with this file is there already."""
    take_id = new_id()
    row = TakeRow(
        id=take_id,
        company_id=tx.company,
        kind=kind,
        text_id=text,
        mailbox_id=mailbox,
        job_id=job,
        lang=lang,
        channel=channel[:150],
        made_by=made_by[:120],
        at=at or tx.now,
        file=file or f"recording/{take_id}.sln16",
        state="open",
        spooled=True,
        interrupted=False,
        seconds=0.0,
        copies=0,
        **columns(caller),
    )
    return value(await tx.add(row))


async def get(tx: Reading, take_id: str) -> Take:
    return value(await tx.get(TakeRow, take_id, "take-unknown"))


async def by_file(tx: Asking, file: str) -> Take | None:
    row = await tx.first(select(TakeRow).where(TakeRow.file == file))
    return None if row is None else value(row)


async def unfinished(tx: Asking) -> list[Take]:
    """Takes that are not judged, or not in the vault, or not out of the spool yet; oldest first."""
    return [value(row) for row in await tx.all(_UNFINISHED)]


async def of_files(tx: Asking, files: list[str]) -> dict[str, Take]:
    """The takes of these files in the spool, of any company; a file that is not among them has no row."""
    found: dict[str, Take] = {}
    for at in range(0, len(files), 500):  # SQLite takes so many values at a time, and a few more
        rows = await tx.all(select(TakeRow).where(TakeRow.file.in_(files[at : at + 500])))
        found |= {row.file: value(row) for row in rows}
    return found


async def spooled_with(tx: Reading, sha256: str) -> Sequence[str]:
    """Files in the spool from which the object with this name was made."""
    return [file for question in _SPOOLED_WITH for file in await tx.all(question, sha256=sha256)]


async def objects_in_spool(tx: Reading) -> set[str]:
    """Names of the objects that were made from takes which the spool still holds."""
    return {name for question in _OBJECTS for name in await tx.all(question)}


async def waiting(tx: Reading) -> set[str]:
    """What became of takes that the vault has not taken yet: ids of versions and voice messages."""
    return {result for result in await tx.all(_WAITING) if result is not None}


async def settle(
    tx: Writing,
    take_id: str,
    state: TakeState,
    *,
    says: str | None = None,
    result: str | None = None,
    interrupted: bool = False,
    seconds: float = 0.0,
    copies: int = 0,
    spooled: bool = True,
) -> Take:
    """What became of the take. `spooled` False: the spool need not hold it any more."""
    row = await tx.get(TakeRow, take_id, "take-unknown")
    row.state, row.says, row.result_id, row.interrupted = state, says, result, interrupted
    row.seconds, row.copies, row.spooled = seconds, copies, spooled
    await tx.flush()
    return value(row)


async def held(tx: Writing, take_id: str, copies: int, *, spooled: bool) -> Take:
    """So many copies of the vault have it now; one that waited for that is kept. `spooled` False: all have it."""
    row = await tx.get(TakeRow, take_id, "take-unknown")
    row.copies, row.spooled = copies, spooled
    if row.state == "waiting" and copies:
        row.state, row.says = "kept", None
    await tx.flush()
    return value(row)


async def out_of_spool(tx: Writing, take_id: str) -> Take:
    """The spool need not hold it any more."""
    row = await tx.get(TakeRow, take_id, "take-unknown")
    row.spooled = False
    await tx.flush()
    return value(row)


def value(row: TakeRow) -> Take:
    return Take(
        id=row.id,
        company=row.company_id,
        kind=row.kind,  # type: ignore[arg-type]
        owner=row.job_id or row.mailbox_id or "",
        text=row.text_id,
        lang=row.lang,
        channel=row.channel,
        caller=caller(row.caller_kind, row.caller_number),
        made_by=row.made_by,
        at=row.at,
        file=row.file,
        state=row.state,  # type: ignore[arg-type]
        spooled=row.spooled,
        interrupted=row.interrupted,
        says=row.says,
        result=row.result_id,
        seconds=row.seconds,
        copies=row.copies,
    )
