"""Erased for good: by an order, or because it was deleted long ago."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

from pbx.rules.retention import MESSAGE_UNDO, VOICE_UNDO
from tests.model import promises
from tests.model.book import Book, Recording
from tests.model.rules.deleting import within_limit
from tests.model.rules.rule import company, one_of, rule
from tests.model.scene import BY, Scene, Violation

_WHY = "for good"


@rule(0.25)
async def erase_message(scene: Scene, rng: Random) -> str | None:
    """Deleted or not, but in no place."""
    of = company(scene, rng)
    book, erasing = scene.books[of], scene.premises.library.erasing
    message = one_of(rng, [one for one in book.names if not book.placed(one)])
    if message is None:
        return None
    order = erasing.order_message(of, message, by=BY, because=_WHY)
    return await _ordered(scene, of, lambda: order, lambda: gone_message(scene, of, message), message)


@rule(0.35)
async def erase_version(scene: Scene, rng: Random) -> str | None:
    """One that is not heard."""
    of = company(scene, rng)
    book, erasing = scene.books[of], scene.premises.library.erasing
    version = one_of(rng, [one for one in book.versions() if one.id not in book.current.values()])
    if version is None:
        return None
    order = erasing.order_version(of, version.id, by=BY, because=_WHY)
    return await _ordered(scene, of, lambda: order, lambda: gone(scene, of, version), version.id)


@rule(0.35)
async def erase_voice(scene: Scene, rng: Random) -> str | None:
    of = company(scene, rng)
    book, erasing = scene.books[of], scene.premises.library.erasing
    voice = one_of(rng, book.voices())
    if voice is None:
        return None
    order = erasing.order_voice(of, voice.id, by=BY, because=_WHY)
    return await _ordered(scene, of, lambda: order, lambda: gone(scene, of, voice), voice.id)


@rule(0.15)
async def erase_picture(scene: Scene, rng: Random) -> str | None:
    """Be it shown or not."""
    of = company(scene, rng)
    book, erasing = scene.books[of], scene.premises.library.erasing
    picture = one_of(rng, book.pictures())
    if picture is None:
        return None
    order = erasing.order_picture(of, picture.id, by=BY, because=_WHY)
    return await _ordered(scene, of, lambda: order, lambda: gone(scene, of, picture), picture.id)


@rule(0.5)
async def time_passes(scene: Scene, rng: Random) -> str | None:
    days = rng.choice((0.02, 0.05, 0.5, 1, 4, 8, 31))
    scene.premises.clock.pass_(days=days)
    return f"{days} days"


@rule(0.5)
async def due(scene: Scene, rng: Random) -> str | None:
    """What was deleted so long ago that nobody can bring it back."""
    of = company(scene, rng)
    await scene.premises.library.erasing.due(of)
    book, there = scene.books[of], scene.premises.rows.book(of)
    messages = [one for one in book.names if one not in there.names]
    recordings = [one for one in book.recordings.values() if one.id not in there.recordings]
    for one in messages:
        _was_due(scene, book, one, MESSAGE_UNDO)
        gone_message(scene, of, one)
    for recording in recordings:
        if recording.id in book.recordings:
            _was_due(scene, book, recording.id, VOICE_UNDO if recording.kind == "voice" else MESSAGE_UNDO)
            gone(scene, of, recording)
    within_limit(scene, of)
    return f"{len(messages)} messages, {len(recordings)} recordings of {of}"


@rule(0.6, erases=True)
async def obey(scene: Scene, rng: Random) -> str | None:
    """The orders are carried out as far as the copies can."""
    return await obeyed(scene)


async def obeyed(scene: Scene) -> str:
    done = await scene.premises.library.erasing.work()
    promises.erased_is_gone(scene)
    return f"{done} orders obeyed"


async def _ordered(
    scene: Scene, of: str, work: Callable[[], Awaitable[object]], told: Callable[[], None], what: str
) -> str:
    done = await scene.edit(of, work, told)
    if done == "done":
        within_limit(scene, of)
    return f"{what}: {done}"


def _was_due(scene: Scene, book: Book, thing: str, undo: timedelta) -> None:
    at = book.deleted.get(thing)
    if at is None or scene.now - at < undo:
        raise Violation("something was erased before its time", f"{thing}, deleted {at}, at {scene.now}")


def gone_message(scene: Scene, of: str, message: str) -> None:
    book, orders = scene.books[of], scene.orders[of]
    scripts = {words for (of_message, _), words in book.scripts.items() if of_message == message}
    recordings = book.of(message)
    book.forget_message(message)
    orders.traces |= {message, *scripts - set(book.scripts.values())}
    _objects(scene, of, recordings)


def gone(scene: Scene, of: str, recording: Recording) -> None:
    scene.books[of].forget(recording)
    _objects(scene, of, [recording])


def _objects(scene: Scene, of: str, recordings: list[Recording]) -> None:
    """Those that nothing else uses."""
    book, orders = scene.books[of], scene.orders[of]
    orders.traces |= {one.id for one in recordings}
    objects = {one.sha256 for one in recordings} - book.objects()
    orders.objects |= objects
    orders.sent -= objects
