"""Files hashed or compared as they are read, in a buffer that each thread keeps: memory does not grow with the file."""

import hashlib
import threading
from io import RawIOBase

_READ = 1 << 20
_kept = threading.local()


def sha256_of(file: RawIOBase) -> tuple[str, int]:
    """(hex, bytes read) from here to its end. An unbuffered file is read without a copy between."""
    hashed, size, buffer = hashlib.sha256(), 0, _buffer()
    while count := file.readinto(buffer):
        hashed.update(buffer[:count])
        size += count
    return hashed.hexdigest(), size


def is_the_same(file: RawIOBase, data: bytes) -> bool:
    """Whether from here to its end there are these bytes and no more."""
    at, buffer = 0, _buffer()
    while count := file.readinto(buffer):
        if not data.startswith(buffer[:count], at):  # compares in place, as fast as the memory
            return False
        at += count
    return at == len(data)


def _buffer() -> memoryview:
    if not hasattr(_kept, "buffer"):
        _kept.buffer = memoryview(bytearray(_READ))
    buffer: memoryview = _kept.buffer
    return buffer
