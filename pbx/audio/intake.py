"""A file that somebody hands in: read once, by its bytes alone, never more of it than may be."""

import errno
import os
import stat
from pathlib import Path

from pbx.errors import Refused

_PIECE = 1 << 20


def read(path: Path, most: int) -> bytes:
    """All of an ordinary file of at most `most` bytes. It blocks as long as the disk does, and never on a pipe.

    Refused: `upload-missing`, `upload-link`, `upload-folder`, `upload-no-file` (a device, pipe or socket),
    `upload-unreadable`, `upload-name` (a name that no file can have), `upload-empty`, `upload-too-big`.
    """
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _why_not(path, error) from None
    try:
        mode = os.fstat(opened).st_mode
        if stat.S_ISDIR(mode):
            raise Refused("upload-folder", path.name)
        if not stat.S_ISREG(mode):
            raise Refused("upload-no-file", path.name)
        data = _up_to(opened, most + 1)
    except OSError as error:
        raise Refused("upload-unreadable", f"{path.name}: {error.strerror}") from None
    finally:
        os.close(opened)
    if not data:
        raise Refused("upload-empty", path.name)
    if len(data) > most:
        raise Refused("upload-too-big", f"{path.name}: > {most / _PIECE:.0f} MiB")
    return data


def _up_to(opened: int, most: int) -> bytes:
    data = bytearray()
    while len(data) < most and (piece := os.read(opened, min(_PIECE, most - len(data)))):
        data += piece
    return bytes(data)


def _why_not(path: Path, error: OSError | ValueError) -> Refused:
    if isinstance(error, ValueError) or error.errno == errno.ENAMETOOLONG:  # a NUL is in it
        return Refused("upload-name")
    if path.is_symlink():
        return Refused("upload-link", path.name)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Refused("upload-missing", path.name)
    return Refused("upload-unreadable", f"{path.name}: {error.strerror}")
