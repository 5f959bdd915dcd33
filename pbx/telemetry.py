"""Log lines, each with the call that it is about.

A task that holds a call says so once (`with about_call(id)`), and every line that is logged in it or
in what it awaits carries the id, so that `grep ID var/vaxel.log` tells the story of one call. It is the
id that Asterisk has for the channel, so that the dialplan's own log (var/asterisk/log) bears it, too.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

_call: ContextVar[str] = ContextVar("call", default="-")

_LINE = "%(asctime)s.%(msecs)03dZ %(levelname)-7s %(call)s %(name)s: %(message)s"
_LARGEST_BYTES = 20_000_000
_KEPT = 5


@contextmanager
def about_call(call_id: str) -> Iterator[None]:
    """Lines logged inside carry this id; tasks started inside inherit it."""
    token = _call.set(call_id)
    try:
        yield
    finally:
        _call.reset(token)


def call_id() -> str:
    """The call that the running task is about, or `-`."""
    return _call.get()


def start_log(file: Path | None, level: str = "INFO", form: str = "text") -> None:
    """Logs to standard error and, if given, to a file that is kept readable by its owner only (numbers of
    callers are in it), in five pieces of 20 MB at most. Called once, at the start; times are UTC. `form`: text or
    json."""
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handlers.append(private(file, _LARGEST_BYTES, _KEPT))
    formatter = _Json() if form == "json" else _OneLine(_LINE, "%Y-%m-%dT%H:%M:%S")
    for handler in handlers:
        handler.setFormatter(formatter)
        handler.addFilter(_with_call)
    logging.basicConfig(level=level, handlers=handlers, force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # seven lines a start that tell an operator nothing
    # It tells logins with their passwords; pbx.ami tells the rest.
    logging.getLogger("panoramisk").setLevel(logging.CRITICAL)


def _with_call(record: logging.LogRecord) -> bool:
    record.call = _call.get()
    return True


def private(file: Path, largest: int, kept: int) -> logging.Handler:
    """Into a file of at most so many bytes, and `kept` before it; each is its owner's alone, whatever the umask."""
    for piece in file.parent.glob(f"{file.name}*"):  # an earlier program let others read them
        piece.chmod(0o600)
    return _Private(file, maxBytes=largest, backupCount=kept, encoding="utf-8")


class _Private(RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).touch(mode=0o600)
        return super()._open()


class _Once(logging.Formatter):
    """Three ask for each line: both handlers, and the file's own for its length. It is made once."""

    def format(self, record: logging.LogRecord) -> str:
        line: str | None = record.__dict__.get("line")
        if line is None:
            line = record.__dict__["line"] = self.made(record)
        return line

    def made(self, record: logging.LogRecord) -> str:
        return super().format(record)


class _Json(_Once):
    """One object a line."""

    def made(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "call": getattr(record, "call", "-"),
            "name": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class _OneLine(_Once):
    """A caller's name with a line break in it must not be able to write a log line of its own."""

    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(_VISIBLE)


_VISIBLE = {code: f"\\x{code:02x}" for code in (*range(32), 127) if code != 9}
