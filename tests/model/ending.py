"""How a walk ends: the disks are put right, the operator does the rest, and then everything is as it should be."""

from collections.abc import Awaitable, Callable

from tests.model import promises, proofs
from tests.model.rules.database import same_rows
from tests.model.rules.disks import put_right
from tests.model.rules.erasing import obeyed
from tests.model.rules.operating import exported, published, refilled, restarted, scrubbed, swept
from tests.model.rules.recording import adopted
from tests.model.scene import Scene, Violation


async def ended(scene: Scene, took: Callable[[str], None]) -> None:
    """`took`: told of each step."""
    for copy in scene.copies():
        await put_right(scene, copy)
    for _ in range(2):  # one that was refilled may be what another is filled from
        await swept(scene)  # which freezes a copy that nobody has looked at since
        took("sweep")
        for copy in [copy for copy in scene.copies() if copy.frozen]:
            await refilled(scene, copy)
            took("refill")
    for rule, step in _LAST:
        await step(scene)
        took(rule)
    await _all_is_well(scene)
    await restarted(scene)
    took("restart")
    scene.note()


async def _released(scene: Scene) -> None:
    brake = scene.premises.library.brake
    for company in scene.companies:
        if await brake.is_on(company):
            await scene.edit(company, lambda of=company: brake.release(of, by="model"), lambda: None)  # type: ignore[misc]


async def _all_is_well(scene: Scene) -> None:
    if ill := [copy.name for copy in scene.copies() if not scene.takes(copy)]:
        raise Violation("a copy that was put right takes no writes", f"{ill}")
    for company in scene.companies:
        if scene.premises.rows.orders(company):
            raise Violation("erase orders are not obeyed though every copy is well", company)
        if spooled := scene.premises.rows.in_spool(company):
            raise Violation("the spool still holds what every copy has", f"{spooled}")
    promises.rows_as_told(scene)
    promises.reported(scene)
    promises.erased_is_gone(scene)
    await promises.readable(scene)
    await promises.every_place_plays(scene, "sv", "en")
    await promises.apart(scene)
    for copy in scene.copies():
        for company in scene.companies:
            if not proofs.rebuilds(scene, company, copy):
                raise Violation("a copy's catalogue is not whole after a scrub", f"copy {copy.name}, {company}")
    await same_rows(scene, scene.copies()[0].name, anew=False)


_LAST: tuple[tuple[str, Callable[[Scene], Awaitable[object]]], ...] = (
    ("adopt", adopted), ("scrub", scrubbed), ("sweep", swept), ("export", exported), ("adopt", adopted),
    ("release", _released), ("obey", obeyed), ("export", exported), ("publish", published),
)  # fmt: skip
