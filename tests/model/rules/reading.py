"""What callers and administrators ask, which changes nothing."""

from random import Random

from tests.model import promises
from tests.model.rules.rule import company, one_of, rule
from tests.model.scene import Scene, Violation


@rule(30)
async def call(scene: Scene, rng: Random) -> str | None:
    """Somebody hears what is in a place."""
    of = company(scene, rng)
    slot = rng.choice(list(scene.books[of].places))
    playable = await promises.place_plays(scene, of, slot, rng.choice(("sv", "en")))
    return f"{slot} of {of}: {playable.heard}"


@rule(120)
async def fetch(scene: Scene, rng: Random) -> str | None:
    """A recording's bytes."""
    used = one_of(rng, scene.in_use())
    if used is None:
        return None
    await promises.readable_one(scene, *used)
    return f"{used[1][:8]} of {used[0]}"


@rule(0.4)
async def list_messages(scene: Scene, rng: Random) -> str | None:
    of, deleted = company(scene, rng), rng.random() < 0.3
    book = scene.books[of]
    views = await scene.premises.library.messages.all(of, deleted=deleted)
    if {view.id: view.name for view in views} != {one: book.names[one] for one in book.messages(deleted=deleted)}:
        raise Violation("the list of messages is not what was told", of)
    for view in views:
        scripts = {lang: book.scripts.get((view.id, lang), "") for lang in view.script}
        if view.heard == "nothing" or dict(view.script) != scripts:
            raise Violation("the list of messages is not what was told", f"{view}")
    return f"{len(views)} messages of {of}"


@rule(3)
async def by_name(scene: Scene, rng: Random) -> str | None:
    """The same name is another message in each company."""
    of = company(scene, rng)
    message = one_of(rng, scene.books[of].messages())
    if message is None:
        return None
    found = await scene.premises.library.messages.by_ref(of, scene.books[of].names[message])
    if found.id != message:
        raise Violation("a name leads to another message", f"{message}: {found}")
    return found.name


@rule(0.2)
async def pry(scene: Scene, rng: Random) -> str | None:
    """One company asks for the other's."""
    await promises.apart(scene)
    await promises.apart_in_rows(scene, company(scene, rng))
    return "nothing was to be had"
