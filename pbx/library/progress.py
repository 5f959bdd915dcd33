"""How far the proof has come, kept over a restart. Losing this file costs a scrub begun anew, and no more."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Scrubbing:
    """`cursor`: where to go on; empty if the last one came to its end. `began`: seconds since 1970."""

    cursor: str = ""
    began: float = 0.0


class Progress:
    """Functions block for a moment: call them in a thread."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def swept(self) -> datetime | None:
        """When the last whole look at everything began."""
        at = self._read().get("swept")
        return datetime.fromisoformat(at) if at else None

    def lacking(self) -> dict[str, int]:
        """By copy: how many objects it had not got then though another had."""
        told = self._read().get("lacking")
        return told if isinstance(told, dict) else {}

    def set_swept(self, at: datetime, lacking: Mapping[str, int]) -> None:
        self._write(swept=at.isoformat(), lacking=dict(lacking))

    def scrubbing(self) -> Scrubbing:
        told = self._read().get("scrub", {})
        return Scrubbing(told.get("cursor", ""), told.get("began", 0.0))

    def set_scrubbing(self, state: Scrubbing) -> None:
        self._write(scrub={"cursor": state.cursor, "began": state.began})

    def _read(self) -> dict[str, Any]:
        try:
            told = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def _write(self, **changed: Any) -> None:
        beside = self._file.with_name(f".{self._file.name}-{os.getpid()}")
        beside.write_text(json.dumps({**self._read(), **changed}))
        beside.replace(self._file)
