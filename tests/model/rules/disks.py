"""What happens to the disks: in a copy, to a copy, and to what is published."""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.model import truth
from tests.model.copies import Mode
from tests.model.rules.rule import one_of, rule
from tests.model.scene import Scene
from tests.model.truth import Registered

Harm = Callable[[Path], object]
Change = Callable[[bytes], bytes]
_FAILURES: tuple[Mode, ...] = ("full", "read-only", "broken", "slow")


@rule(5)
async def object_missing(scene: Scene, rng: Random) -> str | None:
    return _harm(scene, rng, lambda file: file.unlink())


@rule(3.5)
async def object_cut(scene: Scene, rng: Random) -> str | None:
    """Shorter than it was, or empty."""
    cut = rng.choice((0.0, 0.5, 0.99))
    return _harm(scene, rng, lambda file: _rewrite(file, lambda data: data[: int(len(data) * cut)]))


@rule(5)
async def bit_flipped(scene: Scene, rng: Random) -> str | None:
    at, bit = rng.random(), 1 << rng.randrange(8)
    return _harm(scene, rng, lambda file: _flip(file, at, bit))


@rule(2)
async def sidecar_harmed(scene: Scene, rng: Random) -> str | None:
    copy = _copy(scene, rng)
    found = sorted(copy.folder.rglob("*/objects/*/*.json")) if copy else []
    file = one_of(rng, found)
    if file is None:
        return None
    if rng.random() < 0.5:
        file.unlink()
    else:
        _flip(file, 0.0, 1)
    return str(file)


@rule(2.5)
async def entry_harmed(scene: Scene, rng: Random) -> str | None:
    """An entry of the catalogue that another copy has whole, or the database."""
    copy, of = _copy(scene, rng), rng.choice(scene.companies)
    entries = truth.files(truth.catalogue_in(copy.folder, of)) if copy else []
    file = one_of(rng, entries)
    if file is None or not _elsewhere(scene, of, file):
        return None
    if rng.random() < 0.4:
        file.unlink()
    else:
        _flip(file, rng.random(), 1 << rng.randrange(8))
    return str(file)


@rule(0.6)
async def copy_emptied(scene: Scene, rng: Random) -> str | None:
    """Everything in it is deleted, with its mark or without."""
    copy, marked = _copy(scene, rng), rng.random() < 0.5
    if copy is None or not may_lose(scene, copy):
        return None
    for path in copy.folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif not marked:
            path.unlink()
    return f"copy {copy.name}, its mark {'stays' if marked else 'too'}"


@rule(1)
async def unmounted(scene: Scene, rng: Random) -> str | None:
    """The disk of a copy is gone, and its folder or an empty one is left."""
    copy, bare = _copy(scene, rng), rng.random() < 0.5
    if copy is None or copy.folder in scene.away or not may_lose(scene, copy):
        return None
    aside = scene.premises.root / f"unmounted-{copy.folder.name}"
    copy.folder.rename(aside)
    scene.away[copy.folder] = aside
    if bare:
        copy.folder.mkdir()
    return f"copy {copy.name}, its folder {'is empty' if bare else 'too'}"


@rule(2)
async def mounted(scene: Scene, rng: Random) -> str | None:
    folder = one_of(rng, sorted(scene.away))
    return None if folder is None else mount(scene, folder)


def mount(scene: Scene, folder: Path) -> str:
    """Not over one that the operator has had filled in its place: then that disk is used no more."""
    aside = scene.away.pop(folder)
    if truth.mark_in(folder) is not None:
        shutil.rmtree(aside)
        return f"{folder} was filled meanwhile"
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)
    return str(folder)


@rule(0.3)
async def swapped(scene: Scene, rng: Random) -> str | None:
    """Two disks are mounted each in the other's place, or put right again."""
    copies = [copy for copy in scene.copies() if copy.folder not in scene.away and copy.folder.is_dir()]
    if len(copies) < 2:
        return None
    one, other = rng.sample(copies, 2)
    swap(one.folder, other.folder)
    return f"copies {one.name} and {other.name}"


def swap(one: Path, other: Path) -> None:
    aside = one.with_name("swapping")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


@rule(2.5)
async def disk_fails(scene: Scene, rng: Random) -> str | None:
    copy, mode = _copy(scene, rng), rng.choice(_FAILURES)
    if copy is None or (mode in ("broken", "slow") and not may_lose(scene, copy)):
        return None
    await recover(scene, copy.folder)
    scene.premises.make(copy.folder).mode = mode
    return f"copy {copy.name} is {mode}"


@rule(4)
async def disk_recovers(scene: Scene, rng: Random) -> str | None:
    folder = one_of(rng, sorted(path for path, copy in scene.premises.frail.items() if copy.mode != "well"))
    if folder is None:
        return None
    await recover(scene, folder)
    return str(folder)


async def recover(scene: Scene, folder: Path) -> None:
    scene.premises.make(folder).mode = "well"
    await scene.late()


@rule(2.5)
async def published_harmed(scene: Scene, rng: Random) -> str | None:
    file = one_of(rng, truth.files(scene.premises.published))
    if file is None:
        return None
    if rng.random() < 0.5:
        file.unlink()
    else:
        file.write_bytes(b"")
    return str(file)


@rule(0.2)
async def published_removed(scene: Scene, rng: Random) -> str | None:
    shutil.rmtree(scene.premises.published, ignore_errors=True)
    return "all of it"


@rule(0.2)
async def progress_lost(scene: Scene, rng: Random) -> str | None:
    (scene.premises.root / "proof.json").unlink(missing_ok=True)
    return "how far the proof had come"


def _copy(scene: Scene, rng: Random) -> Registered | None:
    return one_of(rng, [copy for copy in scene.copies() if copy.folder.is_dir()])


def _harm(scene: Scene, rng: Random, how: Harm) -> str | None:
    """An object that is in use, in one copy; if need be one that is whole elsewhere too."""
    copy, used = _copy(scene, rng), one_of(rng, scene.in_use())
    if copy is None or used is None:
        return None
    file = truth.object_in(copy.folder, *used)
    if not file.exists() or (scene.safe and not scene.is_held(*used, copy.name)):
        return None
    how(file)
    return f"{used[1][:8]} of {used[0]} in copy {copy.name}"


async def put_right(scene: Scene, copy: Registered) -> None:
    """Its disk works, and is mounted where it belongs."""
    if copy.folder in scene.away:
        mount(scene, copy.folder)
    await recover(scene, copy.folder)
    for _ in range(len(scene.copies()) + len(scene.retired)):  # what comes from there may belong elsewhere again
        home = _home(scene, copy)
        if home is None or not home.is_dir() or home in scene.away:
            break
        swap(copy.folder, home)


def _home(scene: Scene, copy: Registered) -> Path | None:
    """Where what lies in its place belongs, if that is another copy's place, or a retired one's."""
    mark = truth.mark_in(copy.folder)
    homes = [other.folder for other in scene.copies() if other.mark == mark and other.name != copy.name]
    return homes[0] if homes else scene.retired.get(mark)


def may_lose(scene: Scene, copy: Registered) -> bool:
    """Whether nothing would be in no copy without it."""
    return not scene.safe or all(scene.is_held(*used, copy.name) for used in scene.in_use())


def _elsewhere(scene: Scene, of: str, entry: Path) -> bool:
    if int(entry.name) in scene.premises.rows.entries(of):
        return True
    data = entry.read_bytes()
    return any(
        truth.has(truth.catalogue_in(copy.folder, of) / entry.name, data)
        for copy in scene.copies()
        if scene.reads(copy) and not entry.is_relative_to(copy.folder)
    )


def _rewrite(file: Path, change: Change) -> None:
    file.chmod(0o600)
    file.write_bytes(change(file.read_bytes()))


def _flip(file: Path, at: float, bit: int) -> None:
    def flipped(data: bytes) -> bytes:
        place = int(len(data) * at)
        return data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]

    if file.stat().st_size:
        _rewrite(file, flipped)
