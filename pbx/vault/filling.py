"""What a refill does folder by folder: each file is proved in the copy, or brought from another that has it whole."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pbx.vault import chain, listing
from pbx.vault.erasing import remove_object, trim
from pbx.vault.errors import CannotRefill
from pbx.vault.gate import Gate
from pbx.vault.healing import bring
from pbx.vault.layout import catalogue_folder, entry_path, object_path
from pbx.vault.mark import read_mark
from pbx.vault.members import Member
from pbx.vault.things import read, whole
from pbx.vault.values import Erased, Kind, Refilled

_COUNTED: Mapping[Kind, str] = {"object": "objects", "sidecar": "sidecars", "entry": "entries"}


class Filling:
    """`mark`: the target's, looked at before each folder. What only the target has is left as it is, but for what was
    erased. Functions block, and raise OSError, NotWritten, TooFewCopies, CannotRefill."""

    def __init__(self, target: Member, mark: str, sources: Sequence[Member], gate: Gate, erased: Erased) -> None:
        self._target = target
        self._mark = mark
        self._sources = sources
        self._copies = [source.copy for source in sources]
        self._gate = gate
        self._erased = erased
        self._counts: Counter[str] = Counter()
        self._lacking: set[tuple[str, str, str]] = set()

    def folders(self) -> list[listing.Folder]:
        return list(listing.folders(self._copies))

    def fill(self, folder: listing.Folder, only_new: bool = False) -> None:
        """`only_new`: what is there, whatever it is, has been seen already."""
        self._check()
        with self._gate.bringing():
            if folder.is_catalogue:
                self._entries(folder.company, only_new)
                return
            for sha256 in listing.objects(self._copies, folder):
                path = object_path(folder.company, sha256)
                if only_new and self._target.copy.size(path) is not None:
                    continue
                # A sidecar alone is that of an object still to be written; where nobody has it, it says nothing.
                if any(copy.size(path) is not None for copy in self._copies):
                    self._object(folder.company, sha256)

    def left_over(self) -> list[listing.Folder]:
        return list(listing.folders([self._target.copy]))

    def forget(self, folder: listing.Folder) -> None:
        """A disk that was away for long still holds what was erased since, when another had its place."""
        self._check()
        with self._gate.erasing():
            if folder.is_catalogue:
                if needed := chain.first_needed(self._copies, folder.company):
                    trim(self._target, folder.company, needed)
                return
            for sha256 in listing.objects([self._target.copy], folder):
                if self._erased(folder.company, sha256):
                    remove_object(self._target, folder.company, sha256)

    def done(self) -> Refilled:
        return Refilled(self._target.name, lacking=len(self._lacking), **self._counts)

    def _check(self) -> None:
        found = read_mark(self._target.copy)
        if found is None or found.id != self._mark:
            raise CannotRefill(f"{self._target.record.path} has lost its mark meanwhile")

    def _object(self, company: str, sha256: str) -> None:
        if self._erased(company, sha256):
            return
        kinds: tuple[Kind, ...] = ("sidecar", "object")
        for kind in kinds:
            brought = bring(self._target, self._sources, kind, company, sha256)
            if brought is None:
                self._lacking.add((kind, company, sha256))
            else:
                self._count(kind, brought[0] != self._target.name, brought[1])

    def _count(self, kind: Kind, written: bool, size: int) -> None:
        self._counts[_COUNTED[kind] if written else "right"] += 1
        self._counts["bytes"] += size

    def _entries(self, company: str, only_new: bool) -> None:
        needed = chain.first_needed(self._copies, company)
        there = chain.numbers(self._target.copy, company) if only_new else set()
        for number in chain.all_numbers(self._copies, company):
            if number >= needed and number not in there:
                self._entry(company, f"{number:012d}")

    def _entry(self, company: str, name: str) -> None:
        """Also over another whole entry of that number: the others are the truth. If they do not agree, nobody is."""
        found = {data for copy in self._copies if (data := whole(copy, "entry", company, name)) is not None}
        if len(found) != 1:
            self._lacking.add(("entry", company, name))
            return
        data = found.pop()
        written = read(self._target.copy, entry_path(company, name)) != data
        if written:
            self._target.copy.put(catalogue_folder(company), {name: data})
        self._count("entry", written, len(data) if written else 0)
