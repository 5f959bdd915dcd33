"""The ear by hand-made packets: loss, order, leaps and other people's packets."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from tests.phone import dtmf, g711
from tests.phone.ear import Ear
from tests.phone.pacer import CATCH_UP, FRAME_S, Pacer
from tests.phone.speech import pseudo_speech

SPEECH = g711.decode(g711.encode(pseudo_speech(1, 1.0)))
FRAMES = SPEECH.reshape(-1, 160)


def packet(sequence: int, timestamp: int, payload: bytes, source: int = 1, kind: int = 8) -> bytes:
    return struct.pack("!BBHII", 0x80, kind, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, source) + payload


def sound(index: int, first: int = 65530, base: int = 0xFFFFFF00, source: int = 1) -> bytes:
    return packet(first + index, base + 160 * index, g711.encode(FRAMES[index]), source)


def test_sequence_and_timestamp_may_wrap_and_packets_may_change_places() -> None:
    ear = Ear()
    order = [0, 1, 3, 2, *range(4, 50)]
    for index in order:
        assert ear.take(sound(index), index * FRAME_S, 101)
    assert np.array_equal(ear.heard(), SPEECH)
    assert ear.lost <= 1


def test_a_lost_packet_is_silence_and_is_counted() -> None:
    ear = Ear()
    for index in (0, 1, 4, 5):
        ear.take(sound(index), index * FRAME_S, 101)
    assert ear.lost == 2
    assert not ear.heard(320, 640).any()
    assert np.array_equal(ear.heard(640), SPEECH[640:960])


def test_a_leap_of_the_timestamp_between_two_prompts_loses_nothing() -> None:
    ear = Ear()
    ear.take(packet(1, 0, g711.encode(FRAMES[0])), 0.0, 101)
    ear.take(packet(2, 160 * 12, g711.encode(FRAMES[1])), 0.02, 101)
    assert (ear.lost, ear.end) == (0, 160 * 13)


@pytest.mark.parametrize("timestamp", [0x70000000, 12345])
def test_another_source_begins_where_the_clock_says(timestamp: int) -> None:
    ear = Ear()
    ear.take(packet(1, 1000, g711.encode(FRAMES[0])), 0.0, 101)
    ear.take(packet(7000, timestamp, g711.encode(FRAMES[1]), source=2), 1.0, 101)
    assert (ear.lost, ear.packets[1].offset) == (0, 8000)


def test_a_key_counts_once_whatever_is_lost_of_it() -> None:
    ear = Ear()
    for step in (1, 2, 3):
        ear.take(packet(step, 800, dtmf.event("5", step * 160, step == 3), kind=101), 0.0, 101)
    ear.take(packet(4, 800, dtmf.event("5", 480, True), kind=101), 0.0, 101)
    ear.take(packet(5, 2400, dtmf.event("5", 480, True), kind=101), 0.1, 101)
    assert ear.digits == "55"


@pytest.mark.parametrize("data", [b"", b"INVITE sip:x SIP/2.0", b"\x00" * 40])
def test_what_is_no_rtp_is_not_heard(data: bytes) -> None:
    ear = Ear()
    assert not ear.take(data, 0.0, 101)
    assert ear.end == 0


async def test_the_pacer_never_bursts_more_than_its_limit_after_a_stall(monkeypatch: pytest.MonkeyPatch) -> None:
    pacer = Pacer()
    ticks: list[None] = []

    def tick() -> None:
        ticks.append(None)

    pacer.join(tick)
    pacer._due -= 5.0  # as if the process had stood still
    pacer._beat()
    assert len(ticks) == CATCH_UP
    assert pacer.late
    pacer.leave(tick)
