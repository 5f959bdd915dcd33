"""What a sweep, a scrub and a publication must have done, as far as the disks let them."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from tests.model import promises, truth
from tests.model.scene import Scene, Violation
from tests.model.truth import Registered

Has = Callable[[Path, bytes], bool]


def there_again(scene: Scene) -> None:
    """After a sweep: what can be had is, by name and size, in every copy that takes writes. What only a frozen copy
    has waits for the operator: it can be read, and is told as lost."""
    _everywhere(scene, truth.has_size, "what was missing is not brought back")


def whole_again(scene: Scene) -> None:
    """After a scrub: the same, byte for byte, with its sidecar."""
    _everywhere(scene, truth.has, "what was damaged is not made whole")
    for copy in [copy for copy in scene.copies() if scene.takes(copy)]:
        for company, sha256 in scene.in_use():
            file = truth.object_in(copy.folder, company, sha256)
            if file.exists() and not _tells(file, sha256) and _sidecars(scene, company, sha256):
                raise Violation("an object has no sidecar", f"{file}")


def _sidecars(scene: Scene, company: str, sha256: str) -> list[Registered]:
    proving = [copy for copy in scene.copies() if scene.proves(copy)]
    return [copy for copy in proving if _tells(truth.object_in(copy.folder, company, sha256), sha256)]


def _tells(file: Path, sha256: str) -> bool:
    """Whether the object's sidecar is whole."""
    try:
        return bool(json.loads(file.with_suffix(".json").read_bytes())["sha256"] == sha256)
    except (OSError, ValueError, KeyError):
        return False


def _everywhere(scene: Scene, has: Has, what: str) -> None:
    taking = [copy for copy in scene.copies() if scene.takes(copy)]
    for company, sha256 in scene.in_use():
        lacking = [
            copy.name
            for copy in taking
            if not has(truth.object_in(copy.folder, company, sha256), scene.sounds[sha256].kept)
        ]
        if lacking and scene.can_be_had(company, sha256):
            raise Violation(what, f"{sha256} of {company} in copies {lacking}")


async def told_corrupt(scene: Scene) -> None:
    """After a scrub: what can be had nowhere is in the ledger, and its message is not told to be well."""
    for company, book in scene.books.items():
        lines = scene.premises.rows.losses(company)
        lost = [one for one in book.recordings.values() if not scene.is_held(company, one.sha256)]
        for one in lost:
            if not lines.get(one.id, ("", False))[1]:
                raise Violation("a loss is not reported by a scrub", f"{one.kind} {one.id}: {one.sha256}")
        if lost:
            states = {view.id: view.state for view in await scene.premises.library.messages.all(company)}
            for one in lost:
                if one.id in book.current.values() and states.get(one.owner) in ("ok", "stand-in"):
                    raise Violation("a message whose audio is gone is told to be well", one.owner)


async def own_is_heard(scene: Scene) -> None:
    """After a publication: whoever is placed and can be had is heard with its own recording."""
    for company, book in scene.books.items():
        for slot, message in book.places.items():
            for lang in ("sv", "en"):
                version = book.current.get((message or "", lang))
                playable = await promises.place_plays(scene, company, slot, lang)
                if version is None or message in book.deleted:
                    continue
                held = scene.is_held(company, book.recordings[version].sha256)
                if held and playable.heard != "own":
                    raise Violation("what can be had is not heard", f"{slot} of {company} in {lang}: {playable}")


def _entry_in(entry: Path) -> str | None:
    """SHA-256 of its body, if its first line says the same."""
    try:
        head, _, body = entry.read_bytes().partition(b"\n")
    except OSError:
        return None
    sha = hashlib.sha256(body).hexdigest()
    return sha if head == b"vaxel-catalogue 1 " + sha.encode() else None


def rebuilds(scene: Scene, company: str, copy: Registered) -> bool:
    """Whether its catalogue reaches, without a gap, from its newest image to the database's last entry."""
    folder = truth.catalogue_in(copy.folder, company)
    known = scene.premises.rows.entries(company)
    number = max(known, default=0)
    while number:
        if number not in known or _entry_in(folder / f"{number:012d}") != known[number][1]:
            return False
        if known[number][2] == "image":
            return True
        number -= 1
    return True
