"""A take of 30 s into the vault against writing the same bytes to the same two folders.

Plain: a file in each folder, written and synced, and its folder synced; in one folder after the other, or in both at
once. `vault.put` does more: it hashes, writes object and sidecar under other names, syncs both, renames them, syncs the
folder, reads both back and compares, in every copy, the copies at once. What the same steps cost as bare system calls,
also in both at once, tells how much of that a program could save at all. `takes.keep` is all that happens until "saved"
is said: judged, encoded, put, published in four codecs, rows, and the rows' entry in the catalogue of every copy.
"""

import asyncio
import contextlib
import hashlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks import large
from benchmarks.measuring import Spread, Times, alternately, ratio
from benchmarks.results import Report, Row
from pbx.audio import flac
from pbx.audio.pcm import Pcm
from pbx.store.values import Take
from pbx.vault.layout import object_name
from tests.audio.takes import telephone_speech
from tests.library.house import House

SECONDS = 30.0
_SIDECAR = b"." * 500


async def measure(room: Path, quick: bool) -> Report:
    house = await large.opened(room)
    speech = telephone_speech("a take", SECONDS)
    for small in _one_for_each_folder():  # which costs more the first time
        await house.vault.put(house.world.exempel.id, small, {})
    with ThreadPoolExecutor(2) as threads:
        putting = await _putting(house, flac.encode(speech), threads, 10 if quick else 150)
    keeping = await _keeping(house, speech, 2 if quick else 12)
    await large.closed(house)
    return _report(len(flac.encode(speech)), putting, keeping)


def _report(size: int, putting: dict[str, Times], keeping: dict[str, Times]) -> Report:
    plain, keep = putting["plain"].wall, keeping["keep"].wall
    put, steps = putting["put"].wall, putting["steps"].wall
    bytes_ = f"{size / 1000:.0f} kB"
    rows = [
        Row(f"commit of a 30 s take ({bytes_})", _ms(put), "write and fsync, one folder after the other",
            ratio(put, plain), "≤ 1.5"),
        Row("the same", _ms(put), "write and fsync, both folders at once", ratio(put, putting["both"].wall), "≤ 1.5"),
        Row("its steps as bare system calls", _ms(steps), "write and fsync, both folders at once",
            ratio(steps, putting["both"].wall)),
        Row("keep it: until “saved” is said", _ms(keep), "write and fsync, one folder after the other",
            ratio(keep, keeping["plain"].wall)),
    ]  # fmt: skip
    measured = {
        f"{name} ms by {clock}": Spread.of([1000 * value for value in values])
        for name, times in {**putting, "keep": keeping["keep"]}.items()
        for clock, values in (("wall", times.wall), ("cpu", times.cpu))
    }
    return Report(rows, measured)


def _one_for_each_folder() -> Iterable[bytes]:
    found: dict[str, bytes] = {}
    numbers = itertools.count()
    while len(found) < 256:
        small = b"%d" % next(numbers)
        found.setdefault(hashlib.sha256(small).hexdigest()[:2], small)
    return found.values()


async def _putting(house: House, data: bytes, threads: ThreadPoolExecutor, rounds: int) -> dict[str, Times]:
    company, names = house.world.exempel.id, iter(range(10**9))
    folders = [(copy / object_name(company, "ab" * 32)).parent for copy in house.copies]

    async def fresh(name: str) -> bytes:
        return data[:-8] + next(names).to_bytes(8, "big")

    loop = asyncio.get_running_loop()

    async def plain(given: bytes) -> None:
        await loop.run_in_executor(threads, _plain, folders, given)

    async def in_both(work: Callable[[Sequence[Path], bytes], None], given: bytes) -> None:
        await asyncio.gather(*(loop.run_in_executor(threads, work, [folder], given) for folder in folders))

    async def both(given: bytes) -> None:
        await in_both(_plain, given)

    async def steps(given: bytes) -> None:
        await in_both(_steps, given)

    async def put(given: bytes) -> None:
        await house.vault.put(company, given, {"purpose": "to be measured", "script": "." * 200})

    return await alternately({"plain": plain, "put": put, "both": both, "steps": steps}, fresh, rounds)


async def _keeping(house: House, speech: Pcm, rounds: int) -> dict[str, Times]:
    said = iter(range(10**9))

    async def spoken(name: str) -> Take:
        take = await house.greeting()
        house.write(take.file, np.roll(speech, 16 * next(said)))
        return take

    async def plain(take: Take) -> None:
        data = (house.spool / take.file).read_bytes()
        await asyncio.to_thread(_plain, house.copies, data[: len(data) // 2])  # as long as its FLAC, more or less

    async def keep(take: Take) -> None:
        if not (await house.keep(take)).ok:
            raise RuntimeError("not kept")

    return await alternately({"plain": plain, "keep": keep}, spoken, rounds)


def _plain(folders: Sequence[Path], data: bytes) -> None:
    for folder in folders:
        with _opened(folder / f"plain-{os.urandom(8).hex()}", os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
            os.write(file, data)
            os.fsync(file)
        _sync(folder)


def _steps(folders: Sequence[Path], data: bytes) -> None:
    for folder in folders:
        name = f"{folder}/steps-{os.urandom(8).hex()}"
        files = {f"{name}.json": _SIDECAR, name: data}
        with contextlib.ExitStack() as opened:
            for path, content in files.items():
                file = opened.enter_context(_opened(f"{path}.new", os.O_WRONLY | os.O_CREAT | os.O_EXCL))
                os.write(file, content)
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
                opened.callback(os.fsync, file)
        for path in files:
            os.rename(f"{path}.new", path)  # noqa: PTH104
        _sync(folder)
        for path, content in files.items():
            with _opened(path, os.O_RDONLY) as file:
                if os.read(file, len(content) + 1) != content:
                    raise RuntimeError(path)


def _sync(folder: Path) -> None:
    with _opened(folder, os.O_RDONLY | os.O_DIRECTORY) as file:
        os.fsync(file)


@contextlib.contextmanager
def _opened(path: Path | str, flags: int) -> Iterator[int]:
    file = os.open(path, flags, 0o400)
    try:
        yield file
    finally:
        os.close(file)


def _ms(values: list[float]) -> str:
    return f"{1000 * Spread.of(values).median:.1f} ms"
