"""What lies about on this machine of a recording that is erased: published files, takes in the spool, and what the
database was before a migration."""

import re
from dataclasses import dataclass
from pathlib import Path

from pbx.library import files
from pbx.library.spool import ASIDE
from pbx.store import migrate
from pbx.store.orders import Steps


@dataclass(frozen=True, slots=True)
class Leftovers:
    """In two folders, and beside the database. Functions block: call them in a thread."""

    published: Path
    spool: Path
    database: Path

    def remove(self, company: str, steps: Steps) -> None:
        """Gone when it returns, half-written ones too; what was not there is no error. Raises OSError."""
        for name in steps.published:
            _remove(files.base(self.published, company, name).parent, rf"\.?{name}\..*")
        for file in map(Path, steps.spool):
            (self.spool / file).unlink(missing_ok=True)
            # As the spool sets a take aside, with something added where the name was taken.
            _remove(self.spool / ASIDE, rf"{re.escape(file.stem)}(-[0-9a-f]{{8}})?{re.escape(file.suffix)}")
        migrate.forget_snapshots(self.database)


def _remove(folder: Path, name: str) -> None:
    for path in list(folder.iterdir()) if folder.is_dir() else ():
        if re.fullmatch(name, path.name):
            path.unlink(missing_ok=True)
