"""What the service tells of itself: to people, to Prometheus, and in log lines that follow one call."""

import asyncio
import json
import os
import re
import signal
from functools import partial
from typing import Any

import aiohttp
import pytest

from pbx.cli.desk import open_desk
from pbx.web.person import COOKIE
from tests.calls.cast import Cast, hire, invite
from tests.calls.steps import eventually, leave_message, received
from tests.calls.switchboard import Switchboard
from tests.phone import ANSWER, DECLINE, Phone, pseudo_speech

FRESH = (
    "sweep", "scrub", "catalogue", "export", "publish", "own phrases", "standby", "lamps", "adopt", "erasing", "mail",
)  # fmt: skip


async def test_status_tells_phones_calls_and_what_must_be_fresh(board: Switchboard, cast: Cast, outside: Phone) -> None:
    """Calls that last, for a command takes its time on a busy machine."""
    async with cast.alva.phone() as alva, cast.bo.phone() as bo:
        talk = alva.dial(cast.bo.user.extension)
        await (await bo.incoming()).answer()
        await talk.answered(5)
        left = await outside.call(cast.number["Cilla"])
        await left.hear(board.prompt("beep"), timeout_s=30)
        left.speak(pseudo_speech("a caller who says much", 40))
        told = json.loads((await asyncio.to_thread(board.cli, "status", "--json")).stdout)
        for phone, person in ((alva, cast.alva), (bo, cast.bo)):
            shown = f'"{person.user.name}" <{person.user.extension}>'
            assert {"phone": phone.user, "shown": shown, "state": "talking"} in told["phones"]
        [mine] = [leg for leg in told["calls"] if leg["flow"] == "take_message"]
        assert 0 <= mine["age_s"] < 30
        assert told["service"]["serving"]
        assert told["service"]["beat"]["heard_ms"] < 800
        assert not told["service"]["beat"]["deaf"]
        assert told["service"]["beat"]["after"] == ""
        ages = told["service"]["ages"]
        assert set(ages) == set(FRESH)
        assert not any(age["late"] for age in ages.values())
        for what in ("publish", "export", "standby", "lamps", "catalogue", "own phrases", "mail"):
            assert ages[what]["done"], what
        assert told["service"]["vault"]["copies"] == {"1": "ok", "2": "ok"}
        calls = json.loads((await asyncio.to_thread(board.cli, "calls", "--json")).stdout)
        [same] = [leg for leg in calls if leg["flow"] == "take_message"]
        assert (same["id"], same["channel"], same["since"]) == (mine["id"], mine["channel"], mine["since"])
        said = (await asyncio.to_thread(board.cli, "status")).stdout
        assert "Vault: " in said
        assert "Alva" in said
        assert "take_message" in said
        await talk.hangup()
        await left.hangup()


async def test_a_warden_that_does_not_listen_is_told_and_one_that_does_again_is_too(doomed: Switchboard) -> None:
    assert doomed.process
    os.kill(doomed.process.pid, signal.SIGSTOP)
    try:
        deaf = await eventually(partial(_beat, doomed, True), 20, every_s=0.5) or {}
        assert deaf["unread"] > 20
        said = await asyncio.to_thread(doomed.cli, "status", check=False)
        assert said.returncode == 1
        assert "DOES NOT LISTEN" in said.stdout
    finally:
        os.kill(doomed.process.pid, signal.SIGCONT)
    heard = await eventually(partial(_beat, doomed, False), 10, every_s=0.5) or {}
    assert heard["unread"] < 20


async def _beat(board: Switchboard, deaf: bool) -> dict[str, Any] | None:
    """What the service tells of its beat, once it is so."""
    url = f"http://127.0.0.1:{board.settings.metrics_port}/status"
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        beat: dict[str, Any] = (await answer.json())["beat"]
    return beat if beat["deaf"] is deaf else None


async def test_an_administrators_page_tells_how_many_talk(board: Switchboard) -> None:
    accounts, admin = board.demo["accounts"], board.demo["web"]["admin"]
    anna, bjorn = (Phone(accounts[who]["user"], accounts[who]["password"], board.sip) for who in ("201", "202"))
    same_site = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "sv"}
    async with anna, bjorn, aiohttp.ClientSession(board.demo["web"]["url"], headers=same_site) as browser:
        await anna.register()
        await bjorn.register()
        talk = anna.dial("202")
        await (await bjorn.incoming()).answer()
        await talk.answered(5)
        known = {"email": admin["email"], "password": admin["password"]}
        async with browser.post("/sign-in", data=known, allow_redirects=False) as answer:
            token = answer.cookies[COOKIE].value
        async with browser.get("/vault", headers={"Cookie": f"{COOKIE}={token}"}) as answer:
            assert "<dt>Telefoner i samtal</dt><dd>2</dd>" in await answer.text()
        await talk.hangup()


async def test_prometheus_is_told_on_loopback_alone_and_of_nobody(board: Switchboard, cast: Cast) -> None:
    before = board.metrics()
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await call.hear(board.prompt("vm-main"))
        during = board.metrics()
        assert during['vaxel_calls_held{flow="voicemail"}'] == before.get('vaxel_calls_held{flow="voicemail"}', 0) + 1
        assert during["vaxel_phones_registered"] >= 1
        assert during["vaxel_asterisk_up"] == 1
        await call.hangup()

    async def ended() -> bool:
        name = 'vaxel_calls_total{flow="voicemail",how="hungup"}'
        return board.metrics().get(name, 0) == before.get(name, 0) + 1

    await eventually(ended)
    after = board.metrics()
    assert after["vaxel_loop_lag_seconds_count"] > before["vaxel_loop_lag_seconds_count"]
    assert {name for name in after if name.startswith("vaxel_age_seconds")} == {
        f'vaxel_age_seconds{{what="{what}"}}' for what in FRESH
    }
    assert after["vaxel_vault_copies_out"] == 0
    assert {
        'vaxel_vault_objects_lacking{copy="1"}', 'vaxel_vault_objects_lacking{copy="2"}',
        "vaxel_catalogue_entries_lagging", "vaxel_losses_open",
    } <= set(after)  # fmt: skip
    assert cast.alva.user.name not in " ".join(after)
    assert not re.search(r"\+46", " ".join(after))


@pytest.mark.timeout(240)
async def test_one_id_follows_a_call_through_dialplan_agi_ari_and_store(doomed: Switchboard) -> None:
    doomed.stop()
    doomed.extra |= {"PBX_LOG_FORM": "json", "PBX_LOG_LEVEL": "DEBUG"}
    doomed.start()
    async with open_desk(doomed.settings) as desk:
        cast = await invite(desk, doomed)
        async with doomed.phone() as phone, cast.alva.phone() as alva:
            alva.policy = DECLINE
            await leave_message(phone, doomed, cast.number["Alva"])

            async def there() -> bool:
                return bool(await received(desk, cast.alva))

            await eventually(there)
            phone.policy = ANSWER
            checked = await desk.companies.add("Granskat AB", outgoing="checked", by="test")
            cilla = await hire(desk, doomed, checked, "Cilla", extension="201")
            await doomed.knows(f"{checked.id}/201")
            async with cilla.phone() as cillas:
                await (await cillas.call("+46735123456")).hangup()
    lines = [json.loads(line) for line in doomed.log.splitlines() if line.startswith("{")]
    [call] = {line["call"] for line in lines if line["name"] == "ari_app.runner" and "take_message" in line["message"]}
    about = [line for line in lines if line["call"] == call]
    assert {"ari_app.runner", "ari_app.line", "pbx.store.store"} <= {line["name"] for line in about}
    dialplan = (doomed.var / "asterisk" / "log" / "messages.log").read_text()
    told = [json.loads(line)["logmsg"]["message"] for line in dialplan.splitlines() if call in line]
    assert any("rings a user" in line for line in told)
    assert any("take_message" in line for line in told)
    [asked] = [line for line in lines if line["name"] == "agi_scripts.answers.server"]
    assert "answered yes" in asked["message"]
    assert any(f"{asked['call']} +46735123456: out" in line for line in dialplan.splitlines())
