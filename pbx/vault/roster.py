"""The register as this process knows it: read anew when another has written it, kept in memory when it cannot be."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pbx.errors import CannotStart
from pbx.vault.copy import Copy
from pbx.vault.errors import TooFewCopies
from pbx.vault.register import Frozen, Record, Register
from pbx.vault.settling import settled, with_settings

log = logging.getLogger(__name__)

_MANY = 3  # so many copies, and what one alone has taken is not saved yet


class Roster:
    """Functions block, and may be called from many threads."""

    def __init__(
        self, paths: Sequence[Path], register: Register, make: Callable[[Path], Copy], clock: Callable[[], datetime],
        minimum: int | None,
    ) -> None:  # fmt: skip
        self._paths = list(paths)
        self._register = register
        self._make = make
        self._clock = clock
        self._minimum = minimum
        self._lock = threading.RLock()
        self._copies: dict[Path, Copy] = {}
        self._records: list[Record] = []
        self._seen: object = ()
        self._unwritten: dict[str, Frozen] = {}
        self.count = len(self._paths)

    def minimum(self, count: int | None = None) -> int:
        """How many copies must take what is to be called saved, of all that there are or of so many."""
        if self._minimum is not None:
            return self._minimum
        return 1 if (self.count if count is None else count) < _MANY else 2

    def live(self) -> list[Record]:
        """Those that are not retired, as the register says now. Raises CannotStart where it is damaged from the
        beginning, TooFewCopies where it cannot be made."""
        with self._lock:
            try:
                if self._register.signature() != self._seen or self._unwritten or not self._all_settled():
                    self._refresh()
            except OSError as error:
                raise TooFewCopies(f"the register of the vault's copies cannot be kept: {error}") from error
            return self._live()

    def freeze(self, name: str, why: str) -> None:
        """In every process; if the register cannot be written, in this one at least."""
        with self._lock:
            if any(record.name == name and record.frozen for record in self._records):
                return
            log.error("copy %s of the vault is frozen: %s", name, why)
            self._unwritten[name] = Frozen(why, self.now())
            self._refresh()

    @contextlib.contextmanager
    def changing(self) -> Iterator[list[Record]]:
        """All records, retired ones too, to be changed in place; written at the end. Raises OSError, CannotStart."""
        with self._lock, self._register.changing():
            read = self._register.read()
            records = self._with_unwritten(self._records if read is None else read)
            yield records
            if records != read:
                self._register.write(records)
            self._unwritten.clear()
            self._take(records)

    def copy_at(self, path: Path) -> Copy:
        copy = self._copies.get(path)
        return copy if copy is not None else self._copies.setdefault(path, self._make(path))

    def is_live(self, record: Record) -> bool:
        return not record.retired and (record.added or record.path in self._paths)

    def now(self) -> str:
        return self._clock().isoformat(timespec="seconds")

    def _live(self) -> list[Record]:
        return [record for record in self._records if self.is_live(record)]

    def _all_settled(self) -> bool:
        return all(record.mark or record.frozen for record in self._live())

    def _refresh(self) -> None:
        """Reads what others have written; makes what is new. What cannot be written is known here at least."""
        try:
            with self.changing() as records:
                records[:] = settled(with_settings(records, self._paths), self.is_live, self.copy_at, self.now())
        except (OSError, CannotStart) as error:
            if not self._records:
                raise
            log.error("the register of the vault's copies cannot be kept: %s", error)
            self._take(self._with_unwritten(self._records))

    def _with_unwritten(self, records: Sequence[Record]) -> list[Record]:
        return [r if r.frozen else replace(r, frozen=self._unwritten.get(r.name)) for r in records]

    def _take(self, records: list[Record]) -> None:
        self._records, self._seen = records, self._register.signature()
        self.count = len(self._live())
