"""The lamp on the telephone: on for a new message, off when it was heard, right again after either side was away."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from pbx.cli.desk import Desk, open_desk
from tests.calls.cast import Cast, Person, invite
from tests.calls.steps import leave
from tests.calls.switchboard import Switchboard
from tests.phone import Mwi, Phone
from tests.phone.other import OtherPhone

WITHIN_S = 2.0
DARK, ONE_NEW, ONE_KEPT = Mwi(False, 0, 0), Mwi(True, 1, 0), Mwi(False, 0, 1)


async def shows(phone: Phone, wanted: Mwi, within_s: float = WITHIN_S) -> None:
    await phone.until(lambda: phone.mwi == wanted, within_s, f"{wanted}, but {phone.mwi}")


async def test_the_lamp_follows_the_mailbox_on_a_phone_that_only_listens(cast: Cast, desk: Desk) -> None:
    async with cast.alva.phone() as phone, cast.bo.phone() as other:
        message = await leave(desk, cast.alva)
        await shows(phone, ONE_NEW)
        await mark(desk, message.id, cast.alva, "kept")
        await shows(phone, ONE_KEPT)
        await mark(desk, message.id, cast.alva, "deleted")
        await shows(phone, DARK)
        assert other.mwi in (None, DARK)


async def test_the_lamp_follows_the_mailbox_on_a_phone_that_asks_for_it(cast: Cast, desk: Desk) -> None:
    async with cast.alva.phone() as phone, cast.alva.phone() as second:
        asked = await phone.ask_for_lamp()
        await phone.until(lambda: asked.mwi == DARK, WITHIN_S, "the first NOTIFY")
        message = await leave(desk, cast.alva)
        await phone.until(lambda: asked.mwi == ONE_NEW, WITHIN_S, f"{ONE_NEW}, but {asked.mwi}")
        await shows(second, ONE_NEW)
        await mark(desk, message.id, cast.alva, "kept")
        await phone.until(lambda: asked.mwi == ONE_KEPT, WITHIN_S, f"{ONE_KEPT}, but {asked.mwi}")
        await shows(second, ONE_KEPT)


async def test_a_phone_that_registers_later_is_told_what_waits(cast: Cast, desk: Desk) -> None:
    async with cast.alva.phone() as early:
        await leave(desk, cast.alva)
        await shows(early, ONE_NEW)
        async with cast.alva.phone() as late:
            await shows(late, ONE_NEW)
            asked = await late.ask_for_lamp()
            await late.until(lambda: asked.mwi == ONE_NEW, WITHIN_S, f"{ONE_NEW}, but {asked.mwi}")


async def test_no_phone_is_told_of_another_companys_messages(cast: Cast, namesake: Person, desk: Desk) -> None:
    async with cast.alva.phone() as alva, namesake.phone() as other:
        await leave(desk, namesake)
        await shows(other, ONE_NEW)
        assert alva.mwi in (None, DARK)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("asks", [True, False], ids=["asks", "listens"])
async def test_the_lamp_of_a_phone_that_is_not_ours_is_right_after_a_restart_of_either_side(
    doomed: Switchboard, tmp_path: Path, asks: bool
) -> None:
    async with open_desk(doomed.settings) as desk:
        alva = (await invite(desk, doomed)).alva
        async with OtherPhone(alva.sip_user, alva.password, doomed.sip, tmp_path, asks=asks) as phone:
            await phone.register()
            message = await leave(desk, alva)
            await lit(phone, ONE_NEW)
            doomed.kill()
            await mark(desk, message.id, alva, "kept")
            await asyncio.sleep(0.5)
            assert await phone.lamp() == ONE_NEW
            doomed.start()
            await lit(phone, ONE_KEPT)
            await leave(desk, alva)
            await lit(phone, Mwi(True, 1, 1))
            os.kill(before := doomed.switch, signal.SIGKILL)
            await doomed.switched(before)
            await phone.register()
            await lit(phone, Mwi(True, 1, 1))
            async with alva.phone() as later:
                await shows(later, Mwi(True, 1, 1))


async def lit(phone: OtherPhone, wanted: Mwi) -> None:
    """Within two seconds from now."""
    limit = time.monotonic() + WITHIN_S
    while (told := await phone.lamp()) != wanted:
        assert time.monotonic() < limit, f"{wanted}, but {told}"
        await asyncio.sleep(0.02)


async def mark(desk: Desk, message: str, person: Person, state: str) -> None:
    await desk.library.mailboxes.mark(person.company.id, message, state, by="test")  # type: ignore[arg-type]
