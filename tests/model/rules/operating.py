"""What runs by itself in the service, and what the operator does."""

from random import Random

from pbx.vault import Diverged, TooFewCopies
from pbx.vault.errors import CannotAdd, CannotRefill, CannotRetire, NotWritten
from tests.model import promises, proofs, truth
from tests.model.rules.disks import may_lose, put_right
from tests.model.rules.recording import adopted
from tests.model.rules.rule import one_of, rule
from tests.model.scene import Scene, Violation
from tests.model.truth import Registered


@rule(0.7)
async def sweep(scene: Scene, rng: Random) -> str | None:
    return await swept(scene)


async def swept(scene: Scene) -> str:
    done = await scene.premises.library.proof.sweep()
    promises.reported(scene)
    proofs.there_again(scene)
    return str(done)


@rule(0.1)
async def scrub(scene: Scene, rng: Random) -> str | None:
    return await scrubbed(scene)


async def scrubbed(scene: Scene) -> str:
    """As the command does: a look at everything first."""
    await swept(scene)
    try:
        done = await scene.premises.library.proof.scrub()
    except TooFewCopies:
        scene.blame("no scrub", needs=1)
        return "no copy can be read"
    proofs.whole_again(scene)
    await proofs.told_corrupt(scene)
    return f"{done.files} files, {done.healed} healed, {len(done.unhealed)} not"


@rule(1.8, refills=True)
async def refill(scene: Scene, rng: Random) -> str | None:
    """A copy that is frozen is filled by the operator, who first looks after its disk, mostly."""
    copy = one_of(rng, [copy for copy in scene.copies() if copy.frozen])
    if copy is None:
        return None
    if rng.random() < 0.8:
        await put_right(scene, copy)
    return await refilled(scene, copy)


async def refilled(scene: Scene, copy: Registered) -> str:
    vault, library = scene.premises.vault, scene.premises.library
    able = scene.premises.make(copy.folder).mode == "well" and copy.folder.is_dir()
    mark = truth.mark_in(copy.folder)
    twin = any(mark == other.mark for other in scene.copies() if other.name != copy.name)
    try:
        done = await vault.refill(copy.name, erased=library.erased)
    except (CannotRefill, NotWritten, TooFewCopies) as refused:
        if able and not twin and mark not in scene.retired:
            raise Violation("a copy that is well cannot be refilled", str(refused)) from refused
        return f"copy {copy.name}: {refused}"
    for company in scene.companies:
        try:
            await library.catalogue.export_to_all(company)
        except TooFewCopies:
            scene.blame("no export")
    return str(done)


@rule(0.15)
async def publish(scene: Scene, rng: Random) -> str | None:
    """What is wanted and not there."""
    return await published(scene)


async def published(scene: Scene) -> str:
    library, made = scene.premises.library, 0
    for company in scene.companies:
        wanted = await library.published.wanted(company)
        made += len(wanted) - len(await library.published.publish(company, wanted))
    await proofs.own_is_heard(scene)
    return f"{made} files"


@rule(0.6)
async def export(scene: Scene, rng: Random) -> str | None:
    """What some copy lacks of the catalogue."""
    return await exported(scene)


async def exported(scene: Scene) -> str:
    done: list[str] = []
    for company in scene.companies:
        try:
            done.append(str(await scene.premises.library.catalogue.export_to_all(company)))
        except TooFewCopies as refused:
            scene.blame(f"no export: {refused}")
            done.append(str(refused))
        except Diverged as split:
            raise Violation("the catalogue is split", str(split)) from split
        else:
            scene.firm[company] = scene.head(company)
    return ", ".join(done)


@rule(0.15)
async def restart(scene: Scene, rng: Random) -> str | None:
    await restarted(scene)
    return "closed and opened again"


async def restarted(scene: Scene) -> None:
    await scene.premises.stop()
    await scene.late()
    await scene.premises.start()
    promises.rows_as_told(scene)
    await adopted(scene)


@rule(0.15, refills=True)
async def add_copy(scene: Scene, rng: Random) -> str | None:
    """A third one, filled at once."""
    if len(scene.copies()) > 2:
        return None
    path = scene.premises.root / f"c{scene.number()}"
    try:
        name = await scene.premises.vault.add_copy(path)
    except CannotAdd as refused:
        raise Violation("a copy cannot be added", str(refused)) from refused
    (copy,) = [copy for copy in scene.copies() if copy.name == name]
    return f"copy {name}: {await refilled(scene, copy)}"


@rule(0.15)
async def retire_copy(scene: Scene, rng: Random) -> str | None:
    if len(scene.copies()) < 3:
        return None
    copy = rng.choice(scene.copies())
    if not may_lose(scene, copy):
        return None
    others = [one.folder for one in scene.copies() if one.name != copy.name]
    here = [used for used in scene.in_use() if truth.object_in(copy.folder, *used).exists()]
    alone = [used for used in here if not any(truth.object_in(folder, *used).exists() for folder in others)]
    proves = scene.proves(copy)
    try:
        await scene.premises.vault.retire_copy(copy.name)
    except (CannotRetire, TooFewCopies) as refused:
        return f"copy {copy.name}: {refused}"
    if alone and proves:
        raise Violation("a copy was retired that alone had something", f"copy {copy.name}: {alone}")
    scene.retired[copy.mark] = copy.folder
    return f"copy {copy.name}"
