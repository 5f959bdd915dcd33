"""What an administrator changes: scripts, names, places, which version is heard."""

from random import Random

from tests.model.rules.rule import company, one_of, rule
from tests.model.scene import BY, Scene, Violation


@rule(1.5)
async def script(scene: Scene, rng: Random) -> str | None:
    of = company(scene, rng)
    message, lang = rng.choice(scene.books[of].messages()), rng.choice(("sv", "sv", "en"))
    words = f"Text {scene.number()}."

    def told() -> None:
        scene.books[of].scripts[message, lang] = words

    edits = scene.premises.library.messages
    done = await scene.edit(of, lambda: edits.set_script(of, message, lang, words, by=BY), told)
    return f"{words} for {message} in {lang}: {done}"


@rule(0.3)
async def message(scene: Scene, rng: Random) -> str | None:
    """A new one, by a name that the other company may have."""
    of = company(scene, rng)
    if len(scene.books[of].names) > 14:
        return None
    name, library = f"Nummer {len(scene.books[of].names)} {scene.number() % 3}", scene.premises.library
    if name in scene.books[of].names.values():
        return None

    def told() -> None:
        for row, called in scene.premises.rows.ask("SELECT id, name FROM message WHERE company_id = ?", of):
            if called == name:
                scene.books[of].names[row] = name

    done = await scene.edit(of, lambda: library.messages.add(of, name, by=BY), told)
    return f"{name} in {of}: {done}"


@rule(1.2)
async def place(scene: Scene, rng: Random) -> str | None:
    """A message into a place, or nothing."""
    of = company(scene, rng)
    book = scene.books[of]
    slots = [slot for slot in book.places if slot[0] != "mailbox"]
    slot = rng.choice([*slots, ("announcement", f"hall {rng.randrange(3)}")])
    what = rng.choice([*book.messages(), None])

    def told() -> None:
        book.places[slot] = what

    edits = scene.premises.library.messages
    done = await scene.edit(of, lambda: edits.place(of, slot[0], slot[1], what, by=BY), told)  # type: ignore[arg-type]
    return f"{what} into {slot}: {done}"


@rule(0.6)
async def use_version(scene: Scene, rng: Random) -> str | None:
    """An earlier one, or the newest again."""
    of = company(scene, rng)
    book, library = scene.books[of], scene.premises.library
    version = one_of(rng, [one for one in book.versions() if one.owner not in book.deleted])
    if version is None:
        return None
    numbers = {view.id: view.number for view in await library.versions.all(of, version.owner)}
    if set(numbers) != {one.id for one in book.of(version.owner)}:
        raise Violation("a message's versions are not those that were kept", version.owner)
    number = numbers[version.id]
    work = library.versions.use(of, version.owner, number, lang=version.lang, by=BY)
    done = await scene.edit(of, lambda: work, lambda: book.use(version))
    return f"version {number} of {version.owner} in {version.lang}: {done}"
