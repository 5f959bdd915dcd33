"""Our process or Asterisk is killed: callers hear a sentence, and what was said is there afterwards."""

import os
import signal
import time
from datetime import UTC, datetime

import pytest

from pbx.cli.desk import open_desk
from tests.calls.cast import invited
from tests.calls.steps import TONE, WORDS, received
from tests.calls.switchboard import Switchboard
from tests.phone import audio, pseudo_speech

pytestmark = pytest.mark.timeout(300)

LONG = pseudo_speech("a long greeting", 8.0)


async def test_a_new_caller_hears_a_sentence_and_leaves_a_message_while_we_are_dead(doomed: Switchboard) -> None:
    cast = await invited(doomed)
    async with doomed.phone() as phone:
        async with cast.alva.phone() as alva:
            await alva.unregister()
        doomed.kill()
        began = time.monotonic()
        call = await phone.call(cast.number["Alva"], from_user="+46701740650")
        heard = await call.hear(doomed.prompt("survival"))
        assert heard.at - began < 2
        await call.hear(doomed.prompt("beep"), timeout_s=20)
        left_at = datetime.now(UTC)
        await call.say(WORDS)
        await call.hangup()
    doomed.start()
    async with open_desk(doomed.settings) as desk:
        [message] = await desk.library.mailboxes.messages(cast.alva.company.id, cast.alva.mailbox.id)
        assert abs((message.at - left_at).total_seconds()) < 3
    async with cast.alva.phone() as alva:
        call = await alva.call("333")
        await call.hear(doomed.prompt("vm-one-new"))
        await call.press("1")
        await call.hear(WORDS, timeout_s=15)
        await call.hangup()


@pytest.mark.parametrize("gone", [["sv"], ["sv", "en"]], ids=["in one language", "in both"])
async def test_where_the_sentence_itself_is_gone_a_caller_hears_another_and_leaves_a_message(
    doomed: Switchboard, gone: list[str]
) -> None:
    cast = await invited(doomed)
    for lang in gone:
        for file in (doomed.settings.sounds / lang).glob("survival.*"):
            file.unlink()
    async with doomed.phone() as phone:
        doomed.kill()
        call = await phone.call(cast.number["Alva"])
        assert call.answered_at
        heard = await call.hear(TONE if "en" in gone else doomed.prompt("survival", "en"))
        assert heard.at - call.answered_at < 2
        await call.hear(doomed.prompt("beep"), timeout_s=20)
        await call.say(WORDS)
        await call.hangup()
    doomed.start()
    async with open_desk(doomed.settings) as desk:
        assert len(await received(desk, cast.alva)) == 1


async def test_a_hung_process_costs_a_new_caller_a_second_and_a_half(doomed: Switchboard) -> None:
    """Without the warden, which would have noticed earlier."""
    cast = await invited(doomed)
    assert doomed.process
    async with cast.alva.phone() as alva:
        for pid in (doomed.process.pid, doomed.service):
            os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            call = await alva.call("333")
            heard = await call.hear(doomed.prompt("survival"))
            assert 1.3 < heard.at - began < 2.5
            await call.hangup()
        finally:
            for pid in (doomed.service, doomed.process.pid):
                os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("victim", ["us", "Asterisk"])
async def test_a_greeting_cut_off_by_a_crash_is_there_afterwards(doomed: Switchboard, victim: str) -> None:
    cast = await invited(doomed)
    async with cast.alva.phone() as alva:
        call = await alva.call("333")
        await call.sound()
        await call.press("5")
        await call.hear(doomed.prompt("beep"))
        call.speak(LONG)
        began = time.monotonic()
        await call.until(lambda: time.monotonic() - began > 5.5, timeout_s=7)
        if victim == "us":
            doomed.kill()
            doomed.start()
        else:
            os.kill(before := doomed.switch, signal.SIGKILL)
            await doomed.switched(before)
        call.vanish()
    async with open_desk(doomed.settings) as desk:
        greeting = await desk.library.messages.playable(
            cast.alva.company.id, "mailbox", f"{cast.alva.mailbox.id}/greeting", "sv"
        )  # fmt: skip
    assert greeting.heard == "own"
    kept = doomed.published(greeting.media[0])
    assert len(kept) / 8000 >= 4.5
    assert audio.score(kept, LONG[8000:32_000])[0] > 0.6


async def test_a_restart_of_ours_drops_no_conversation(doomed: Switchboard) -> None:
    cast = await invited(doomed)
    async with cast.alva.phone() as alva, cast.bo.phone() as bo:
        call = alva.dial(cast.bo.user.extension)
        other = await bo.incoming()
        await other.answer()
        await call.answered(5)
        pid = doomed.switch
        doomed.kill()
        doomed.start()
        assert doomed.switch == pid
        other.speak(WORDS)
        await call.hear(WORDS)
        await call.hangup()
