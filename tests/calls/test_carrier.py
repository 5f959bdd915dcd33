"""A carrier that is registered with: calls go out to it and come in from it, and nobody goes through us to it."""

import asyncio
import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from pbx.cli.desk import open_desk
from tests.calls.cast import Cast, invited
from tests.calls.conftest import channels_left, copy
from tests.calls.steps import WORDS, announcement, eventually
from tests.calls.switchboard import Switchboard
from tests.phone import ANSWER, Call, CallRefused, Phone, pseudo_speech

REPLY = pseudo_speech("an answer from the other end", 1.2)


@dataclass(frozen=True)
class Net:
    """Our switchboard, and another that carries for it; who is on each. Their numbers differ."""

    ours: Switchboard
    theirs: Switchboard
    here: Cast
    there: Cast


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[Net]:
    folder = tmp_path_factory.mktemp("net")
    ours, theirs = copy(seeded, folder / "ours", 1), copy(seeded, folder / "theirs", 2)
    theirs.extra["PBX_TRUNK"] = f"PJSIP/outside/sip:{{number}}@127.0.0.1:{ours.settings.sip_port}"
    theirs.start()
    account = theirs.demo["accounts"]["outside"]
    ours.extra["PBX_CARRIER"] = f"sip://{account['user']}:{account['password']}@127.0.0.1:{theirs.settings.sip_port}"
    ours.start()
    try:
        yield Net(ours, theirs, asyncio.run(invited(ours)), asyncio.run(invited(theirs)))
    finally:
        ours.stop()
        theirs.stop()


async def talk(caller: Call, called: Call) -> None:
    caller.speak(np.tile(WORDS, 3))
    await called.hear(WORDS)
    called.speak(np.tile(REPLY, 3))
    await caller.hear(REPLY)


async def stands(board: Switchboard, how: str) -> bool:
    """What `vaxel status` tells of the carrier."""
    told = await asyncio.to_thread(board.cli, "status", "--json", check=False)
    return str(json.loads(told.stdout)["carrier"]) == how


async def registered(board: Switchboard) -> float:
    return (await asyncio.to_thread(board.metrics))["vaxel_phones_registered"]


def shown(board: Switchboard, company: str) -> str:
    """The number that the company shows to whom it calls."""
    with closing(sqlite3.connect(f"file:{board.settings.routes_db}?mode=ro", uri=True)) as routes:
        [number] = routes.execute("SELECT target FROM routes WHERE number = ?", (f"{company}/out",)).fetchone()
    return str(number)


async def test_a_user_calls_out_and_is_called_through_the_carrier(net: Net) -> None:
    await eventually(lambda: stands(net.ours, "registered"), 10)
    async with net.here.alva.phone() as here, net.there.alva.phone() as there:
        here.policy = there.policy = ANSWER
        for caller, called, number, number_shown in (
            (here, there, net.there.number["Alva"], shown(net.ours, net.here.alva.company.id)),
            (there, here, net.here.number["Alva"], shown(net.theirs, net.there.alva.company.id)),
        ):
            call = await caller.call(number)
            answered = await called.incoming()
            assert answered.from_user == number_shown
            assert await registered(net.ours) == 1  # the carrier is none
            assert await registered(net.theirs) == 2
            await talk(call, answered)
            await call.hangup()
    assert await channels_left(net.ours) == await channels_left(net.theirs) == []


async def test_a_recording_call_goes_out_through_the_carrier(net: Net) -> None:
    """To Alva's mobile, which is a telephone of the other switchboard here."""
    async with open_desk(net.ours.settings) as ours, net.there.alva.phone() as there:
        there.policy = ANSWER
        company = net.here.alva.company
        await ours.people.add_number(
            company.id, net.here.alva.user.id, net.there.number["Alva"], ours.settings.countries, by="test"
        )
        message = await announcement(ours, company.id, "nät", {"sv": "Läs det här, tack."})
        asked = await ours.library.jobs.request(
            company.id, message.id, "sv", net.there.number["Alva"], asked_by=net.here.alva.user.id
        )
        call = await there.incoming(timeout_s=15)
        await call.hear(net.ours.prompt("rec-press-1"), timeout_s=20)
        await call.press("1")
        await call.hear(net.ours.prompt("beep"), timeout_s=10)
        await call.say(WORDS)
        await call.hangup()

        async def saved() -> bool:
            return (await ours.library.jobs.get(company.id, asked.id)).state == "saved"

        await eventually(saved, 10)


NOT_OURS = [
    "112", "(112", "112.", "11-2", "112a", "201", "333", "{there}", "46735123456", "+46900123456", "0046735123456",
    "x; DROP",
]  # fmt: skip


@pytest.mark.parametrize("number", NOT_OURS)
async def test_what_the_carrier_brings_is_for_our_numbers_and_never_goes_out_again(net: Net, number: str) -> None:
    """Nor to 112, and to no extension: whoever can send from its address could make calls at our cost."""
    async with net.there.alva.phone() as there, Phone("46850", "", net.ours.sip) as stranger:
        there.policy = ANSWER
        with pytest.raises(CallRefused):
            await stranger.call(number.format(there=net.there.number["Alva"]))
        assert there.rung == 0
    assert await channels_left(net.ours) == []


@pytest.mark.parametrize("form", ["{}", "{0[1]}{0[2]}{digits}", "0{digits}", "00{0[1]}{0[2]}{digits}"])
async def test_a_number_comes_in_however_the_carrier_writes_it(net: Net, form: str) -> None:
    number = net.here.number["Bo"]
    async with Phone("0701740605", "", net.ours.sip) as stranger:
        call = await stranger.call(form.format(number, digits=number[3:]))
        await call.hear(net.ours.prompt("beep"), timeout_s=15)
        await call.hangup()


@pytest.mark.parametrize("to", ["{}", "0{rest}", "112", "201", "outside"])
async def test_where_the_request_names_our_account_to_alone_tells_the_number(net: Net, to: str) -> None:
    number = net.here.number["Bo"]
    uri = f"<sip:{to.format(number, rest=number[3:])}@127.0.0.1>"
    async with Phone("0701740605", "", net.ours.sip) as stranger:
        call = stranger.dial("outside", headers={"To": uri})
        if "{" not in to:
            with pytest.raises(CallRefused):
                await call.answered()
            return
        await call.hear(net.ours.prompt("beep"), timeout_s=15)
        await call.hangup()


async def test_a_carrier_that_refuses_us_is_told_and_asked_again(net: Net) -> None:
    user, _, rest = net.ours.extra["PBX_CARRIER"].rpartition(":")[0].partition("@")
    with carried_by(net.ours, f"{user}x@{rest}:{net.theirs.settings.sip_port}"):
        await eventually(lambda: stands(net.ours, "rejected"), 10)
        told = await asyncio.to_thread(net.ours.cli, "status", check=False)
        assert told.returncode == 1
        assert "Carrier: rejected" in told.stdout
        assert (await asyncio.to_thread(net.ours.metrics))["vaxel_carrier_up"] == 0
    await eventually(lambda: stands(net.ours, "registered"), 10)
    assert (await asyncio.to_thread(net.ours.metrics))["vaxel_carrier_up"] == 1


async def test_a_carrier_is_reached_over_tcp(net: Net) -> None:
    with carried_by(net.ours, net.ours.extra["PBX_CARRIER"].replace("sip:", "sip+tcp:")):
        await eventually(lambda: stands(net.ours, "registered"), 10)
        async with net.here.alva.phone() as here, net.there.alva.phone() as there:
            there.policy = ANSWER
            call = await here.call(net.there.number["Alva"])
            await talk(call, await there.incoming())
            await call.hangup()
    await eventually(lambda: stands(net.ours, "registered"), 10)


async def test_who_calls_out_while_the_carrier_is_silent_is_soon_told_so(net: Net) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.setblocking(False)
        with carried_by(net.ours, f"sip://127.0.0.1:{silent.getsockname()[1]}"):
            await asyncio.sleep(4)  # it is asked at the start, and has 3 s
            await eventually(lambda: stands(net.ours, "silent"), 10)
            async with net.here.alva.phone() as here:
                call = here.dial(net.there.number["Alva"])
                await call.hear(net.ours.prompt("no-line")[800:2600], timeout_s=2)
                assert (await call.hung_up()).by == "refused"
                emergency = here.dial("112")
                async with asyncio.timeout(5):
                    while not (await asyncio.get_running_loop().sock_recv(silent, 4096)).startswith(b"INVITE sip:112@"):
                        pass
                await emergency.hangup()


@contextmanager
def carried_by(board: Switchboard, carrier: str) -> Iterator[None]:
    """Restarted with another carrier, and with its own afterwards."""
    own = board.extra["PBX_CARRIER"]
    _restarted(board, carrier)
    try:
        yield
    finally:
        _restarted(board, own)


def _restarted(board: Switchboard, carrier: str) -> None:
    board.stop()
    board.extra["PBX_CARRIER"] = carrier
    board.start()
