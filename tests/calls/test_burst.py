"""Three hundred calls come in one second, on a machine that answers fewer."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import sipp
from pbx.cli.desk import open_desk
from pbx.demo import COMPANY_NUMBER
from pbx.store.values import Target
from tests.calls.conftest import channels_left, copy
from tests.calls.steps import longest_quiet
from tests.calls.switchboard import Switchboard

CALLS = 300
QUIET_S = 2.0


@pytest.fixture
def roomy(tmp_path: Path, seeded: Path) -> Iterator[Switchboard]:
    """A switchboard of the test's own, with ports for all of them."""
    made = copy(seeded, tmp_path / "var", 1)
    made.extra |= {"PBX_RTP_START": "61000", "PBX_RTP_END": "62999"}
    made.start()
    yield made
    made.stop()


@pytest.mark.late
@pytest.mark.timeout(1800)  # with the wait for the others
async def test_each_of_three_hundred_calls_in_a_second_is_served_and_nothing_is_left(
    roomy: Switchboard, tmp_path: Path
) -> None:
    async with open_desk(roomy.settings) as desk, roomy.phone() as outside:
        company = await desk.company(None)
        [menu] = [menu for menu in await desk.menus.all(company.id) if menu.name == "Huvudmeny"]
        await desk.menus.set_choice(company.id, menu.id, "5", Target("hangup"), by="test")
        welcome = await desk.library.messages.playable(company.id, "menu", f"{menu.id}/welcome", "sv")
        given = roomy.demo["accounts"]["outside"]
        account = sipp.Account(given["user"], given["password"])
        burst = asyncio.create_task(
            sipp.run(tmp_path, "menu", COMPANY_NUMBER, roomy.sip, account, rate=CALLS, calls=CALLS)
        )
        await asyncio.sleep(0.5)
        began = time.monotonic()
        call = outside.dial(COMPANY_NUMBER)
        await call.hear(roomy.published(welcome.media[0]), timeout_s=30)
        told = time.monotonic()
        assert call.answered_at
        quiet = longest_quiet(call, call.answered_at, told)
        print(f"the one among them was answered after {call.answered_at - began:.2f} s, heard the welcome to its end "
              f"{told - began:.2f} s after it had dialled, and nothing for {quiet:.2f} s at most")  # fmt: skip
        await call.hangup()
        ran = await burst
        print(f"{ran.good} good and {ran.failed} failed in {ran.seconds:.1f} s")
    assert (ran.good, ran.failed) == (CALLS, 0)
    assert quiet < QUIET_S
    assert await channels_left(roomy) == []
