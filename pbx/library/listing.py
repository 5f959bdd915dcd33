"""The list of a company's messages, kept in memory: ten thousand are sorted, searched and counted while a page waits.

It follows the redo log, whose entries tell each row that a transaction has touched and what it is now; so a change
costs what was changed, and nothing is read again. What is true of the audio comes from the ledger of losses.
"""

import asyncio
import bisect
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from pbx.library.evidence import Audio, worst
from pbx.store import Store, catalogue, listing, takes
from pbx.store.listing import LossLine, MessageLine, TextLine

Shown = Literal["missing", "corrupt", "healing", "stand-in", "ok"]
Which = Literal["all", "lost", "spoken", "ready"]
Order = Literal["need", "name", "changed"]
WHICH: tuple[Which, ...] = ("all", "lost", "spoken", "ready")
ORDERS: tuple[Order, ...] = ("need", "name", "changed")
PAGE = 50
_NEED: tuple[Shown, ...] = ("missing", "corrupt", "healing", "stand-in", "ok")
_OF: Mapping[Shown, Which] = {
    "missing": "lost", "corrupt": "lost", "healing": "ready", "stand-in": "spoken", "ok": "ready"
}  # fmt: skip
_ENTRIES = 400  # so many behind, it is quicker to read the rows
_AFTER_Z = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see. `after` and `before` are keys of rows that were seen."""

    search: str = ""
    which: Which = "all"
    order: Order = "need"
    backwards: bool = False
    lang: str = "sv"
    after: Key | None = None
    before: Key | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`first`: how many come before. `counts`: of all that the search finds. `following`, `previous`: keys to go on
    with, or None at the end."""

    ids: tuple[str, ...]
    first: int
    total: int
    counts: Mapping[Which, int]
    following: Key | None
    previous: Key | None


@dataclass(frozen=True, slots=True)
class Gone:
    """What has no audio to be heard, what is needed first: messages that can be read in by whoever likes; greetings,
    each its owner's to record."""

    messages: Sequence[str]
    greetings: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Line:
    id: str
    number: int
    name: str
    state: Shown
    changed: datetime
    search: str


@dataclass(slots=True)
class _Company:
    """The rows as they were at entry `at`, and what was made of them."""

    at: int
    messages: dict[str, MessageLine]
    texts: dict[str, TextLine]
    losses: dict[str, LossLine]
    waiting: set[str]
    of_message: dict[str, set[str]] = field(default_factory=dict)
    lines: dict[str, _Line] = field(default_factory=dict)
    sorted: dict[tuple[Which, Order, bool, str], tuple[list[Key], list[str]]] = field(default_factory=dict)
    counts: dict[Which, int] = field(default_factory=dict)


class Listing:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._companies: dict[str, _Company] = {}
        self._lock = asyncio.Lock()

    async def page(self, company: str, wish: Wish) -> Page:
        known = await self._now(company)
        found = _found(known, wish) if wish.search else None
        counts = known.counts if found is None else _counted(found)
        keys, ids = _in_order(known, wish) if found is None else _ordered(found, wish)
        first = 0
        if wish.after is not None:
            first = bisect.bisect_right(keys, wish.after)
        elif wish.before is not None:
            first = max(0, bisect.bisect_left(keys, wish.before) - PAGE)
        if first >= len(ids):  # what came after is gone meanwhile
            first = max(0, len(ids) - PAGE)
        last = first + PAGE
        return Page(
            ids=tuple(ids[first:last]),
            first=first,
            total=len(ids),
            counts=counts,
            following=keys[last - 1] if last < len(ids) else None,
            previous=keys[first] if first else None,
        )

    async def ids(self, company: str, which: Which, order: Order) -> Sequence[str]:
        """All of them at once."""
        return _in_order(await self._now(company), Wish(which=which, order=order))[1]

    async def counts(self, company: str) -> Mapping[Which, int]:
        return (await self._now(company)).counts

    async def gone(self, company: str) -> Gone:
        known = await self._now(company)
        ids = _in_order(known, Wish(which="lost"))[1]
        greetings = [one for one in ids if known.messages[one].kind == "greeting"]
        return Gone([one for one in ids if known.messages[one].kind != "greeting"], greetings)

    async def at(self, company: str) -> int:
        """The entry of the log that the list is at: while it is the same, so is the list."""
        return (await self._now(company)).at

    async def _now(self, company: str) -> _Company:
        known = self._companies.get(company)
        if known is not None and known.at == await self._store.head(company):
            return known
        async with self._lock:
            known, head = self._companies.get(company), await self._store.head(company)
            if known is None or not 0 <= head - known.at <= _ENTRIES or not await self._follow(company, known):
                known = await self._read(company)
            self._companies[company] = known
        return known

    async def _read(self, company: str) -> _Company:
        """Everything, a piece at a time, so that no call waits for it."""
        async with self._store.read(company) as tx:
            at = (await catalogue.head(tx)).number
            losses, waiting = await listing.losses(tx), await takes.waiting(tx)
        messages: dict[str, MessageLine] = {}
        texts: dict[str, TextLine] = {}
        after = ""
        while True:
            async with self._store.read(company) as tx:
                some = await listing.messages(tx, after)
                texts |= await listing.texts(tx, list(some))
            if not some:
                break
            messages |= some
            after = max(some)
            await asyncio.sleep(0)
        known = _Company(at, messages, texts, losses, waiting)
        for text_id, text in texts.items():
            known.of_message.setdefault(text.message, set()).add(text_id)
        await asyncio.to_thread(_renew, known, list(messages))
        await self._follow(company, known)  # what was committed while we read
        return known

    async def _follow(self, company: str, known: _Company) -> bool:
        """False where entries are missing: what lies before a full image is forgotten some time."""
        async with self._store.read(company) as tx:
            entries = await catalogue.after(tx, known.at, _ENTRIES)
            if entries and entries[0].number != known.at + 1:
                return False
            changes = [change for entry in entries for change in catalogue.changes(entry)]
            touched = {table for table, _, _ in changes}
            waiting = await takes.waiting(tx) if "take" in touched else known.waiting
        concerned: set[str] = set()
        if waiting != known.waiting:
            versions = waiting ^ known.waiting
            known.waiting = waiting
            concerned |= {text.message for text in known.texts.values() if text.version in versions}
        for table, row_id, values in changes:
            concerned |= _apply(known, table, row_id, values)
        if entries:
            known.at = entries[-1].number
        _renew(known, concerned)
        return True


def _apply(known: _Company, table: str, row_id: str, values: Mapping[str, Any] | None) -> set[str]:
    """Which messages may look different now."""
    match table:
        case "message":
            if values is None:
                known.messages.pop(row_id, None)
            else:
                known.messages[row_id] = MessageLine(
                    values["number"], values["name"], values["kind"], _time(values["changed_at"]),
                    values["deleted_at"] is not None,
                )  # fmt: skip
            return {row_id}
        case "text":
            before = known.texts.pop(row_id, None)
            if values is not None:
                known.texts[row_id] = TextLine(values["message_id"], values["script"], values["version_id"])
                known.of_message.setdefault(values["message_id"], set()).add(row_id)
                return {values["message_id"]}
            if before is not None:
                known.of_message[before.message].discard(row_id)
                return {before.message}
        case "loss":
            known.losses.pop(row_id, None)
            if values is not None and values["healed_at"] is None and values["lost"]:
                known.losses[row_id] = LossLine(values["of_id"], values["how"])
            return {values["subject_id"]} if values is not None else set(known.messages)
    return set()


def _renew(known: _Company, concerned: Iterable[str]) -> None:
    concerned = list(concerned)
    if not concerned:
        return
    lost = {loss.of: loss.how for loss in known.losses.values()}
    for message_id in concerned:
        line = _line(known, message_id, lost)
        if line is None:
            known.lines.pop(message_id, None)
        else:
            known.lines[message_id] = line
    known.sorted.clear()
    known.counts = _counted(known.lines.values())


def _line(known: _Company, message_id: str, lost: Mapping[str, str]) -> _Line | None:
    """None for what is in no list: deleted, or a greeting, which is its owner's affair unless its audio is gone."""
    message = known.messages.get(message_id)
    if message is None or message.deleted:
        return None
    texts = [known.texts[one] for one in known.of_message.get(message_id, ())]
    state = _state(texts, lost, known.waiting)
    if message.kind == "greeting" and (state in {"ok", "stand-in"} or not any(text.version for text in texts)):
        return None
    words = " ".join([message.name, str(message.number), *(text.script for text in texts)])
    return _Line(message_id, message.number, message.name, state, message.changed, folded(words))


def _state(texts: Sequence[TextLine], lost: Mapping[str, str], waiting: set[str]) -> Shown:
    audio: list[Audio] = []
    for text in texts:
        if text.version is None:
            continue
        if text.version in waiting:
            audio.append("healing")
        else:
            audio.append(lost.get(text.version, "ok"))  # type: ignore[arg-type]  # a loss is missing or corrupt
    if audio:
        return worst(audio)
    return "stand-in" if any(text.script for text in texts) else "missing"


def folded(text: str) -> str:
    """As it is searched: without case, and in one form, so that å is å however it was typed."""
    return unicodedata.normalize("NFC", text).casefold()


def _found(known: _Company, wish: Wish) -> list[_Line]:
    words = folded(wish.search).split()
    return [line for line in known.lines.values() if all(word in line.search for word in words)]


def _counted(lines: Iterable[_Line]) -> dict[Which, int]:
    counts: dict[Which, int] = dict.fromkeys(WHICH, 0)
    for line in lines:
        counts["all"] += 1
        counts[_OF[line.state]] += 1
    return counts


def _in_order(known: _Company, wish: Wish) -> tuple[list[Key], list[str]]:
    of = wish.which, wish.order, wish.backwards, wish.lang
    if of not in known.sorted:
        known.sorted[of] = _ordered(known.lines.values(), wish)
    return known.sorted[of]


def _ordered(lines: Iterable[_Line], wish: Wish) -> tuple[list[Key], list[str]]:
    chosen = [line for line in lines if wish.which in {"all", _OF[line.state]}]
    keyed = sorted((_key(line, wish), line.id) for line in chosen)
    return [key for key, _ in keyed], [line_id for _, line_id in keyed]


def _key(line: _Line, wish: Wish) -> Key:
    """Unique, ascending in the order that is wished for, and made of what JSON can carry."""
    latest_first = -line.changed.timestamp()
    match wish.order:
        case "need":
            return _NEED.index(line.state), latest_first, line.number
        case "changed":
            return (-latest_first if wish.backwards else latest_first), line.number
        case "name":
            name = collated(line.name, wish.lang)
            return _reversed(name) if wish.backwards else name, line.number


def collated(name: str, lang: str) -> str:
    """What names are sorted by: å, ä and ö after z in Swedish, beside a and o in English."""
    if lang == "sv":
        return folded(name).translate(_AFTER_Z)
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


def _reversed(name: str) -> str:
    """Sorts the other way round."""
    return "".join(chr(0x10FFFF - ord(c)) for c in name) + chr(0x10FFFF)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
