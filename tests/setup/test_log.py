"""The log holds callers' numbers: every piece of it is its owner's alone."""

import logging
import os
from pathlib import Path

from pbx.telemetry import private


def test_each_piece_of_the_log_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "vaxel.log"
    for earlier in (file, tmp_path / "vaxel.log.1"):
        earlier.write_text("of an earlier program")
        earlier.chmod(0o644)
    before = os.umask(0o022)
    handler = private(file, largest=200, kept=2)
    try:
        for line in range(20):
            handler.emit(logging.makeLogRecord({"msg": f"line {line} of a caller", "levelno": logging.INFO}))
    finally:
        handler.close()
        os.umask(before)
    pieces = sorted(tmp_path.iterdir())
    assert len(pieces) == 3
    assert {piece.stat().st_mode & 0o777 for piece in pieces} == {0o600}
