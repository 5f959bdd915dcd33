"""Two of our phones call each other over loopback, without any switch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import numpy as np
import pytest

from tests.phone import (
    ANSWER,
    BUSY,
    DEAD,
    DECLINE,
    CallOver,
    CallRefused,
    IncomingCall,
    NotHeard,
    OutgoingCall,
    Phone,
    Policy,
    answering_machine,
    audio,
    dtmf,
    pseudo_speech,
)

HELLO = pseudo_speech("hello", 0.5)
OTHER = pseudo_speech("other", 0.5)


@asynccontextmanager
async def conversation() -> AsyncIterator[tuple[OutgoingCall, IncomingCall]]:
    async with Phone("anna") as anna, Phone("bo", policy=ANSWER) as bo:
        call = await anna.call(bo.uri)
        yield call, await bo.incoming()


async def test_what_one_says_the_other_hears_to_the_sample() -> None:
    async with conversation() as (anna, bo):
        anna.speak(HELLO)
        heard = await bo.hear(HELLO)
        assert heard.score > 0.99
        bo.speak(OTHER)
        heard = await anna.hear(OTHER)
        assert heard.score > 0.99
        said = anna.heard_since(heard.offset)[: len(OTHER)]
        assert np.abs(said.astype(int) - OTHER.astype(int)).max() < 1100, "A-law error only"
        assert anna.ear.lost == bo.ear.lost == 0


async def test_two_prompts_are_heard_in_their_order() -> None:
    async with conversation() as (anna, bo):
        anna.speak(HELLO)
        anna.speak(OTHER)
        first = await bo.hear(HELLO)
        name, second = await bo.hear_one_of({"hello": HELLO, "other": OTHER})
        assert name == "other"
        assert abs(second.offset - first.end) <= 160


async def test_the_same_prompt_twice_is_heard_twice_and_in_its_place_though_both_were_said_before() -> None:
    async with conversation() as (anna, bo):
        anna.speak(HELLO)
        await anna.say(HELLO)
        await bo.quiet(0.1)
        first, second = await bo.hear(HELLO), await bo.hear(HELLO)
        assert second.offset - first.offset == len(HELLO)
        with pytest.raises(NotHeard):
            await bo.hear(HELLO, 0.2)


async def test_a_prompt_that_is_not_played_is_not_heard_and_the_report_says_what_was() -> None:
    async with Phone("anna") as anna, Phone("bo", policy=ANSWER, knows={"other": OTHER}) as bo:
        call = await anna.call(bo.uri)
        heard = await bo.incoming()
        call.speak(OTHER)
        with pytest.raises(NotHeard, match="other"):
            await heard.hear(HELLO, 1)


async def test_keys_arrive_and_their_moment_is_known() -> None:
    async with conversation() as (anna, bo):
        key_up = await anna.press("5#")
        await bo.until(lambda: bo.digits_in == "5#")
        assert abs(monotonic() - key_up) < 0.2


async def test_keys_do_not_cut_speech_but_pause_it() -> None:
    async with conversation() as (anna, bo):
        anna.speak(HELLO)
        await bo.sound()
        await anna.press("0")
        assert bo.digits_in == "0"
        await bo.quiet(0.2)
        assert audio.tone_left(bo.heard_since(), "0") == 0


async def test_a_gateway_leaks_the_tone_of_a_key_into_the_audio() -> None:
    async with conversation() as (anna, bo):
        await anna.press("0", leak_ms=60)
        await bo.until(lambda: bo.digits_in == "0")
        await bo.quiet(0.1)
        assert 40 <= audio.tone_left(bo.heard_since(), "0") <= 80
        assert audio.tone_left(bo.heard_since(), "5") == 0


async def test_a_key_can_be_pressed_by_tone_or_by_info() -> None:
    async with conversation() as (anna, bo):
        await anna.press("7", by="info")
        assert bo.digits_in == "7"
        await anna.press("8", by="tone")
        await bo.hear(dtmf.tone("8", 0.1))
        assert bo.digits_in == "7"


@pytest.mark.parametrize("caller_hangs_up", [True, False])
async def test_hanging_up_ends_the_call_at_both_ends(caller_hangs_up: bool) -> None:
    async with conversation() as (anna, bo):
        one, other = (anna, bo) if caller_hangs_up else (bo, anna)
        await one.hangup()
        end = await other.hung_up()
        assert (end.by, one.end and one.end.by) == ("them", "us")
        with pytest.raises(CallOver):
            await other.say(HELLO)


@pytest.mark.parametrize(("policy", "status"), [(BUSY, 486), (DECLINE, 603)], ids=["busy", "declining"])
async def test_a_busy_or_declining_phone_refuses(policy: Policy, status: int) -> None:
    async with Phone("anna") as anna, Phone("bo", policy=policy) as bo:
        with pytest.raises(CallRefused) as refused:
            await anna.call(bo.uri)
        assert refused.value.status == status
        assert (await bo.incoming()).progress == [status]


async def test_a_caller_who_gives_up_cancels() -> None:
    async with Phone("anna") as anna, Phone("bo") as bo:
        call = anna.dial(bo.uri)
        rings = await bo.incoming()
        await call.until(lambda: call.state == "ringing")
        await call.hangup()
        end = await rings.hung_up()
        assert (end.by, end.status) == ("cancelled", 487)
        assert call.end
        assert (call.end.by, call.end.status) == ("cancelled", 487)


async def test_a_call_that_nobody_answers_is_given_up_and_a_dead_phone_says_nothing() -> None:
    async with Phone("anna") as anna, Phone("bo") as bo, Phone("cilla", policy=DEAD) as cilla:
        with pytest.raises(NotHeard):
            await anna.call(bo.uri, timeout_s=0.2)
        assert (await (await bo.incoming()).hung_up()).by == "cancelled"
        call = anna.dial(cilla.uri)
        await cilla.incoming()
        with pytest.raises(NotHeard):
            await call.answered(0.2)
        assert call.progress == []
        call.vanish()


async def test_an_answering_machine_speaks_and_then_listens() -> None:
    async with Phone("anna") as anna, Phone("bo", policy=answering_machine(OTHER, 0.05)) as bo:
        call = await anna.call(bo.uri)
        await call.hear(OTHER)
        call.speak(HELLO)
        await (await bo.incoming()).hear(HELLO)


async def test_a_ringing_call_is_answered_by_hand_and_knows_what_was_dialled() -> None:
    async with Phone("anna") as anna, Phone("bo") as bo:
        host, port = bo.line.address
        call = anna.dial(f"sip:+46701740605@{host}:{port}", from_name="Anna", headers={"X-Tag": "7"})
        rings = await bo.incoming()
        assert (rings.dialled, rings.from_user, rings.from_name) == ("+46701740605", "anna", "Anna")
        assert rings.header("X-Tag") == "7"
        await rings.answer()
        await call.answered()


@pytest.mark.parametrize("caller", ["anonymous", "'", '"', ";&$()", "<>", "å%", "1\r\nTo: x", "' or 1=1 --"])
async def test_a_hostile_caller_arrives_as_he_is(caller: str) -> None:
    async with Phone("anna") as anna, Phone("bo") as bo:
        anna.dial(bo.uri, from_user=caller, from_name=caller)
        rings = await bo.incoming()
        assert rings.from_user == caller
        assert rings.from_name.split() == caller.split()
        rings.refuse()


async def test_hold_and_resume() -> None:
    async with conversation() as (anna, bo):
        await anna.hold()
        await bo.until(lambda: bo.held)
        await anna.resume()
        await bo.until(lambda: not bo.held)
        anna.speak(HELLO)
        await bo.hear(HELLO)


async def test_a_mute_phone_sends_nothing_and_silence_is_asserted() -> None:
    async with Phone("anna") as anna, Phone("bo", policy=ANSWER) as bo:
        call = await anna.call(bo.uri, mute=True)
        other = await bo.incoming()
        await call.until(lambda: len(call.ear.packets) > 5)
        assert other.ear.packets == []
        await other.silence_for(0.1)
        call.speak(HELLO)
        with pytest.raises(AssertionError, match="sound after"):
            await other.silence_for(1)


async def test_many_calls_at_once_lose_nothing() -> None:
    async with Phone("bo", policy=answering_machine(HELLO, 0)) as bo, Phone("anna") as anna:
        calls = [await anna.call(bo.uri) for _ in range(20)]
        for call in calls:
            assert (await call.hear(HELLO)).score > 0.95
            assert call.ear.lost == 0
