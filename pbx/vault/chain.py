"""Reading a catalogue through: never past a gap, a damaged entry or a link that does not hold."""

from collections.abc import Iterable, Mapping, Sequence

from pbx.vault.copy import Copy
from pbx.vault.entry import Entry
from pbx.vault.errors import BadEntry, Broken
from pbx.vault.layout import catalogue_folder, entry_path, is_number
from pbx.vault.listing import listed


def numbers(copy: Copy, company: str) -> set[int]:
    """Of the entries that are there, by name."""
    return {int(name) for name in copy.names(catalogue_folder(company)) if is_number(name)}


def unbroken(numbers: set[int], first: int) -> int:
    """From `first` on, the last one before a gap; the one before `first` if that itself is not there."""
    last = max(first - 1, 0)
    while last + 1 in numbers:
        last += 1
    return last


def all_numbers(copies: Iterable[Copy], company: str) -> list[int]:
    """That any of these has, sorted. Raises TooFewCopies."""
    return sorted(int(name) for name in listed(copies, catalogue_folder(company)) if is_number(name))


def entry_in(copy: Copy, company: str, number: int) -> Entry | None:
    """None if it is not there, damaged, or another number's."""
    return looked_for(copy, company, number)[0]


def read(company: str, copies: Mapping[str, Copy], after: int) -> list[Entry]:
    """The newest first, until `after`, or, where that is 0, until an image; then turned round. Raises Broken, and
    TooFewCopies where no copy can be listed."""
    number = max(all_numbers(copies.values(), company), default=0)
    found: list[Entry] = []
    while number > after:
        entry = _one(company, copies, number)
        if found and found[-1].prev != entry.sha:
            raise Broken(company, found[-1].number, "it does not follow the one before")
        found.append(entry)
        if not after and entry.kind == "image":
            break
        number -= 1
    if found and found[-1].number == 1 and found[-1].prev:
        raise Broken(company, 1, "it says that there is one before")
    return found[::-1]


def first_needed(copies: Iterable[Copy], company: str) -> int:
    """The number below which nothing is expected (0: all is): after an erasure a copy begins with an image, and older
    entries, which another may still hold, must not come back. Where no copy has its first entry whole, that is not told
    from damage, and nothing before it is expected until it has been mended."""
    copies = list(copies)
    return max((_begins_at(copy, copies, company) for copy in copies), default=0)


def _begins_at(copy: Copy, copies: Sequence[Copy], company: str) -> int:
    try:
        lowest = min(numbers(copy, company), default=0)
    except OSError:  # which whoever reads its entries is told
        return 0
    others = (one for one in copies if one is not copy)
    told = (entry_in(one, company, lowest) for one in (copy, *others)) if lowest else ()
    first = next((entry for entry in told if entry is not None), None)
    return 0 if first is not None and first.kind == "change" else lowest


def _one(company: str, copies: Mapping[str, Copy], number: int) -> Entry:
    """The entry of which at least one copy is whole, and all that are whole are the same."""
    told = {name: looked_for(copy, company, number) for name, copy in copies.items()}
    whole = {name: entry for name, (entry, _) in told.items() if entry is not None}
    if not whole:
        raise Broken(company, number, "; ".join(f"copy {name}: {why}" for name, (_, why) in told.items()))
    first = next(iter(whole.values()))
    if any(entry != first for entry in whole.values()):
        raise Broken(company, number, f"copies {', '.join(whole)} do not hold the same")
    return first


def looked_for(copy: Copy, company: str, number: int) -> tuple[Entry | None, str]:
    """The entry, or why not."""
    try:
        with copy.open(entry_path(company, f"{number:012d}")) as file:
            entry = Entry.parse(file.read())
    except (FileNotFoundError, NotADirectoryError):
        return None, "it is not there"
    except (OSError, BadEntry) as error:
        return None, str(error)
    return (entry, "") if entry.number == number else (None, f"it says that it is {entry.number}")
