"""Proving one folder of every copy: everything in it is read and hashed again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pbx.vault import chain, listing
from pbx.vault.copy import Copy
from pbx.vault.entry import Entry
from pbx.vault.errors import BadEntry
from pbx.vault.hashing import sha256_of
from pbx.vault.layout import object_path
from pbx.vault.members import Member
from pbx.vault.things import NOT_THERE, is_whole, path_of
from pbx.vault.values import Finding, How, Kind


@dataclass(slots=True)
class Proved:
    """`files`: that were expected in a copy, counted for each. `expected`, `wrong`: objects by copy."""

    files: int = 0
    bytes: int = 0
    findings: list[Finding] = field(default_factory=list)
    expected: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def add(self, company: str, kind: Kind, name: str, copy: str, how: How | None) -> None:
        self.files += 1
        if how:
            self.findings.append(Finding(company, kind, name, copy, how))


def prove(members: Sequence[Member], folder: listing.Folder) -> Proved:
    """Raises TooFewCopies where no copy can be listed."""
    proved = Proved()
    copies = [member.copy for member in members]
    if folder.is_catalogue:
        _entries(members, copies, folder.company, proved)
    else:
        for sha256 in listing.objects(copies, folder):
            _object(members, folder.company, sha256, proved)
    return proved


def _object(members: Sequence[Member], company: str, sha256: str, proved: Proved) -> None:
    """Where no copy has the object, its sidecar alone says nothing: that is written first."""
    found = {member.name: _read_object(member, company, sha256, proved) for member in members}
    if all(how == "missing" for how in found.values()):
        return
    for member in members:
        how = found[member.name]
        proved.expected[member.name] += 1
        proved.wrong[member.name] += how is not None
        proved.add(company, "object", sha256, member.name, how)
        proved.add(company, "sidecar", sha256, member.name, _read_sidecar(member, company, sha256, proved))


def _read_object(member: Member, company: str, sha256: str, proved: Proved) -> How | None:
    """What is wrong with it."""
    try:
        with member.copy.open(object_path(company, sha256)) as file:
            found, size = sha256_of(file)
    except NOT_THERE:
        return "missing"
    except OSError:
        return "unreadable"
    proved.bytes += size
    return None if found == sha256 else "corrupt"


def _read_sidecar(member: Member, company: str, sha256: str, proved: Proved) -> How | None:
    try:
        with member.copy.open(path_of("sidecar", company, sha256)) as file:
            data = file.read()
    except NOT_THERE:
        return "missing"
    except OSError:
        return "unreadable"
    proved.bytes += len(data)
    return None if is_whole(data, "sidecar", company, sha256) else "corrupt"


def _entries(members: Sequence[Member], copies: Sequence[Copy], company: str, proved: Proved) -> None:
    """Also a number that no copy has, since the database may have it; but not behind an image, where the log begins
    anew."""
    needed = chain.first_needed(copies, company)
    there = [number for number in chain.all_numbers(copies, company) if number >= needed]
    gaps = set(range(max(1, needed), max(there, default=0))) - set(there)
    for number in there:
        if "image" in _entry(members, company, number, proved):
            gaps = {gap for gap in gaps if gap > number}
    for number in sorted(gaps):
        _entry(members, company, number, proved)
    proved.findings.sort(key=lambda finding: finding.name)  # a copy takes none that follows one which it lacks


def _entry(members: Sequence[Member], company: str, number: int, proved: Proved) -> set[str]:
    """Two that are whole and not the same cannot be told apart here. The kinds of those that can be read."""
    found = {member.name: _read_entry(member, company, number, proved) for member in members}
    entries = [entry for entry, _ in found.values() if entry is not None]
    differ = len({entry.sha for entry in entries}) > 1
    for name, (entry, wrong) in found.items():
        proved.add(company, "entry", f"{number:012d}", name, "differs" if differ and entry is not None else wrong)
    return {entry.kind for entry in entries}


def _read_entry(member: Member, company: str, number: int, proved: Proved) -> tuple[Entry | None, How | None]:
    """What it says, if that can be read, and what is wrong: its head may be though its body is whole."""
    try:
        with member.copy.open(path_of("entry", company, f"{number:012d}")) as file:
            data = file.read()
        proved.bytes += len(data)
        entry = Entry.parse(data)
    except NOT_THERE:
        return None, "missing"
    except OSError:
        return None, "unreadable"
    except BadEntry:
        return None, "corrupt"
    if entry.number != number:
        return None, "corrupt"
    return entry, None if entry.file == data else "corrupt"
