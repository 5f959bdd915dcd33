"""What is left when the power fails: of every file what was synced, of every folder the names that were synced.

A kill leaves all that was written, since the kernel keeps it. A power cut, at worst, leaves nothing that nobody waited
for; so this remembers what was synced, and makes the files so.
"""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.calls import Call

Names = dict[str, int]
"""Of a folder: names, and the inode that each is of."""


@dataclass
class Disk:
    """Told of each call before it is made. `hasty`: a name that is removed is gone at once, which may well be.
    `synced`: by inode, what of it is on the disk; None: as it is now, since nobody has written it. `held`: files that
    have lost a name, kept open so that what they hold can still be had."""

    root: Path
    hasty: bool = False
    names: dict[str, Names] = field(default_factory=dict)
    synced: dict[int, bytes | None] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)

    def begin(self) -> None:
        """All that is there now lies on the disk; only the first time, since a kill is no reason to believe that."""
        if self.names:
            return
        for folder, _, files in os.walk(self.root):
            self.names[folder] = _names(Path(folder))
            self.synced |= dict.fromkeys((self.names[folder][file] for file in files), None)

    def about(self, call: Call) -> None:
        path = self.root / call.path
        if call.kind in ("write", "truncate"):
            self._written(path)
        elif call.kind == "sync" and path.is_dir():
            self.names[str(path)] = _names(path)
        elif call.kind == "sync" and path.exists():
            self.synced[path.stat().st_ino] = path.read_bytes()
        elif call.kind in ("unlink", "rename") and path.is_file():
            self._hold(path)
            if self.hasty and call.kind == "unlink":
                self.names.get(str(path.parent), {}).pop(path.name, None)

    def cut(self) -> None:
        """The files are made so. The index that SQLite keeps in memory is gone."""
        there = {
            Path(folder, name).lstat().st_ino: Path(folder, name)
            for folder, _, names in os.walk(self.root)
            for name in names
        }
        left = self.root.with_name("left")
        self._folder(self.root, left, there)
        for opened in self.held.values():
            os.close(opened)
        shutil.rmtree(self.root)
        left.rename(self.root)

    def _hold(self, path: Path) -> None:
        inode = path.stat().st_ino
        if inode not in self.held:
            self.held[inode] = os.open(path, os.O_RDONLY)

    def _written(self, path: Path) -> None:
        """What was there before it is written first is what is on the disk of it."""
        if not path.exists():
            return
        inode = path.stat().st_ino
        if self.synced.get(inode, b"") is None:
            self.synced[inode] = path.read_bytes()

    def _folder(self, folder: Path, to: Path, there: dict[int, Path]) -> None:
        to.mkdir(mode=0o700)
        for name, inode in self.names.get(str(folder), {}).items():
            if str(folder / name) in self.names or (folder / name).is_dir():
                self._folder(folder / name, to / name, there)
            elif not name.endswith("-shm"):
                (to / name).write_bytes(self._content(inode, there))

    def _content(self, inode: int, there: dict[int, Path]) -> bytes:
        synced = self.synced.get(inode, b"")
        if synced is not None:
            return synced
        if inode in there:
            return there[inode].read_bytes()
        os.lseek(self.held[inode], 0, os.SEEK_SET)
        with open(self.held[inode], "rb", closefd=False) as file:
            return file.read()


def _names(folder: Path) -> Names:
    return {entry.name: entry.inode() for entry in os.scandir(folder)}
