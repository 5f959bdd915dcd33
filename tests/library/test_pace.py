"""Nobody keeps the machine busy by having a voice read all day."""

import pytest

from pbx.errors import Refused
from pbx.library.pace import Pace
from tests.store.world import World


async def test_each_person_and_each_company_is_slowed_down_for_an_hour_at_most(world: World) -> None:
    pace, exempel = Pace(world.store, 3, 6), world.exempel.id
    for _ in range(3):
        await pace.speech(exempel, "web:201")
    with pytest.raises(Refused, match="too-much-speech"):
        await pace.speech(exempel, "web:201")
    await pace.speech(exempel, "web:202")
    await pace.speech(world.annat.id, "web:201")
    await pace.speech(exempel, "web:203")  # the sixth: whoever was refused had asked, too
    with pytest.raises(Refused, match="too-much-speech"):
        await pace.speech(exempel, "web:203")
    await pace.speech(exempel, "cli:root")
    world.clock.pass_(hours=1, seconds=1)
    await pace.speech(exempel, "web:201")
