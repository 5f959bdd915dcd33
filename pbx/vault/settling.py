"""What becomes of a copy that the register has not seen yet: made, found by its mark, or frozen."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pbx.vault.copy import Copy
from pbx.vault.errors import NotWritten
from pbx.vault.mark import is_bare, read_mark, write_mark
from pbx.vault.register import Frozen, Record


def with_settings(records: Sequence[Record], paths: Sequence[Path]) -> list[Record]:
    """A record for each path of the settings that has none. One that was retired stays so."""
    known = {record.path for record in records}
    return list(added(records, [path for path in paths if path not in known]))


def added(records: Sequence[Record], paths: Sequence[Path], by_person: bool = False) -> list[Record]:
    """With new ones for these paths, under the next numbers: a name is never used again."""
    last = max((int(record.name) for record in records if record.name.isdecimal()), default=0)
    return [*records, *(Record(str(last + n), path, added=by_person) for n, path in enumerate(paths, 1))]


def settled(
    records: Sequence[Record], live: Callable[[Record], bool], copy_at: Callable[[Path], Copy], now: str
) -> list[Record]:
    """Where a live copy has no mark yet: made in an empty folder, known again by the mark that is there, or frozen.
    One that cannot be reached stays as it was, to be tried again."""
    done: list[Record] = []
    for number, record in enumerate(records):
        if live(record) and not record.mark and not record.frozen:
            others = [other for other in [*done, *records[number + 1 :]] if live(other) or other.retired]
            with contextlib.suppress(OSError, NotWritten):
                done.append(_settle(record, others, copy_at(record.path), now))
                continue
        done.append(record)
    return done


def _settle(record: Record, others: Sequence[Record], copy: Copy, now: str) -> Record:
    mark = read_mark(copy)
    if mark is not None:
        twin = next((other for other in others if other.mark == mark.id), None)
        if twin is None:
            return replace(record, mark=mark.id)
        return replace(record, frozen=Frozen(f"it carries the mark of copy {twin.name}", now))
    if not is_bare(copy):
        return replace(record, frozen=Frozen("it has content and no mark", now))
    return replace(record, mark=write_mark(copy, record.name, now).id)
