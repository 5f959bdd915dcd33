"""Users' pictures: set, removed, brought back, looked at."""

from random import Random

from tests.model.book import Book, Recording
from tests.model.rules.recording import MOST
from tests.model.rules.rule import company, rule
from tests.model.scene import BY, Scene, Violation
from tests.model.sounds import pictures


@rule(0.4)
async def set_picture(scene: Scene, rng: Random) -> str | None:
    """One that this user, or another, may have had before."""
    of = company(scene, rng)
    user, picture = rng.choice(scene.premises.rows.users(of)), rng.choice(pictures())
    if scene.recordings >= MOST:
        return None
    book, library = scene.books[of], scene.premises.library
    scene.orders[of].sent.add(picture.sha256)

    def told() -> None:
        shown = book.shown(user)
        if shown is not None and shown.sha256 == picture.sha256:
            return
        _retire(scene, book, user)
        asked = "SELECT id FROM picture WHERE company_id = ? AND user_id = ? AND retired_at IS NULL"
        ((row,),) = scene.premises.rows.ask(asked, of, user)
        scene.add(Recording(row, "picture", user, "", picture.sha256, ""), of, heard=False)

    done = await scene.edit(of, lambda: library.pictures.set(of, user, picture.raw, by=BY), told)
    return f"{picture.sha256[:8]} of {user}: {done}"


@rule(0.15)
async def remove_picture(scene: Scene, rng: Random) -> str | None:
    of = company(scene, rng)
    book, library = scene.books[of], scene.premises.library
    user = rng.choice(scene.premises.rows.users(of))
    done = await scene.edit(
        of, lambda: library.pictures.remove(of, user, by=BY), lambda: _retire(scene, book, user)
    )  # fmt: skip
    return f"of {user}: {done}"


@rule(0.2)
async def restore_picture(scene: Scene, rng: Random) -> str | None:
    """The one before, in the place of what is shown."""
    of = company(scene, rng)
    book, library = scene.books[of], scene.premises.library
    user = rng.choice(scene.premises.rows.users(of))
    before = max(
        (one for one in book.of(user) if one.id in book.deleted), key=lambda one: _age(book, one), default=None
    )

    def told() -> None:
        if before is None:
            raise Violation("a picture that is not there was brought back", user)
        _retire(scene, book, user)
        del book.deleted[before.id]

    done = await scene.edit(of, lambda: library.pictures.restore(of, user, by=BY), told)
    return f"of {user}: {done}"


@rule(0.6)
async def list_pictures(scene: Scene, rng: Random) -> str | None:
    """Each user's, and whether it is there."""
    of = company(scene, rng)
    book, views = scene.books[of], await scene.premises.library.pictures.all(of)
    told = {one.owner: one.sha256 for one in book.pictures() if one.id not in book.deleted}
    if {user: view.sha256 for user, view in views.items()} != told:
        raise Violation("users do not have the pictures that were set", f"{of}: {views}")
    for view in views.values():
        if view.state == "missing" and any(map(scene.proves, scene.holders(of, view.sha256))):
            raise Violation("a picture that is there is told as missing", f"{of}: {view}")
    return f"{len(views)} of {of}"


def _retire(scene: Scene, book: Book, user: str) -> None:
    if shown := book.shown(user):
        book.deleted[shown.id] = scene.now


def _age(book: Book, picture: Recording) -> tuple[object, str]:
    return book.deleted[picture.id], picture.id
