"""Takes: a call begins, somebody speaks, hangs up, or is cut off; what is left behind is adopted."""

from random import Random

from pbx.library import Kept
from pbx.library.keeping import WAITING
from pbx.rules.jobs import JobState
from pbx.rules.numbers import Extension, Number
from pbx.store import jobs
from pbx.store.values import TakeKind
from tests.model import promises
from tests.model.book import Recording
from tests.model.rules.rule import company, one_of, rule
from tests.model.scene import BY, Held, Scene, Violation
from tests.model.sounds import Sound

_CALLER, _PHONE = Number("+46701740606"), Extension("201")
_KINDS: tuple[TakeKind, ...] = ("voice", "voice", "greeting", "prompt", "prompt")
_SILENCE = bytes(32_000)
MOST = 34
"""Recordings in both companies: what a sweep costs grows with them."""


@rule(3)
async def call_begins(scene: Scene, rng: Random) -> str | None:
    """A caller is to leave a message, somebody to record their greeting, or to read in a message."""
    if scene.recordings + len(scene.held) >= MOST:
        return None
    of, kind, lang = company(scene, rng), rng.choice(_KINDS), rng.choice(("sv", "sv", "en"))
    book = scene.books[of]
    owner = rng.choice(book.messages() if kind == "prompt" else list(book.boxes))
    return f"{kind} in {lang}: {(await expected(scene, of, kind, owner, lang)).take}"


@rule(3)
async def speaks(scene: Scene, rng: Random) -> str | None:
    """Says something new; or the same as somebody before, perhaps erased since; or nothing."""
    held = one_of(rng, [held for held in scene.held if held.sound is None and not held.silent])
    if held is None:
        return None
    known = scene.spoken(held.company)
    dice = rng.random()
    if dice < 0.07:
        held.silent = True
    else:
        held.sound = scene.sounds[rng.choice(known)] if dice < 0.2 and known else scene.next_sound()
    (scene.premises.spool / held.file).write_bytes(held.sound.raw if held.sound else _SILENCE)
    return f"{held.take}: {held.sound.sha256[:8] if held.sound else 'silence'}"


@rule(3)
async def hangs_up(scene: Scene, rng: Random) -> str | None:
    """By themselves, or because of a fault of ours."""
    held = one_of(rng, [held for held in scene.held if held.sound or held.silent])
    if held is None:
        return None
    interrupted = rng.random() < 0.1
    kept = await scene.premises.library.takes.keep(held.company, held.take, interrupted=interrupted)
    return await told(scene, held, kept, interrupted=interrupted)


@rule(0.2)
async def brought_in(scene: Scene, rng: Random) -> str | None:
    """A message that Asterisk took while we were away."""
    if scene.recordings >= MOST:
        return None
    of, sound = company(scene, rng), scene.next_sound()
    box = rng.choice(list(scene.books[of].boxes))
    name = f"c{scene.number()}_{box}_1.sln16"
    (scene.premises.spool / "survival" / name).write_bytes(sound.raw)
    takes = scene.premises.library.takes
    kept = await takes.bring_in(of, box, name, caller=_CALLER, at=scene.now, lang="sv")
    ((take,),) = scene.premises.rows.ask("SELECT id FROM take WHERE file = ?", f"survival/{name}")
    held = Held(of, take, f"survival/{name}", "", "voice", box, "sv", sound)
    scene.held.append(held)
    return await told(scene, held, kept, interrupted=False)


@rule(0.4)
async def adopt(scene: Scene, rng: Random) -> str | None:
    """What nobody holds any more, and what waits; some calls go on."""
    return await adopted(scene, {held.channel for held in scene.held if rng.random() < 0.7})


async def adopted(scene: Scene, still: set[str] | None = None) -> str:
    going_on = still or set()
    left = {held.take for held in scene.held if held.channel not in going_on}
    found = await scene.premises.library.takes.adopt(left if still else None)
    by_take = {one.take: one for one in scene.held}
    for one in found:
        if held := by_take.get(one.take):
            if held.channel in going_on:
                raise Violation("a take was adopted whose call goes on", held.take)
            await told(scene, held, one.kept, interrupted=True)
    return f"{len(found)} takes"


async def expected(scene: Scene, of: str, kind: TakeKind, owner: str, lang: str) -> Held:
    """The row before the samples. `owner`: a message for a prompt, else a mailbox."""
    channel = f"1.{scene.number()}"
    job = await _job(scene, of, owner, lang) if kind == "prompt" else owner
    take = await scene.premises.library.takes.expect(
        of, kind, job, lang=lang, channel=channel, caller=_CALLER if kind == "voice" else _PHONE, by=BY
    )
    scene.held.append(Held(of, take.id, take.file, channel, kind, owner, lang))
    return scene.held[-1]


async def _job(scene: Scene, of: str, message: str, lang: str) -> str:
    """A call that is over already: what becomes of calls is not walked here."""
    async with scene.premises.store.begin(of) as tx:
        job = await jobs.add(tx, "record", [(message, lang)], _CALLER, BY, None)
        await jobs.set_state(tx, job.id, JobState.SAVED)
    return job.id


async def told(scene: Scene, held: Held, kept: Kept, *, interrupted: bool) -> str:
    """Writes down what was told; `ok` is a promise, and is looked at."""
    of = held.company
    scene.held.remove(held)
    if held.sound is None:
        if kept.ok or kept.result:
            raise Violation("silence was kept", str(kept))
        return f"{held.take}: {kept.says}"
    if not kept.result or (not kept.ok and kept.says != WAITING):
        raise Violation("a good take was not kept", str(kept))
    recording = _recording(scene, held, held.sound, kept.result)
    scene.add(recording, of, heard=recording.kind == "version" and not interrupted)
    _where(scene, held, held.sound, kept)
    await promises.readable_one(scene, of, recording.sha256)
    await _heard(scene, of, recording)
    how = "kept" if kept.ok else kept.says
    return f"{held.kind} {recording.id} ({recording.sha256[:8]}): {how} in {kept.copies} copies"


def _where(scene: Scene, held: Held, sound: Sound, kept: Kept) -> None:
    """Saved is what is in as many copies as was told; and the spool holds what not all of them have."""
    of, holders = held.company, scene.holders(held.company, sound.sha256)
    if not kept.ok:
        scene.blame(WAITING)
    else:
        scene.firm[of] = scene.head(of)
        if len(holders) < max(scene.minimum(), kept.copies):
            raise Violation("saved in fewer copies than told", f"{kept}, {holders}")
    if not (scene.premises.spool / held.file).exists() and len(holders) < len(scene.copies()):
        raise Violation("the spool let go of a take that not every copy has", held.take)


def _recording(scene: Scene, held: Held, sound: Sound, result: str) -> Recording:
    if held.kind == "voice":
        return Recording(result, "voice", held.owner, held.lang, sound.sha256, held.take)
    message = scene.books[held.company].boxes.get(held.owner, held.owner)
    return Recording(result, "version", message, held.lang, sound.sha256, held.take)


async def _heard(scene: Scene, of: str, recording: Recording) -> None:
    """The next caller hears it, in its own language, wherever it is placed."""
    book = scene.books[of]
    if book.current.get((recording.owner, recording.lang)) != recording.id:
        return
    for slot in [slot for slot, message in book.places.items() if message == recording.owner]:
        playable = await promises.place_plays(scene, of, slot, recording.lang)
        if playable.heard != "own":
            raise Violation("what was just kept is not heard", f"{slot}: {playable}")
