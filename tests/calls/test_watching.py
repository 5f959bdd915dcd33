"""Who is registered, who rings, who talks: as Asterisk tells it to the account that may only watch."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from pbx.ami import CallEnded, CallIs, Event, PhoneIs, Watch
from pbx.asterisk.secrets import have_secrets
from tests.calls.cast import Cast
from tests.calls.switchboard import Switchboard


@pytest.fixture
async def watch(board: Switchboard) -> Watch:
    secrets = have_secrets(board.settings.secrets)
    return Watch("127.0.0.1", board.settings.ami_port, "watch", secrets.ami_watch_password)


async def test_a_phone_comes_rings_talks_and_goes(cast: Cast, watch: Watch) -> None:
    bo = cast.bo.sip_user
    events = watch.events()
    async with cast.alva.phone() as alva:
        begun = asyncio.create_task(anext(events))
        await asyncio.sleep(0.2)
        async with cast.bo.phone() as phone:
            await begun
            await until_is(events, watch, bo, "idle")
            assert bo in (await watch.look()).present
            call = alva.dial(cast.bo.user.extension)
            other = await phone.incoming()
            await until_is(events, watch, bo, "ringing")
            await other.answer()
            await call.answered(5)
            await until_is(events, watch, bo, "talking")
            legs = [leg for leg in watch.board.calls.values() if leg.phone in (bo, cast.alva.sip_user)]
            assert len(legs) == 2
            assert all(isinstance(leg, CallIs) for leg in legs)
            await call.hangup()
            gone: set[str] = set()
            async with asyncio.timeout(5):
                async for event in events:
                    if isinstance(event, CallEnded):
                        gone.add(event.id)
                    if gone >= {leg.id for leg in legs}:
                        break
            await until_is(events, watch, bo, "idle")
        await until_is(events, watch, bo, "away")
        assert bo not in (await watch.look()).present
    await events.aclose()


async def until_is(events: AsyncGenerator[Event, None], watch: Watch, phone: str, state: str) -> None:
    async with asyncio.timeout(5):
        while watch.board.phones.get(phone, PhoneIs(phone, "away")).state != state:
            await anext(events)
