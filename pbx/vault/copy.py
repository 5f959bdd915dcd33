"""What a copy of the vault can do. Writing is believed only after reading back."""

from collections.abc import Iterable, Mapping
from io import RawIOBase
from pathlib import PurePath
from typing import Protocol


class Copy(Protocol):
    """Files under relative paths, written whole or not at all; names that begin with a dot are nobody's. All functions
    block, and raise OSError when the copy cannot be reached."""

    def put(self, folder: PurePath, files: Mapping[str, bytes]) -> None:
        """All are safe when it returns, read back and compared; none appears before those ahead of it. A file that is
        there already stays as it is if it is the same, and is replaced if it is not. Raises NotWritten."""

    def create(self, folder: PurePath, files: Mapping[str, bytes]) -> None:
        """Each file that is not there; what is there stays, whatever is in it. Safe when it returns."""

    def open(self, path: PurePath) -> RawIOBase:
        """For reading. FileNotFoundError (or NotADirectoryError) if it is not there."""

    def size(self, path: PurePath | str) -> int | None:
        """In bytes; None if it is not there. A path as text is quicker, which counts for 20,000 at a time."""

    def names(self, folder: PurePath) -> list[str]:
        """Files and folders in it, in no order; none if it is not there."""

    def remove(self, folder: PurePath, names: Iterable[str]) -> None:
        """Gone for good when it returns; what was not there is no error."""

    def free(self) -> int:
        """Bytes that can still be written; 0 where it is read-only."""
