"""What must be true after any step, whatever was done to the disks."""

from pathlib import Path, PurePath

from pbx.errors import Lost, Refused
from pbx.library import files
from pbx.library.choosing import Playable
from tests.model import truth
from tests.model.book import Book
from tests.model.scene import Scene, Violation
from tests.model.truth import Registered


class Quiet:
    """Begun before a step in which somebody only asks: no copy takes a write, and nothing is removed."""

    def __init__(self, scene: Scene) -> None:
        self._frail = scene.premises.frail
        for frail in self._frail.values():
            frail.written.clear()
            frail.removed.clear()

    def prove(self) -> None:
        for folder, frail in self._frail.items():
            if frail.written or frail.removed:
                raise Violation("a question changed a copy", f"{folder}: {frail.written[:5]} {frail.removed[:5]}")


class Watch:
    """Begun before a step, and asked after it: what was frozen, or was not itself, took no write; and nothing was
    removed but what was ordered to be erased, which a copy that is filled gives up as well."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._copies = scene.copies()
        self._closed = [copy for copy in self._copies if copy.frozen or not copy.is_itself]
        for frail in scene.premises.frail.values():
            frail.written.clear()
            frail.removed.clear()

    def prove(self, *, refilled: bool, erasing: bool) -> None:
        """`refilled`: a person has had a copy filled. `erasing`: orders were carried out."""
        for copy in self._closed:
            written = self._scene.premises.make(copy.folder).written
            if written and not refilled:
                raise Violation("a copy took a write that it must not take", f"copy {copy.name}: {written[:5]}")
        for copy in self._copies:
            removed = self._scene.premises.make(copy.folder).removed
            if not erasing and [one for one in removed if not (refilled and self._is_erased(PurePath(one)))]:
                raise Violation("something was removed without an order", f"copy {copy.name}: {removed[:5]}")
            for path in removed:
                self._ordered(copy, Path(path))

    def _ordered(self, copy: Registered, path: Path) -> None:
        company = path.parts[1]
        if path.parts[2] == "objects" and path.stem in self._scene.books[company].objects():
            raise Violation("what is in use was removed", f"copy {copy.name}: {path}")

    def _is_erased(self, file: PurePath) -> bool:
        return file.parent.name == "catalogue" or any(
            file.name.removesuffix(".json") in orders.objects for orders in self._scene.orders.values()
        )


async def readable(scene: Scene) -> None:
    """What was told to be kept can be read, from a copy or the spool, unless it lies in neither; byte for byte."""
    for company, sha256 in scene.in_use():
        await readable_one(scene, company, sha256)


async def readable_one(scene: Scene, company: str, sha256: str) -> None:
    try:
        data = await scene.premises.running.originals.get(company, sha256)
    except Lost:
        if scene.is_held(company, sha256):
            raise Violation("what is there cannot be read", f"{sha256} of {company}") from None
        return
    if data != scene.sounds[sha256].kept:
        raise Violation("other bytes were read than were kept", sha256)


async def apart(scene: Scene) -> None:
    """Nothing of one company is to be had by the other."""
    for company in scene.companies:
        book, other = scene.books[scene.other(company)], scene.books[company]
        for sha256 in sorted(book.objects() - other.objects()):
            if scene.holders(company, sha256):  # something of its own that no row names any more
                continue
            try:
                await scene.premises.vault.get(company, sha256)
            except Lost:
                continue
            raise Violation("one company reads what the other recorded", sha256)


async def apart_in_rows(scene: Scene, company: str) -> None:
    """The other company's rows are as good as not there, and the same name is another message."""
    library, theirs = scene.premises.library, scene.books[scene.other(company)]
    for message in theirs.names:
        try:
            await library.versions.all(company, message)
        except Refused as refused:
            if refused.says != "message-unknown":
                raise Violation("another company's message is known", refused.says) from refused
        else:
            raise Violation("another company's versions are listed", message)
        if (await library.messages.playable_message(company, message, "sv")).heard != "neutral":
            raise Violation("another company's message is heard", message)


async def every_place_plays(scene: Scene, *langs: str) -> None:
    for company, book in scene.books.items():
        for slot in book.places:
            for lang in langs:
                await place_plays(scene, company, slot, lang)


async def place_plays(scene: Scene, company: str, slot: tuple[str, str], lang: str) -> Playable:
    """Something, whose file is there; if it is a recording, one of the message that is there, and no other's."""
    kind, name = slot
    playable = await scene.premises.library.messages.playable(company, kind, name, lang)  # type: ignore[arg-type]
    if playable.heard == "nothing" or not playable.media:
        raise Violation("a place is silent", f"{slot} of {company}")
    for file in scene.premises.media(playable.media):
        if not file.exists() or not file.stat().st_size:
            raise Violation("a place plays a file that is not there", f"{slot} of {company}: {file}")
        if playable.heard in ("own", "earlier-version"):
            _is_right(scene, scene.books[company], slot, file, only_current=playable.heard == "own")
    return playable


def _is_right(scene: Scene, book: Book, slot: tuple[str, str], file: Path, *, only_current: bool) -> None:
    message = book.places[slot]
    recordings = book.of(message) if message else []
    if only_current:
        recordings = [one for one in recordings if one.id in book.current.values()]
    for one in recordings:
        sound = scene.sounds[one.sha256]
        if files.of_recording(one.sha256, sound.first, sound.last) == file.stem:
            if file.read_bytes() != sound.played:
                raise Violation("a place plays other samples than were recorded", f"{slot}: {file}")
            return
    raise Violation("a place plays what is not its message's", f"{slot} of {book.company}: {file}")


def rows_as_told(scene: Scene) -> None:
    """Every edit that returned, every take that was kept."""
    for company, book in scene.books.items():
        if differences := book.differs(scene.premises.rows.book(company)):
            raise Violation("the rows are not what was told", f"{company}, told / there: {'; '.join(differences[:6])}")


def reported(scene: Scene) -> None:
    """After a sweep: what no copy that counts has is in the ledger, by name, and nothing else is told as missing."""
    proving = [copy for copy in scene.copies() if scene.proves(copy)]
    for company, book in scene.books.items():
        lines = scene.premises.rows.losses(company)
        for one in book.recordings.values():
            data = scene.sounds[one.sha256].kept
            there = [c for c in proving if truth.has_size(truth.object_in(c.folder, company, one.sha256), data)]
            how, lost = lines.get(one.id, ("", False))
            if not there and not lost and not scene.spooled(company, one.sha256):
                raise Violation("a loss is not reported", f"{one.kind} {one.id} of {company}: {one.sha256}")
            if lost and how == "missing" and len(there) == len(scene.copies()):
                raise Violation("what is there is told as lost", f"{one.kind} {one.id} of {company}: {one.sha256}")


def erased_is_gone(scene: Scene) -> None:
    """What was erased for good, once every order is obeyed: in no copy, catalogue included, not in the spool, not in
    what is published, not in the rows."""
    for company in scene.companies:
        orders = scene.orders[company]
        if not orders.traces or scene.premises.rows.orders(company):
            continue
        told = scene.premises.rows.in_ledger(company)  # which keeps, of what was lost, whose it was
        traces = [trace.encode() for trace in sorted((orders.traces | (orders.objects - orders.sent)) - told)]
        for folder in (*(copy.folder for copy in scene.copies()), scene.premises.spool, scene.premises.published):
            for file in _of(company, folder):
                text = file.name.encode() + (file.read_bytes() if file.parent.name == "catalogue" else b"")
                if found := [trace for trace in traces if trace in text]:
                    raise Violation("what was erased is there", f"{found[0].decode()} in {file}")


def _of(company: str, folder: Path) -> list[Path]:
    own = folder / "companies" / company
    return truth.files(own if own.is_dir() else folder / company if (folder / company).is_dir() else folder)
