"""What lies in the folders of copies, one folder at a time, so that memory does not grow with the vault."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from pbx.vault.copy import Copy
from pbx.vault.errors import TooFewCopies
from pbx.vault.layout import COMPANIES, is_company, is_sha256

_CATALOGUE = "catalogue"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Folder:
    """`part`: "catalogue", or "objects/ab" for those whose SHA-256 begins with ab."""

    company: str
    part: str

    @property
    def cursor(self) -> str:
        """Grows from one to the next."""
        return f"{self.company}/{self.part}"

    @property
    def is_catalogue(self) -> bool:
        return self.part == _CATALOGUE

    @property
    def path(self) -> PurePath:
        return COMPANIES / self.company / self.part


def listed(copies: Iterable[Copy], folder: PurePath) -> set[str]:
    """Names that any of these has there. A copy that cannot be listed is passed over; TooFewCopies if none can be."""
    found: set[str] = set()
    failed: list[OSError] = []
    done = 0
    for copy in copies:
        try:
            found.update(copy.names(folder))
            done += 1
        except OSError as error:
            log.warning("a copy cannot list %s: %s", folder, error)
            failed.append(error)
    if failed and not done:
        raise TooFewCopies(f"no copy can list {folder}: {failed[0]}")
    return found


def companies(copies: Iterable[Copy]) -> list[str]:
    """That any of these has a folder for, sorted. Raises TooFewCopies."""
    return sorted(filter(is_company, listed(copies, COMPANIES)))


def folders(copies: Iterable[Copy], after: str = "") -> Iterator[Folder]:
    """Those that any of these has, beyond that cursor, in its order. Raises TooFewCopies."""
    copies = list(copies)
    for company in companies(copies):
        parts = {name for name in listed(copies, COMPANIES / company / "objects") if len(name) == 2}
        for part in (_CATALOGUE, *(f"objects/{two}" for two in sorted(parts))):
            if (folder := Folder(company, part)).cursor > after:
                yield folder


def objects(copies: Iterable[Copy], folder: Folder) -> list[str]:
    """SHA-256 of all that any of these has in the folder, an object or a sidecar, sorted. Raises TooFewCopies."""
    found = {name.removesuffix(".json") for name in listed(copies, folder.path)}
    return sorted(sha256 for sha256 in found if is_sha256(sha256) and sha256.startswith(folder.part[-2:]))
