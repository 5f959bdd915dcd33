"""A zip that anybody may have made: read without believing what it says of itself.

Nothing is ever unpacked to disk and no name in it becomes a path. What it says of its own size is held against limits
before anything is read, and what is read is held against what it said.
"""

import stat
import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType

from pbx.errors import Refused

MOST_FILES = 100_000
LARGEST_MANIFEST = 32 << 20
LARGEST_DIRECTORY = 16 << 20
LARGEST_TOTAL = 64 << 30
MOST_RATIO = 100
"""Speech becomes a third smaller, silence a thousand times: on the whole, no company's recordings come near."""
_ALWAYS = 512 << 20  # so much may be in any zip: a few recordings may be nearly all silence

_END, _LOCATOR, _END_64 = struct.Struct("<4s4H2LH"), struct.Struct("<4sLQL"), struct.Struct("<4sQ2H2L4Q")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error)


class Archive:
    """Blocks: use it in a thread. A context; Refused: `archive-unreadable`, `archive-too-big`."""

    def __init__(self, path: Path) -> None:
        try:
            self._size = path.stat().st_size
            _check_directory(path, self._size)
            self._zip = zipfile.ZipFile(path)
        except (OSError, *_BROKEN) as error:
            raise Refused("archive-unreadable", str(error)[:80]) from None
        try:
            self._files = _checked(self._zip.infolist(), self._size)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def read(self, name: str, limit: int) -> bytes:
        """All of that file. Refused: `archive-file` if there is none or it is damaged, `archive-too-big` beyond
        `limit` bytes."""
        info = self._files.get(name)
        if info is None:
            raise Refused("archive-file", name[:80])
        if info.file_size > limit:
            raise Refused("archive-too-big", name[:80])
        try:
            with self._zip.open(info) as file:
                data = file.read(info.file_size + 1)
        except (OSError, *_BROKEN):
            raise Refused("archive-file", name[:80]) from None
        if len(data) != info.file_size:
            raise Refused("archive-file", name[:80])
        return data


def _checked(infos: list[zipfile.ZipInfo], size: int) -> dict[str, zipfile.ZipInfo]:
    """By name. Refused for what no zip of ours is, and nobody needs: links, passwords, other ways of packing, two files
    of one name, files that lie upon each other, and far more than there is room for."""
    if len(infos) > MOST_FILES:
        raise Refused("archive-too-big", f"{len(infos)} files")
    files: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        mode = info.external_attr >> 16
        if info.is_dir():
            continue
        if info.filename in files or info.flag_bits & 0x41 or (mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode)):
            raise Refused("archive-unreadable", info.filename[:80])
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Refused("archive-unreadable", info.filename[:80])
        files[info.filename] = info
    total = sum(info.file_size for info in files.values())
    if total > min(LARGEST_TOTAL, MOST_RATIO * size + _ALWAYS):
        raise Refused("archive-too-big", f"{total >> 20} MB")
    if sum(info.compress_size for info in files.values()) > size:
        raise Refused("archive-too-big")
    return files


def _check_directory(path: Path, size: int) -> None:
    """How long its list of files is, before all of that is read into memory. ValueError for what is no zip, or one
    with a comment at its end, which ours have not."""
    with path.open("rb") as file:
        room = _END.size + _LOCATOR.size + _END_64.size
        file.seek(max(0, size - room))
        tail = file.read(room).rjust(room, b"\0")
    sign, _, _, _, count, length, _, comment = _END.unpack(tail[-_END.size :])
    if sign != b"PK\x05\x06" or comment:
        raise ValueError("no zip")
    if tail[_END_64.size :][:4] == b"PK\x06\x07":
        locator = _LOCATOR.unpack(tail[_END_64.size : -_END.size])
        large = _END_64.unpack(tail[: _END_64.size])
        if large[0] != b"PK\x06\x06" or locator[2] != size - room:
            raise ValueError("no zip")
        count, length = large[7], large[8]
    if count > MOST_FILES or length > LARGEST_DIRECTORY:
        raise Refused("archive-too-big", f"{count} files")
