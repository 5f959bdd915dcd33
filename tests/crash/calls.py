"""The system calls that change what is on a disk, and what each is about."""

import os
from dataclasses import dataclass
from pathlib import Path

from tests.crash.seccomp import Asked, machine, memory_of

_HERE = -100 & 0xFFFFFFFF
_LONGEST_PATH = 4096


@dataclass(frozen=True, slots=True)
class _Shape:
    """`file`: the argument that is an open file. `paths`: arguments that are paths, each with the one that is the
    folder it begins in (None: where the process is). `flags`: of a call that may make a file."""

    kind: str
    file: int | None = None
    paths: tuple[tuple[int | None, int], ...] = ()
    size: int | None = None
    flags: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """`path`: what is written, synced, made or removed, or what it gets as its new name. `old`: the name before."""

    kind: str
    name: str
    path: str
    old: str = ""
    size: int = 0

    @property
    def disk(self) -> str:
        """Each copy, the spool, the published tree and what lies beside them are thought to lie on one of their own."""
        return self.path.partition("/")[0] if "/" in self.path else ""

    def __str__(self) -> str:
        return f"{self.name} {self.path}" if not self.old else f"{self.name} {self.old} to {self.path}"


_SHAPES = {
    "write": _Shape("write", file=0, size=2),
    "pwrite64": _Shape("write", file=0, size=2),
    "writev": _Shape("write", file=0),
    "pwritev": _Shape("write", file=0),
    "pwritev2": _Shape("write", file=0),
    "sendfile": _Shape("write", file=0),
    "copy_file_range": _Shape("write", file=2),
    "fallocate": _Shape("write", file=0),
    "ftruncate": _Shape("truncate", file=0),
    "fsync": _Shape("sync", file=0),
    "fdatasync": _Shape("sync", file=0),
    "rename": _Shape("rename", paths=((None, 0), (None, 1))),
    "renameat": _Shape("rename", paths=((0, 1), (2, 3))),
    "renameat2": _Shape("rename", paths=((0, 1), (2, 3))),
    "link": _Shape("link", paths=((None, 0), (None, 1))),
    "linkat": _Shape("link", paths=((0, 1), (2, 3))),
    "unlink": _Shape("unlink", paths=((None, 0),)),
    "unlinkat": _Shape("unlink", paths=((0, 1),)),
    "truncate": _Shape("truncate", paths=((None, 0),)),
    "rmdir": _Shape("unlink", paths=((None, 0),)),
    "mkdir": _Shape("make", paths=((None, 0),)),
    "mkdirat": _Shape("make", paths=((0, 1),)),
    "open": _Shape("make", paths=((None, 0),), flags=1),
    "openat": _Shape("make", paths=((0, 1),), flags=2),
}
_NUMBERS = {
    "x86_64": {
        "write": 1, "pwrite64": 18, "writev": 20, "pwritev": 296, "pwritev2": 328, "sendfile": 40,
        "copy_file_range": 326, "fallocate": 285, "ftruncate": 77, "truncate": 76, "fsync": 74, "fdatasync": 75,
        "rename": 82, "renameat": 264, "renameat2": 316, "link": 86, "linkat": 265, "unlink": 87, "unlinkat": 263,
        "rmdir": 84, "mkdir": 83, "mkdirat": 258, "open": 2, "openat": 257,
    },
    "aarch64": {
        "write": 64, "pwrite64": 68, "writev": 66, "pwritev": 70, "pwritev2": 287, "sendfile": 71,
        "copy_file_range": 285, "fallocate": 47, "ftruncate": 46, "truncate": 45, "fsync": 82, "fdatasync": 83,
        "renameat": 38, "renameat2": 276, "linkat": 37, "unlinkat": 35, "mkdirat": 34, "openat": 56,
    },
}  # fmt: skip


def numbers() -> tuple[list[int], list[tuple[int, int]]]:
    """For `seccomp.listen`: all of them; those that open, with the argument that holds the flags."""
    here = _NUMBERS[machine()].items()
    opening = [(number, flags) for name, number in here if (flags := _SHAPES[name].flags) is not None]
    return [number for name, number in here if _SHAPES[name].flags is None], opening


class Calls:
    """What is asked, made readable; only what is about `root` matters here."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._by_number = {number: (name, _SHAPES[name]) for name, number in _NUMBERS[machine()].items()}

    def about(self, asked: Asked) -> Call | None:
        """None for what is not about a file in `root`, and for the opening of one that is there and stays as it is.
        Paths are told from `root` on. Raises OSError where the caller has gone."""
        name, shape = self._by_number[asked.number]
        if shape.file is not None:
            paths = [str(Path(f"/proc/{asked.thread}/fd/{asked.arguments[shape.file] & 0xFFFFFFFF}").readlink())]
        else:
            paths = [_path(asked, folder, at) for folder, at in shape.paths]
        if not f"{paths[-1]}/".startswith(f"{self._root}/"):
            return None
        kind = shape.kind
        if shape.flags is not None and os.path.lexists(paths[-1]):
            if not asked.arguments[shape.flags] & os.O_TRUNC:
                return None
            kind = "truncate"
        *old, path = (os.path.relpath(one, self._root) for one in paths)
        size = asked.arguments[shape.size] if shape.size is not None else 0
        return Call(kind, name, path, old[0] if old else "", size)


def _path(asked: Asked, folder: int | None, at: int) -> str:
    path = _text(asked.thread, asked.arguments[at])
    if path.startswith("/"):
        return path
    begins = _HERE if folder is None else asked.arguments[folder] & 0xFFFFFFFF
    where = "cwd" if begins == _HERE else f"fd/{begins}"
    return os.path.normpath(Path(f"/proc/{asked.thread}/{where}").readlink() / path)


def _text(thread: int, address: int) -> str:
    """What the process has there, as far as its NUL."""
    return os.fsdecode(memory_of(thread, address, _LONGEST_PATH).split(b"\0", 1)[0])
