"""We die or hang with calls in our hands: all hear a sentence at once, then the same flow again; none is lost."""

import asyncio
import os
import signal
import statistics
import time
from collections.abc import Sequence

import pytest

from pbx.cli.desk import open_desk
from tests.calls.cast import invited
from tests.calls.conftest import channels_left
from tests.calls.held import LONG_PROMPT, SENTENCE, SPEECH, built, hears_a_prompt, new_one, records, waits
from tests.calls.steps import WORDS, holds, longest_quiet, received
from tests.calls.switchboard import Switchboard, part
from tests.phone import Call, Pcm, prompts

pytestmark = pytest.mark.timeout(300)

OF_EACH, NEW, NEW_EVERY_S = 4, 10, 0.1
# Measured on an idle machine: 0.05 and 0.9 s. What is above that is what a busy one may cost.
HEARD_WITHIN_S = {signal.SIGKILL: 1.0, signal.SIGSTOP: 2.0}
FIRST_SOUND_WITHIN_S = 2.0


async def _told(calls: Sequence[Call], since: float) -> list[float]:
    """How long after that moment each heard the sentence begin."""
    heard = await asyncio.gather(*(call.hear(part(SENTENCE, 0.5), timeout_s=8) for call in calls))
    return [one.at - since for one in heard]


async def _again(calls: Sequence[Call], sound: Pcm) -> None:
    await asyncio.gather(*(call.hear(sound, timeout_s=15) for call in calls))


def _figures(what: str, seconds: Sequence[float]) -> None:
    print(f"{what}: median {statistics.median(seconds):.3f} s, worst {max(seconds):.3f} s of {len(seconds)}")


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hung"])
async def test_everybody_hears_the_sentence_and_then_the_same_flow_again(
    doomed: Switchboard, fault: signal.Signals
) -> None:
    async with open_desk(doomed.settings) as desk, doomed.phone() as outside:
        house = await built(desk, doomed)
        async with house.cast.alva.phone() as alva:
            recording = await asyncio.gather(*(records(outside, house) for _ in range(OF_EACH)))
            waiting = await asyncio.gather(*(waits(outside, house) for _ in range(OF_EACH)))
            playing = await asyncio.gather(*(hears_a_prompt(alva, house) for _ in range(OF_EACH)))
            await asyncio.sleep(1.5)
            before = doomed.service
            os.kill(before, fault)
            began = time.monotonic()
            dialled = [asyncio.create_task(new_one(outside, house, n * NEW_EVERY_S)) for n in range(NEW)]
            held = [*waiting, *recording, *playing]
            told = await _told(held, began)
            new = await asyncio.gather(*dialled)
            _figures(f"{fault.name}: held calls until the sentence", told)
            _figures(f"{fault.name}: new calls until their first sound", [one.first_sound_s for one in new])
            assert max(told) < HEARD_WITHIN_S[fault]
            assert max(one.first_sound_s for one in new) < FIRST_SOUND_WITHIN_S

            await doomed.again(before, 20)
            await _again(waiting, doomed.prompt("neutral-menu-choices"))
            await _again(recording, doomed.prompt("beep"))
            await _again(playing, part(LONG_PROMPT, 0.5))
            assert [call.last_words() for call in held if call.end] == []
            assert [one.call.last_words() for one in new if one.call.end] == []
            for call in (*held, *(one.call for one in new)):
                await call.hangup()
        assert await channels_left(doomed) == []
        kept = [message for message in await received(desk, house.cast.bo) if message.interrupted]
        assert len(kept) == OF_EACH
        for message in kept:
            assert message.seconds > 1.4, "the live take was cut"
            media = await desk.library.mailboxes.media(message)
            assert media
            assert holds(doomed.published(media), SPEECH[: len(WORDS)])


BREAKS = "\r\n\r\nEvent: StatusComplete\r\n\r\n"


async def test_who_has_line_breaks_in_their_number_keeps_nobody_from_being_led_on(doomed: Switchboard) -> None:
    """Asterisk writes into its lists what was dialled, and who calls, as it came."""
    async with open_desk(doomed.settings) as desk, doomed.phone() as outside:
        house = await built(desk, doomed)
        async with house.cast.alva.phone() as alva, house.cast.bo.phone() as bo:
            dialled = await alva.call(f"333{BREAKS}")
            from_them = await outside.call(house.menu, from_user=f"+46701740699{BREAKS}")
            other = await bo.call("333")
            for call in (dialled, other):
                await call.hear(part(LONG_PROMPT, 1.0))
            await from_them.hear(doomed.prompt("neutral-menu-choices"))
            before, began = doomed.service, time.monotonic()
            os.kill(before, signal.SIGKILL)
            assert max(await _told([dialled, from_them, other], began)) < HEARD_WITHIN_S[signal.SIGKILL]
            await doomed.again(before, 20)
            for call in (dialled, from_them, other):
                await call.hangup()
        assert await channels_left(doomed) == []


async def _speaks_on(call: Call) -> None:
    while True:
        await call.say(WORDS)


async def test_two_who_talk_notice_neither_death_nor_hang(doomed: Switchboard) -> None:
    cast = await invited(doomed)
    async with cast.alva.phone() as alva, cast.bo.phone() as bo:
        call = alva.dial(cast.bo.user.extension)
        other = await bo.incoming()
        await other.answer()
        await call.answered(5)
        for fault in (signal.SIGKILL, signal.SIGSTOP):
            before, began = doomed.service, time.monotonic()
            speaking = asyncio.create_task(_speaks_on(other))
            os.kill(before, fault)
            await doomed.again(before)
            speaking.cancel()
            assert longest_quiet(call, began + 0.5, time.monotonic()) < 1
            other.speak(WORDS)
            await call.hear(WORDS)
        await call.hangup()


async def test_the_warden_dies_and_whom_we_held_is_led_on_by_us_and_at_the_next_start(doomed: Switchboard) -> None:
    cast = await invited(doomed)
    assert doomed.process
    async with cast.alva.phone() as alva, cast.bo.phone() as bo:
        talking = alva.dial(cast.bo.user.extension)
        other = await bo.incoming()
        await other.answer()
        await talking.answered(5)
        held = await alva.call("333")
        await held.hear(doomed.prompt("vm-main"))
        doomed.process.kill()
        doomed.process.wait()
        await held.hear(doomed.prompt("survival"), timeout_s=5)
        await held.hear(doomed.prompt("survival-voicemail-soon"), timeout_s=10)
        doomed.start()
        other.speak(WORDS)
        await talking.hear(WORDS)
        await talking.hangup()


async def test_both_die_and_a_held_call_is_led_on_by_the_next_start(doomed: Switchboard) -> None:
    prompts.write_one(doomed.var / "sounds" / "sv" / "survival", SENTENCE)
    cast = await invited(doomed)
    async with cast.alva.phone() as alva:
        call = await alva.call("333")
        await call.hear(doomed.prompt("vm-main"))
        doomed.kill()
        await call.silence_for(1)
        doomed.start()
        await call.hear(part(SENTENCE, 0.5))
        await call.hear(doomed.prompt("vm-main"), timeout_s=10)
        await call.hangup()
    assert await channels_left(doomed) == []


async def test_a_bridge_that_is_left_behind_is_removed(doomed: Switchboard) -> None:
    bridge = await doomed.ari("POST", "bridges?type=mixing")
    before = doomed.service
    os.kill(before, signal.SIGKILL)
    await doomed.again(before)
    assert bridge["id"] not in {one["id"] for one in await doomed.ari("GET", "bridges")}
