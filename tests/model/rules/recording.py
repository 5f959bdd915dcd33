"""Takes: recorded, kept, cut off, left behind, brought in."""

from random import Random

from pbx.library import Kept
from pbx.library.keeping import WAITING
from pbx.rules.jobs import JobState
from pbx.rules.numbers import Extension, Number
from pbx.store import jobs
from pbx.store.values import TakeKind
from tests.model import promises
from tests.model.book import Recording
from tests.model.rules.rule import company, rule
from tests.model.scene import BY, Left, Scene, Violation
from tests.model.sounds import Sound

_CALLER, _PHONE = Number("+46701740606"), Extension("201")
_MOST = 34
_KINDS: tuple[TakeKind, ...] = ("voice", "greeting", "prompt")
_LANGS = ("sv", "sv", "en")


@rule(0.7)
async def greeting(scene: Scene, rng: Random) -> str | None:
    """Somebody records their greeting."""
    if full(scene):
        return None
    of = company(scene, rng)
    box = rng.choice(list(scene.books[of].boxes))
    return await _kept(scene, await _expected(scene, of, "greeting", box, rng.choice(_LANGS), scene.next_sound()))


@rule(1.0)
async def prompt(scene: Scene, rng: Random) -> str | None:
    """An administrator has a message read in."""
    if full(scene):
        return None
    of = company(scene, rng)
    message = rng.choice(scene.books[of].messages())
    return await _kept(scene, await _expected(scene, of, "prompt", message, rng.choice(_LANGS), scene.next_sound()))


@rule(1.0)
async def voice(scene: Scene, rng: Random) -> str | None:
    """A caller leaves a message."""
    if full(scene):
        return None
    of = company(scene, rng)
    box = rng.choice(list(scene.books[of].boxes))
    return await _kept(scene, await _expected(scene, of, "voice", box, "sv", scene.next_sound()))


@rule(0.3)
async def same_again(scene: Scene, rng: Random) -> str | None:
    """The same samples as something before, perhaps erased since, perhaps the other company's."""
    if full(scene):
        return None
    of = company(scene, rng)
    known = {one.sha256 for book in scene.books.values() for one in book.recordings.values()}
    known |= scene.orders[of].objects
    if not known:
        return None
    sound = scene.sounds[rng.choice(sorted(known))]
    kind = rng.choice(_KINDS[::2])
    return await _kept(scene, await _expected(scene, of, kind, _owner(scene, rng, of, kind), "sv", sound))


@rule(0.2)
async def cut_off(scene: Scene, rng: Random) -> str | None:
    """A fault of ours ends the take."""
    if full(scene):
        return None
    of = company(scene, rng)
    kind = rng.choice(_KINDS[:2])
    left = await _expected(scene, of, kind, _owner(scene, rng, of, kind), "sv", scene.next_sound())
    return await _kept(scene, left, interrupted=True)


@rule(0.1)
async def silent(scene: Scene, rng: Random) -> str | None:
    """Nobody speaks."""
    of = company(scene, rng)
    left = await _expected(scene, of, "voice", rng.choice(list(scene.books[of].boxes)), "sv", None)
    kept = await scene.premises.library.takes.keep(of, left.take)
    if kept.ok or kept.result:
        raise Violation("silence was kept", str(kept))
    return f"silence: {kept.says}"


@rule(0.3)
async def left_behind(scene: Scene, rng: Random) -> str | None:
    """A take is spoken, and whoever was to keep it dies."""
    if full(scene):
        return None
    of = company(scene, rng)
    kind = rng.choice(_KINDS)
    left = await _expected(scene, of, kind, _owner(scene, rng, of, kind), "sv", scene.next_sound())
    scene.left.append(left)
    return f"{kind} take {left.take}"


@rule(0.2)
async def brought_in(scene: Scene, rng: Random) -> str | None:
    """A message that Asterisk took while we were away."""
    if full(scene):
        return None
    of, sound = company(scene, rng), scene.next_sound()
    box = rng.choice(list(scene.books[of].boxes))
    file = f"c{scene.number()}_{box}_1.sln16"
    (scene.premises.spool / "survival" / file).write_bytes(sound.raw)
    takes = scene.premises.library.takes
    kept = await takes.bring_in(of, box, file, caller=_CALLER, at=scene.now, lang="sv")
    asked = "SELECT id FROM take WHERE file = ?"
    ((take,),) = scene.premises.rows.ask(asked, f"survival/{file}")
    return await _told(scene, Left(of, take, "voice", box, "sv", sound), kept, interrupted=False)


@rule(0.7)
async def adopt(scene: Scene, rng: Random) -> str | None:
    """What was left behind, and what waits."""
    return await adopted(scene)


def full(scene: Scene) -> bool:
    """Enough is recorded: what a sweep costs grows with it."""
    return sum(len(book.recordings) for book in scene.books.values()) >= _MOST


async def adopted(scene: Scene) -> str:
    found = await scene.premises.library.takes.adopt(set())
    by_take = {one.take: one for one in scene.left}
    for one in found:
        if left := by_take.get(one.take):
            await _told(scene, left, one.kept, interrupted=True)
            if one.kept.result:
                scene.left.remove(left)
    return f"{len(found)} takes"


def _owner(scene: Scene, rng: Random, of: str, kind: TakeKind) -> str:
    """A message for a prompt, else a mailbox."""
    book = scene.books[of]
    return rng.choice(book.messages() if kind == "prompt" else list(book.boxes))


async def _expected(scene: Scene, of: str, kind: TakeKind, owner: str, lang: str, sound: Sound | None) -> Left:
    """The row, then the samples; no samples at all for None, but silence."""
    job = await _job(scene, of, owner, lang) if kind == "prompt" else owner
    take = await scene.premises.library.takes.expect(
        of, kind, job, lang=lang, channel="1.1", caller=_CALLER if kind == "voice" else _PHONE, by=BY
    )
    path = scene.premises.spool / take.file
    path.write_bytes(sound.raw if sound else b"\0" * 32_000)
    return Left(of, take.id, kind, owner, lang, sound or scene.next_sound())


async def _job(scene: Scene, of: str, message: str, lang: str) -> str:
    """A call that is over already: what becomes of calls is not walked here."""
    async with scene.premises.store.begin(of) as tx:
        job = await jobs.add(tx, message, lang, _CALLER, BY, None)
        await jobs.set_state(tx, job.id, JobState.SAVED)
    return job.id


async def _kept(scene: Scene, left: Left, *, interrupted: bool = False) -> str:
    kept = await scene.premises.library.takes.keep(left.company, left.take, interrupted=interrupted)
    return await _told(scene, left, kept, interrupted=interrupted)


async def _told(scene: Scene, left: Left, kept: Kept, *, interrupted: bool) -> str:
    """Writes down what was told; `ok` is a promise, and is looked at."""
    of, sha256 = left.company, left.sound.sha256
    if not kept.result:
        raise Violation("a good take was not kept", str(kept))
    recording = _recording(scene, left, kept.result)
    scene.add(recording, of, heard=recording.kind == "version" and not interrupted)
    if not kept.ok:
        if kept.says != WAITING:
            raise Violation("a good take was not kept", str(kept))
        scene.blame(WAITING)
    else:
        scene.firm[of] = scene.head(of)
        if len(scene.holders(of, sha256)) < max(1, kept.copies):
            raise Violation("saved in fewer copies than told", f"{kept}, {scene.holders(of, sha256)}")
    let_go = not (
        scene.premises.spool / scene.premises.rows.ask("SELECT file FROM take WHERE id = ?", left.take)[0][0]
    ).exists()
    if let_go and len(scene.holders(of, sha256)) < len(scene.copies()):
        raise Violation("the spool let go of a take that not every copy has", f"take {left.take}")
    await promises.readable_one(scene, of, sha256)
    await _heard(scene, of, recording)
    return f"{left.kind} {recording.id} ({sha256[:8]}), {'kept' if kept.ok else kept.says} in {kept.copies} copies"


def _recording(scene: Scene, left: Left, result: str) -> Recording:
    if left.kind == "voice":
        return Recording(result, "voice", left.owner, left.lang, left.sound.sha256, left.take)
    message = scene.books[left.company].boxes.get(left.owner, left.owner)
    return Recording(result, "version", message, left.lang, left.sound.sha256, left.take)


async def _heard(scene: Scene, of: str, recording: Recording) -> None:
    """The next caller hears it, in its own language, wherever it is placed."""
    book = scene.books[of]
    if book.current.get((recording.owner, recording.lang)) != recording.id:
        return
    for slot in [slot for slot, message in book.places.items() if message == recording.owner]:
        playable = await promises.place_plays(scene, of, slot, recording.lang)
        if playable.heard != "own":
            raise Violation("what was just kept is not heard", f"{slot}: {playable}")
