"""An old database that is put back, and one that is made anew from a copy alone."""

import shutil
from random import Random

from pbx.library import returning
from pbx.store import redo
from tests.model import promises, proofs
from tests.model.rules.recording import adopted
from tests.model.rules.rule import one_of, rule
from tests.model.scene import Scene, Violation

_OLD = "old"


@rule(0.5)
async def remember_database(scene: Scene, rng: Random) -> str | None:
    """Somebody makes a backup."""
    scene.premises.remember(_OLD)
    scene.remembered = True
    return "as it is now"


@rule(0.8)
async def old_database(scene: Scene, rng: Random) -> str | None:
    """Somebody puts the backup back."""
    if not scene.remembered or not all(_told(scene, company) for company in scene.companies):
        return None
    firm = dict(scene.firm)
    await scene.premises.stop()
    await scene.late()
    scene.premises.put_back(_OLD)
    found = await scene.premises.start()
    for company in scene.companies:
        head = scene.head(company)
        if head < firm[company]:
            raise Violation("an old database has not got back what was announced", f"{company}: {head}, {firm}")
        scene.books[company] = scene.history[company][head].copy()
    promises.rows_as_told(scene)
    scene.held = [one for one in scene.held if scene.premises.rows.ask("SELECT 1 FROM take WHERE id = ?", one.take)]
    await adopted(scene)
    return "; ".join(f"{one.company}: {one.first} to {one.last} {one.why}" for one in found)


def _told(scene: Scene, company: str) -> bool:
    """Some copy that is believed has every entry: without one there is nothing to get back from."""
    return any(proofs.rebuilds(scene, company, copy) for copy in scene.copies() if scene.proves(copy))


@rule(0.1)
async def rebuild(scene: Scene, rng: Random) -> str | None:
    """A database made anew from one copy alone has the rows of the one that is there."""
    able = [
        copy
        for copy in scene.copies()
        if scene.proves(copy) and all(proofs.rebuilds(scene, company, copy) for company in scene.companies)
    ]
    copy = one_of(rng, able)
    if copy is None:
        return None
    await same_rows(scene, copy.name, anew=rng.random() < 0.2)
    return f"from copy {copy.name}"


async def same_rows(scene: Scene, copy: str, *, anew: bool) -> None:
    """What the copy tells alone is what the database says; `anew`: in a database made of it, which takes a second."""
    if not anew:
        for company, differences in (
            await returning.compare(scene.premises.store.path, scene.premises.vault, copy)
        ).items():
            _no(copy, company, differences)
        return
    new = scene.premises.root / "rebuilt.db"
    shutil.copyfile(scene.premises.root / "none.db", new)
    await returning.rebuild(new, scene.premises.vault, copy)
    for company in scene.companies:
        _no(copy, company, list(redo.differences(scene.premises.store.path, company, redo.rows_of(new, company))))
    for end in ("", "-wal", "-shm"):
        new.with_name(f"{new.name}{end}").unlink(missing_ok=True)


def _no(copy: str, company: str, differences: list[redo.Difference]) -> None:
    if differences:
        raise Violation("a copy tells other rows than the database", f"copy {copy}, {company}: {differences[:3]}")
