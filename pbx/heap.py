"""The C library's heap: what was needed for a moment goes back to the system. Left alone it keeps up to 64 MB for each
thread, and a process that works in a dozen of them grows for hours without a leak."""

import contextlib
import ctypes
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # as malloc.h numbers them
_LARGE = 1 << 20
# Python's own objects do not come from it, so hardly anybody waits for another.
_ARENAS = 2


@cache
def keep_little() -> None:
    """From now on, in this process: blocks of 1 MB and more go back when they are let go of, others when 2 MB lie idle
    at an arena's end. Early: an arena that a thread has got stays."""
    with contextlib.suppress(AttributeError, OSError):  # another C library
        library = ctypes.CDLL(None)
        library.mallopt(_ARENA_MAX, _ARENAS)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, 2 * _LARGE)


def give_back() -> None:
    """What lies idle in between. Takes some milliseconds: in a thread."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
