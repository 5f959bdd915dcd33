"""What we stand on fails: Asterisk, ARI, AMI, the phones. Nobody is met with silence, no channel is left, and no take
is unexplained."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from pbx.cli.desk import Desk
from tests.calls.cast import Cast
from tests.calls.conftest import channels_left, copy
from tests.calls.faulty import QUIET_S, SPEECH, house, speaking
from tests.calls.steps import WORDS, eventually, holds, longest_quiet, received
from tests.calls.switchboard import Switchboard, part
from tests.calls.walk import accounted_for
from tests.phone import ANSWER, prompts, pseudo_speech

pytestmark = pytest.mark.timeout(300)

SENTENCE = pseudo_speech("the sentence of survival", 4.0)


@contextmanager
def _with(hooks: str, seeded: Path, tmp_path: Path) -> Iterator[Switchboard]:
    """A switchboard whose service does on a signal what that folder says, and whose sentence is known by any piece."""
    board = copy(seeded, tmp_path / "var", 1)
    board.extra["PYTHONPATH"] = str(Path(__file__).parent / hooks)
    prompts.write_one(board.var / "sounds" / "sv" / "survival", SENTENCE)
    board.start()
    try:
        yield board
    finally:
        board.stop()


# ------------------------------------------------------------------------------------------------------------- our loop


async def test_a_slow_loop_is_as_good_as_a_hung_one_and_half_a_second_is_nothing(seeded: Path, tmp_path: Path) -> None:
    with _with("slow", seeded, tmp_path) as board:
        async with house(board) as (_, cast, _, _), cast.alva.phone() as alva:
            call = await alva.call("333")
            await call.hear(board.prompt("vm-main"))
            before = board.service
            os.kill(before, signal.SIGUSR2)
            await call.hear(board.prompt("no-key"), timeout_s=15)
            assert board.service == before
            os.kill(before, signal.SIGUSR1)
            began = time.monotonic()
            heard = await call.hear(part(SENTENCE, 0.5))
            assert heard.at - began < QUIET_S
            await board.again(before)
            await call.hear(board.prompt("vm-main"), timeout_s=10)
            await call.hangup()
        assert await channels_left(board) == []


async def test_a_fault_that_nobody_expected_ends_us_and_hangs_up_on_nobody(seeded: Path, tmp_path: Path) -> None:
    with _with("falls", seeded, tmp_path) as board:
        async with house(board) as (_, cast, outside, number), cast.alva.phone() as alva, cast.bo.phone() as bo:
            bo.policy = ANSWER
            call = await alva.call(cast.bo.user.extension)
            held = await outside.call(number)
            await held.hear(board.prompt("beep"), timeout_s=15)
            before, switch = board.service, board.switch
            os.kill(before, signal.SIGUSR1)
            new, began = await outside.call(number), time.monotonic()
            for one in (held, new):
                heard = await one.hear(part(SENTENCE, 0.5))
                assert heard.at - began < QUIET_S
            await board.again(before)
            await new.hear(board.prompt("beep"), timeout_s=15)
            assert (board.switch, call.state) == (switch, "up")
            for one in (call, held, new):
                await one.hangup()
        assert await channels_left(board) == []


# ------------------------------------------------------------------------------------------------------------- Asterisk


async def test_an_asterisk_that_hangs_for_two_seconds_costs_a_pause_and_nothing_else(doomed: Switchboard) -> None:
    async with house(doomed) as (desk, cast, outside, number):
        call = await speaking(outside, doomed, number)
        await asyncio.sleep(1.5)
        pid = doomed.switch
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(2)
        finally:
            os.kill(pid, signal.SIGCONT)
        await asyncio.sleep(1.5)
        await call.press("#")
        await call.hear(doomed.prompt("msg-review"))
        await call.hangup()
        [message] = await eventually(lambda: received(desk, cast.bo))
        assert message.seconds > 4
        await accounted_for(doomed, desk)


async def test_an_asterisk_that_hangs_for_good_is_ended_and_started_again(doomed: Switchboard) -> None:
    async with house(doomed) as (desk, _, outside, number):
        call = await speaking(outside, doomed, number)
        os.kill(before := doomed.switch, signal.SIGSTOP)
        await doomed.switched(before, 60)
        call.vanish()
        again = await outside.call(number)
        await again.hear(doomed.prompt("beep"), timeout_s=15)
        await again.hangup()
        await accounted_for(doomed, desk)


async def test_an_asterisk_that_is_restarted_ends_calls_keeps_what_was_said_and_serves_on(doomed: Switchboard) -> None:
    async with house(doomed) as (desk, cast, outside, number):
        call = await speaking(outside, doomed, number)
        await asyncio.sleep(2.5)
        os.kill(doomed.switch, signal.SIGTERM)
        assert (await call.hung_up()).by == "them"

        async def served() -> bool:
            try:
                again = await outside.call(number, timeout_s=3)
            except AssertionError:
                return False
            await again.hangup()
            return True

        await eventually(served, 30)
        messages = await eventually(lambda: received(desk, cast.bo), 15)
        assert max(message.seconds for message in messages) > 2
        await accounted_for(doomed, desk)


@pytest.mark.parametrize("answers", [signal.SIGUSR1, signal.SIGUSR2], ids=["nothing", "500"])
async def test_an_ari_that_answers_nothing_or_errors_costs_a_sentence_and_then_the_dialplan_serves(
    seeded: Path, tmp_path: Path, answers: signal.Signals
) -> None:
    with _with("deaf", seeded, tmp_path) as board:
        async with house(board) as (desk, cast, outside, number), cast.alva.phone() as alva:
            asks, speaks = await alva.call("333"), await speaking(outside, board, number)
            await asks.hear(board.prompt("vm-main"), timeout_s=15)
            await asyncio.sleep(1)
            os.kill(before := board.service, answers)
            await asyncio.sleep(0.5)
            began = time.monotonic()
            await asyncio.gather(asks.press("4"), speaks.press("#"))
            for call in (asks, speaks):
                heard = await call.hear(part(SENTENCE, 0.5), timeout_s=10, since=0)
                assert heard.at - began < QUIET_S
            await asks.hear(board.prompt("survival-voicemail-soon"), timeout_s=40)
            await speaks.hear(board.prompt("beep"), timeout_s=40)
            await speaks.say(WORDS)
            await speaks.hangup()
            os.kill(before, signal.SIGKILL)
            await board.again(before)
            await eventually(lambda: _as_many(desk, cast, 2), 20)
            await accounted_for(board, desk)
        assert await channels_left(board) == []


async def _as_many(desk: Desk, cast: Cast, count: int) -> bool:
    """Whether so many messages lie in Bo's mailbox."""
    return len(await received(desk, cast.bo)) == count


async def test_asterisk_cannot_record_and_the_caller_leaves_a_message_all_the_same(doomed: Switchboard) -> None:
    """It may not write takes, and says only that the recording is over."""
    async with house(doomed) as (desk, cast, outside, number):
        folder = doomed.settings.spool / "recording"
        os.chown(folder, os.geteuid(), os.getegid())
        folder.chmod(0o555)
        try:
            call = await outside.call(number)
            began = time.monotonic()
            for _ in range(3):
                await call.hear(doomed.prompt("survival"), timeout_s=20)
            await call.hear(doomed.prompt("beep"), timeout_s=20)
            await call.hear(doomed.prompt("beep"), timeout_s=20)
            assert longest_quiet(call, began, time.monotonic()) < QUIET_S
            await call.say(WORDS)
            await call.press("#")
            await call.hear(doomed.prompt("survival-thanks"))
            await call.hung_up()
        finally:
            folder.chmod(0o755)
        await desk.library.takes.adopt()
        assert await channels_left(doomed) == []
        os.kill(before := doomed.service, signal.SIGKILL)
        await doomed.again(before)
        assert len(await received(desk, cast.bo)) == 1


async def test_without_ami_whom_we_held_is_led_on_all_the_same(doomed: Switchboard) -> None:
    async with house(doomed) as (_, cast, _, _), cast.alva.phone() as alva:
        call = await alva.call("333")
        await call.hear(doomed.prompt("vm-main"))
        with _ami_crowded(doomed):
            os.kill(doomed.service, signal.SIGKILL)
            await call.hear(doomed.prompt("survival"), timeout_s=60)
            await call.hangup()
        assert await channels_left(doomed) == []


async def test_without_ami_what_somebody_says_when_we_die_is_kept(doomed: Switchboard) -> None:
    async with house(doomed) as (desk, cast, outside, number):
        call = await speaking(outside, doomed, number, 60)
        await asyncio.sleep(2.5)
        with _ami_crowded(doomed):
            began = time.monotonic()
            os.kill(doomed.service, signal.SIGKILL)
            heard = await call.hear(doomed.prompt("survival"), timeout_s=60)
            assert heard.at - began < 45
            await call.hangup()
        assert await channels_left(doomed) == []
        [message] = await eventually(lambda: received(desk, cast.bo))
        assert message.interrupted
        assert message.seconds > heard.at - began + 1.5
        media = await desk.library.mailboxes.media(message)
        assert media
        assert holds(doomed.published(media), SPEECH[: len(WORDS)])
        await accounted_for(doomed, desk)


@contextmanager
def _ami_crowded(board: Switchboard) -> Iterator[None]:
    """Sixty who connect and say nothing keep everybody else out for a while."""
    with ExitStack() as crowd:
        for _ in range(60):
            one = socket.create_connection(("127.0.0.1", board.settings.ami_port), timeout=2)
            crowd.enter_context(closing(one))
        yield


# ----------------------------------------------------------------------------------------------------------- the phones


async def test_phones_that_fall_silent_or_vanish_leave_their_messages_and_no_channel(doomed: Switchboard) -> None:
    async with house(doomed) as (desk, cast, outside, number):
        silent, vanished = await asyncio.gather(*(speaking(outside, doomed, number, 2.5) for _ in range(2)))
        silent.mute = True
        await asyncio.sleep(3)
        vanished.vanish()

        async def both_came() -> bool:
            return len(await received(desk, cast.bo)) == 2

        await eventually(both_came, 90)
        assert await channels_left(doomed) == []
        assert all(message.seconds > 1.5 for message in await received(desk, cast.bo))
        await accounted_for(doomed, desk)
