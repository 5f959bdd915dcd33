"""Deleting messages, and bringing them back; the brake."""

from datetime import UTC, datetime
from random import Random

from tests.model.book import HOUR
from tests.model.rules.rule import company, one_of, rule
from tests.model.scene import BY, Scene, Violation

LEAST = 20


@rule(0.7)
async def delete(scene: Scene, rng: Random) -> str | None:
    of = company(scene, rng)
    message = one_of(rng, scene.books[of].messages())
    return None if message is None else await _deleted(scene, of, message)


@rule(0.06)
async def delete_all(scene: Scene, rng: Random) -> str | None:
    """One after the other, as a script would that has gone wrong."""
    of = company(scene, rng)
    done = [await _deleted(scene, of, message) for message in scene.books[of].messages()]
    return "; ".join(done)


@rule(0.5)
async def undelete(scene: Scene, rng: Random) -> str | None:
    of = company(scene, rng)
    book = scene.books[of]
    message = one_of(rng, book.messages(deleted=True))
    if message is None:
        return None
    removal = scene.premises.library.removal
    work = removal.undelete(of, message, by=BY)
    done = await scene.edit(of, lambda: work, lambda: book.deleted.pop(message))
    return f"{message}: {done}"


@rule(0.2)
async def release(scene: Scene, rng: Random) -> str | None:
    """The operator says yes."""
    of = company(scene, rng)
    brake = scene.premises.library.brake
    if not await brake.is_on(of):
        return None
    done = await scene.edit(of, lambda: brake.release(of, by=BY), lambda: scene.released(of))
    return f"{of}: {done}"


async def _deleted(scene: Scene, of: str, message: str) -> str:
    book = scene.books[of]
    removal = scene.premises.library.removal

    def told() -> None:
        book.deleted[message] = scene.now

    placed = book.placed(message)
    done = await scene.edit(of, lambda: removal.delete(of, message, by=BY), told)
    if placed and message in book.deleted:
        raise Violation("a placed message was deleted", message)
    if message in book.deleted:
        within_limit(scene, of)
    return f"{message}: {done}"


def within_limit(scene: Scene, of: str) -> None:
    """No more went within the hour than may, since the operator said yes."""
    book, orders = scene.books[of], scene.orders[of]
    since = max(scene.now - HOUR, orders.released or datetime.min.replace(tzinfo=UTC))
    if scene.now < since:
        return
    gone = sum(book.weight(one) for one in book.messages(deleted=True) if book.deleted[one] > since)
    gone += scene.premises.rows.ordered(of, since)
    if gone > max(LEAST, len(book.recordings) // 100):
        raise Violation("the brake did not hold", f"{gone} within an hour, of {len(book.recordings)}")
