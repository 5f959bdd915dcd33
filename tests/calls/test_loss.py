"""All audio is gone: no call goes silent, the loss is known by name within a minute, the places are as they were."""

import json
import shutil
import time
from pathlib import Path

import pytest

from pbx.cli.desk import Desk, open_desk
from pbx.library import MessageView
from pbx.store.values import Target
from tests.calls.cast import Cast, invite, new_number
from tests.calls.steps import WORDS, eventually, holds, leave_message, record_greeting
from tests.calls.switchboard import Switchboard
from tests.calls.test_record_prompt import Recording
from tests.phone import Pcm, Phone, pseudo_speech

AGAIN = pseudo_speech("the same prompt once more", 1.4)
KNOWN_WITHIN_S = 60
ALL_KINDS = {"welcome", "greeting", "voice"}


def empty(folder: Path) -> None:
    """`rm -rf folder/*`, dots too."""
    for inside in folder.iterdir():
        if inside.is_dir():
            shutil.rmtree(inside)
        else:
            inside.unlink()


async def read_in(board: Switchboard, cast: Cast, outside: Phone, message: str, words: Pcm) -> tuple[int, list[str]]:
    """An administrator has `outside` rung up, who reads the message in and hangs up."""
    async with Recording(board, cast.alva.company.name, message, cast.alva.mobile) as job:
        call = await outside.incoming(timeout_s=30)
        await call.answer()
        # Without the one that reads the script out, for as long as that has not been spoken again.
        asked = {key: board.prompt(key) for key in ("rec-press-1", "rec-press-1-only")}
        await call.hear_one_of(asked, timeout_s=15)
        await call.press("1")
        await call.hear(board.prompt("beep"))
        await call.say(words)
        await call.hangup()
        status, states, _ = await job.end(30)
    return status, states


async def menu_with_a_welcome(desk: Desk, board: Switchboard, cast: Cast) -> str:
    """The number of a menu whose welcome is the message `hej`."""
    company = cast.alva.company.id
    message = await desk.library.messages.add(company, "hej", "welcome", scripts={"sv": "Hej och hå."}, by="test")
    menu = await desk.menus.add(company, "loss", fallback=Target("mailbox", cast.alva.mailbox.id), by="test")
    await desk.library.messages.place(company, "menu", f"{menu.id}/welcome", message.id, by="test")
    number = await new_number(desk, cast.alva.company, "menu", menu.id)
    await board.knows(number)
    return number


def listed(board: Switchboard, cast: Cast, name: str) -> dict[str, object]:
    told = json.loads(board.cli("messages", "--json", "--company", cast.alva.company.name).stdout)
    return next(one for one in told if one["name"] == name)


async def viewed(desk: Desk, cast: Cast, name: str) -> MessageView:
    """The same without a command, to look again and again."""
    return next(view for view in await desk.library.messages.all(cast.alva.company.id) if view.name == name)


@pytest.mark.timeout(300)
async def test_all_audio_is_gone_and_nobody_hears_silence(doomed: Switchboard) -> None:
    async with open_desk(doomed.settings) as desk, doomed.phone() as outside:
        cast = await invite(desk, doomed)
        number = await menu_with_a_welcome(desk, doomed, cast)
        assert (await read_in(doomed, cast, outside, "hej", WORDS))[0] == 0
        async with cast.alva.phone() as alva:
            call = await alva.call("333")
            await record_greeting(call, doomed)
            await call.hangup()
            await alva.unregister()
        await leave_message(outside, doomed, cast.number["Alva"])
        places = listed(doomed, cast, "hej")["places"]

        talking = await outside.call(number)
        await talking.hear(WORDS)
        for copy in doomed.settings.vault_copies:
            empty(copy)
        empty(doomed.settings.published)
        gone = time.monotonic()
        at_once = await outside.call(number)
        await at_once.sound(2)
        await at_once.hangup()
        assert talking.end is None
        await talking.hangup()

        async def known() -> bool:
            async with open_desk(doomed.settings) as now:
                kinds = {line.kind for line in await now.library.ledger.all(cast.alva.company.id)}
                return (await viewed(now, cast, "hej")).state == "missing" and kinds == ALL_KINDS

        await eventually(known, KNOWN_WITHIN_S, every_s=1)
        print("known after", round(time.monotonic() - gone, 1), "s")
        told = doomed.cli("losses", "--json", "--company", cast.alva.company.name).stdout
        assert {one["kind"] for one in json.loads(told)} == ALL_KINDS
        missing = listed(doomed, cast, "hej")
        assert (missing["state"], missing["places"]) == ("missing", places)
        assert doomed.cli("vault", "scrub", check=False).returncode == 1
        assert doomed.cli("vault", "status", check=False).stdout.count("frozen") == 2
        refused = doomed.cli("script", "hej", "--lang", "sv", "Nej.", "--company", cast.alva.company.name, check=False)
        assert refused.returncode == 1

        status, states = await read_in(doomed, cast, outside, "hej", AGAIN)
        assert (status, states[-1]) == (1, "judging (take-waiting)")
        call = await outside.call(number)
        await call.hear(AGAIN)
        await call.hangup()

        for copy in doomed.settings.vault_copies:
            doomed.cli("vault", "refill", str(copy))

        async def saved() -> bool:
            async with open_desk(doomed.settings) as now:
                view = await viewed(now, cast, "hej")
            return (view.state, view.heard) == ("ok", "own")

        await eventually(saved, 90, every_s=1)
        jobs = json.loads(doomed.cli("jobs", "--json", "--company", cast.alva.company.name).stdout)
        assert jobs[0]["state"] == "saved"
        playable = await desk.library.messages.playable_message(cast.alva.company.id, await _id(desk, cast), "sv")
        assert holds(doomed.published(playable.media[0]), AGAIN)


async def _id(desk: Desk, cast: Cast) -> str:
    return (await desk.library.messages.by_ref(cast.alva.company.id, "hej")).id
