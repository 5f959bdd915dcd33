"""What people do by 333: greetings and voice messages. It waits for no copy of the vault."""

from random import Random

from tests.model import promises
from tests.model.rules.rule import company, one_of, rule
from tests.model.scene import BY, Scene, Violation


@rule(0.3)
async def delete_greeting(scene: Scene, rng: Random) -> str | None:
    of = company(scene, rng)
    book = scene.books[of]
    box = rng.choice(list(book.boxes))
    texts = [text for text in book.current if text[0] == book.boxes[box]]

    def told() -> None:
        for text in texts:
            book.retired[text] = book.current.pop(text)
            book.deleted[book.retired[text]] = scene.now

    boxes = scene.premises.library.mailboxes
    await scene.apply(of, lambda: boxes.delete_greeting(of, box, by=BY), told)
    return f"of {box}, in {len(texts)} languages"


@rule(0.3)
async def restore_greeting(scene: Scene, rng: Random) -> str | None:
    of = company(scene, rng)
    book = scene.books[of]
    box = rng.choice(list(book.boxes))
    texts = [text for text in book.retired if text[0] == book.boxes[box] and text not in book.current]

    def told() -> None:
        for text in texts:
            book.use(book.recordings[book.retired[text]])

    boxes = scene.premises.library.mailboxes
    await scene.apply(of, lambda: boxes.restore_greeting(of, box, by=BY), told)
    return f"of {box}, in {len(texts)} languages"


@rule(0.8)
async def mark_voice(scene: Scene, rng: Random) -> str | None:
    """Kept, deleted, or taken back."""
    of = company(scene, rng)
    book = scene.books[of]
    voice = one_of(rng, book.voices())
    if voice is None:
        return None
    state = rng.choice(("kept", "deleted", "new"))

    def told() -> None:
        book.deleted.pop(voice.id, None)
        if state == "deleted":
            book.deleted[voice.id] = scene.now

    boxes = scene.premises.library.mailboxes
    await scene.apply(of, lambda: boxes.mark(of, voice.id, state, by=BY), told)  # type: ignore[arg-type]
    return f"{voice.id}: {state}"


@rule(4)
async def listen(scene: Scene, rng: Random) -> str | None:
    """To the newest voice message of a box: it is played if it can be had, and else told that it is gone."""
    of = company(scene, rng)
    book, boxes = scene.books[of], scene.premises.library.mailboxes
    box = rng.choice(list(book.boxes))
    there = await boxes.messages(of, box)
    if {one.id for one in there} != {one.id for one in book.of(box) if one.id not in book.deleted}:
        raise Violation("a mailbox does not hold what was left in it", f"{box} of {of}")
    if not there:
        return None
    newest = there[0]
    played = await boxes.media(newest)
    if played is None:
        if scene.is_held(of, newest.sha256):
            raise Violation("a voice message that is there cannot be played", newest.id)
        return f"{newest.id}: gone"
    (file,) = scene.premises.media([played])
    if file.read_bytes() != scene.sounds[newest.sha256].played:
        raise Violation("a voice message plays other samples than were left", newest.id)
    await promises.readable_one(scene, of, newest.sha256)
    return f"{newest.id}: played"
