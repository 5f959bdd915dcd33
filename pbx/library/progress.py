"""How far the proof has come, kept over a restart. Losing this file costs a scrub begun anew, and no more."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any


@dataclass(frozen=True, slots=True)
class Scrubbing:
    """`cursor`: where to go on; empty if the last one came to its end. `began`: seconds since 1970."""

    cursor: str = ""
    began: float = 0.0


@dataclass(frozen=True, slots=True)
class Done:
    """`swept`: when the last whole look at everything began. `lacking`: by copy, how many objects it had not got then
    though another had."""

    swept: datetime | None
    lacking: Mapping[str, int]
    scrub: Scrubbing


class Progress:
    """Functions block for a moment: call them in a thread."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._writing = Lock()  # a sweep and a scrub may come here at once

    def done(self) -> Done:
        told = self._read()
        swept, lacking, scrub = told.get("swept"), told.get("lacking"), told.get("scrub", {})
        return Done(
            datetime.fromisoformat(swept) if swept else None,
            lacking if isinstance(lacking, dict) else {},
            Scrubbing(scrub.get("cursor", ""), scrub.get("began", 0.0)),
        )

    def set_swept(self, at: datetime, lacking: Mapping[str, int]) -> None:
        self._write(swept=at.isoformat(), lacking=dict(lacking))

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
        with self._writing:
            beside.write_text(json.dumps({**self._read(), **changed}))
            beside.replace(self._file)
