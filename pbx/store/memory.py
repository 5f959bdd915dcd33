"""Answers that every call asks for, kept while nobody commits."""

import sqlite3
from collections.abc import Hashable
from pathlib import Path

MOST = 20_000


class Memory:
    """SQLite counts for a connection what all others have committed, in this process or another (`data_version`). In
    WAL mode that is a look into shared memory, some microseconds: so nothing is ever told that is not so any more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._version = -1
        self.answers: dict[Hashable, object] = {}

    def open(self) -> None:
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        self._connection.execute("PRAGMA query_only=ON")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def version(self) -> int:
        """Another one after each commit; `answers` that were kept before are forgotten then."""
        if self._connection is None:
            raise RuntimeError("the store is not open")
        now = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        if now != self._version or len(self.answers) > MOST:
            self.answers.clear()
            self._version = now
        return now

    def keep(self, version: int, question: Hashable, answer: object) -> None:
        """`version`: before it was asked. Whatever has been committed since may have come before the answer, or not."""
        if self.version() == version:
            self.answers[question] = answer
