"""System calls of a process that wait for another's word: seccomp's user notification, by the C library alone.

strace counts the n-th call of each thread by itself; with a pool of threads the n-th of the process is not to be had
from it. Here one process is asked about the calls of all threads, in the order in which they are made.
"""

import ctypes
import errno
import fcntl
import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_SECCOMP = {"x86_64": 317, "aarch64": 277}
_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NO_NEW_PRIVS, _FILTER_MODE = 38, 1
_TSYNC, _NEW_LISTENER, _TSYNC_ESRCH = 1, 8, 16
_ALLOW, _ASK = 0x7FFF0000, 0x7FC00000
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT = 0, 4, 16
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_PIDFD_GETFD = 438
_PWRITE64 = {"x86_64": 18, "aarch64": 68}
_CONTINUE = 1
_QUESTION = struct.Struct("QII iIQ6Q")
_ANSWER = struct.Struct("QqiI")
_libc = ctypes.CDLL(None, use_errno=True)


class NotPermitted(Exception):
    """This machine lets no process wait for another's word."""


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A system call that waits. `thread`: who makes it."""

    id: int
    thread: int
    number: int
    arguments: tuple[int, ...]


def listen(numbers: Iterable[int], creating: Iterable[tuple[int, int]]) -> int:
    """From now on these calls of every thread of this process, and of programs that it starts, wait for whoever reads
    the file descriptor that is returned. `creating`: calls that open a file, and which argument holds the flags: they
    wait only where the flags say that it may be made. Raises NotPermitted."""
    code = _filter(list(numbers), list(creating))
    program = _Program(len(code) // 8, code)
    if _libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise NotPermitted(os.strerror(ctypes.get_errno()))
    flags = _TSYNC | _NEW_LISTENER | _TSYNC_ESRCH
    listener: int = _libc.syscall(_SECCOMP[machine()], _FILTER_MODE, flags, ctypes.byref(program))
    if listener < 0:
        raise NotPermitted(os.strerror(ctypes.get_errno()))
    return listener


def machine() -> str:
    """Raises NotPermitted where the numbers of its calls are not known."""
    name = os.uname().machine
    if name not in _ARCH:
        raise NotPermitted(f"the system calls of {name} are not known")
    return name


def receive(listener: int) -> Asked | None:
    """The next call that waits; None if who made it has gone meanwhile."""
    buffer = bytearray(_QUESTION.size)
    try:
        fcntl.ioctl(listener, _RECEIVE, buffer)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EINTR):
            return None
        raise
    id_, thread, _, number, _, _, *arguments = _QUESTION.unpack(buffer)
    return Asked(id_, thread, number, tuple(arguments))


def go_on(listener: int, asked: Asked) -> None:
    """The call is made as it would have been."""
    _answer(listener, _ANSWER.pack(asked.id, 0, 0, _CONTINUE))


def fail(listener: int, asked: Asked, number: int) -> None:
    """The call is not made and answers this error."""
    _answer(listener, _ANSWER.pack(asked.id, 0, -number, 0))


def memory_of(thread: int, address: int, size: int) -> bytes:
    """What the process has there, as far as it has anything. Raises OSError."""
    with Path(f"/proc/{thread}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        return memory.read(size)


def _answer(listener: int, answer: bytes) -> None:
    try:
        fcntl.ioctl(listener, _SEND, bytearray(answer))
    except FileNotFoundError:  # who made the call has gone meanwhile
        return


def _filter(numbers: list[int], creating: list[tuple[int, int]]) -> bytes:
    """Each question is followed by its own answer, so that no jump is longer than one step or three."""
    code = [_step(_LOAD, _ARCH_AT), _step(_EQUAL, _ARCH[machine()], 1, 0), _step(_RETURN, _ALLOW)]
    code.append(_step(_LOAD, _NUMBER_AT))
    for number in numbers:
        code += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ASK)]
    for number, argument in creating:
        code += [
            _step(_EQUAL, number, 0, 4),
            _step(_LOAD, _ARGUMENTS_AT + 8 * argument),
            _step(_ANY_BIT, os.O_CREAT, 0, 1),
            _step(_RETURN, _ASK),
            _step(_RETURN, _ALLOW),
        ]
    return b"".join([*code, _step(_RETURN, _ALLOW)])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def write_half(process: int, asked: Asked) -> None:
    """Of what a write (`write`, `pwrite64`) was to write, as a crash leaves it."""
    file, address, size, offset, *_ = asked.arguments
    half = memory_of(asked.thread, address, size // 2)
    ours = _its_file(process, file)
    try:
        if asked.number == _PWRITE64[machine()]:
            os.pwrite(ours, half, offset)
        else:
            os.write(ours, half)
    finally:
        os.close(ours)


def _its_file(process: int, file: int) -> int:
    """The same open file, here too."""
    other = os.pidfd_open(process)
    try:
        ours: int = _libc.syscall(_PIDFD_GETFD, other, file, 0)
    finally:
        os.close(other)
    if ours < 0:
        raise NotPermitted(os.strerror(ctypes.get_errno()))
    return ours
