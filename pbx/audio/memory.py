"""Memory that was needed for a moment goes back to the system: the C library would keep it, up to 64 MB a thread."""

import contextlib
import ctypes
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # as malloc.h numbers them
_LARGE = 4 << 20


@cache
def large_blocks_go_back() -> None:
    """From now on, in this process: blocks of 4 MB and more when they are let go of, others when 8 MB lie idle."""
    with contextlib.suppress(AttributeError, OSError):  # another C library
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, 2 * _LARGE)


def give_back() -> None:
    """What lies idle in between. Takes some milliseconds: in a thread."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
