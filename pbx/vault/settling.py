"""What becomes of a copy that the register has not seen yet: made, found by its mark, or frozen."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pbx.vault.copy import Copy
from pbx.vault.errors import NotWritten
from pbx.vault.mark import Mark, is_bare, read_mark, write_mark
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
    done = list(records)
    for number, record in enumerate(records):
        if live(record) and not record.mark and not record.frozen:
            marked = [other for other in done if live(other) or other.retired]
            with contextlib.suppress(OSError, NotWritten):
                done[number] = settle(record, marked, copy_at(record.path), now)
    return done


def settle(record: Record, marked: Sequence[Record], copy: Copy, now: str) -> Record:
    """`marked`: those whose marks are taken. Raises OSError, NotWritten."""
    mark = read_mark(copy)
    if mark is not None:
        if twin := twin_of(mark, marked):
            return replace(record, frozen=Frozen(f"it carries the mark of copy {twin.name}", now))
        return replace(record, mark=mark.id)
    if not is_bare(copy):
        return replace(record, frozen=Frozen("it has content and no mark", now))
    return replace(record, mark=write_mark(copy, record.name, now).id)


def twin_of(mark: Mark, marked: Sequence[Record]) -> Record | None:
    """The copy whose mark that is."""
    return next((record for record in marked if record.mark == mark.id), None)
