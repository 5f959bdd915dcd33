"""The folder from which Asterisk plays the operator's own phrases: `<language>/<key>.<extension>`."""

import hashlib
from pathlib import Path

from pbx.audio import rendition
from pbx.library.own.notes import Name
from pbx.phrases import EXTENSIONS, whole

MASTER = "flac"
_FILES = (*EXTENSIONS, MASTER)  # the recording itself comes last, and so proves that the others are made of it


class OwnFolder:
    """All functions block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> set[Name]:
        """Of all whose recording is there."""
        return {(file.parent.name, file.stem) for file in self._folder.glob(f"*/[!.]*.{MASTER}")}

    def master(self, name: Name) -> bytes | None:
        """The recording; None if it is not there, or the files that are played are not whole."""
        *played, master = self._files(name)
        try:
            return master.read_bytes() if whole(played[0].with_suffix("")) else None
        except OSError:
            return None

    def has_any(self, name: Name) -> bool:
        return any(file.exists() for file in self._files(name))

    def is_of(self, name: Name, recording: str) -> bool:
        """Whether all files are there, made of that recording."""
        data = self.master(name)
        return data is not None and hashlib.sha256(data).hexdigest() == recording

    def write(self, name: Name, files: dict[str, bytes]) -> None:
        """By extension, MASTER among them. Raises OSError."""
        base = self._folder / name[0] / name[1]
        rendition.write_files(base, {extension: files[extension] for extension in _FILES})
        for path in (self._folder, base.parent, *self._files(name)):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))  # Asterisk is another user

    def remove(self, name: Name) -> bool:
        """False if nothing was there."""
        there = self.has_any(name)
        for file in self._files(name):
            file.unlink(missing_ok=True)
        return there

    def _files(self, name: Name) -> list[Path]:
        return [self._folder / name[0] / f"{name[1]}.{extension}" for extension in _FILES]
