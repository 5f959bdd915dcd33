"""Which takes are kept, which are not and what the speaker is told, and which part of them is heard."""

import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pbx.audio import tones
from pbx.audio.judge import judge
from pbx.audio.pcm import RATE, Pcm, as_pcm, as_samples
from pbx.audio.rendition import shape
from pbx.phrases import read_catalogue
from tests.audio.takes import (
    SENTENCE,
    at_level,
    hum,
    joined,
    key,
    mixed,
    noise,
    silence,
    sine,
    speech,
    telephone_speech,
    through_a_telephone,
)

LEAD_S, TAIL_S = 0.15, 0.25


def said(level_db: float = -24.0) -> Pcm:
    return at_level(speech(), level_db)


def engaged(seconds: float) -> Pcm:
    return np.resize(joined(sine(425, 0.25, -15), silence(0.25)), round(seconds * RATE))


def overdriven(by_db: float) -> Pcm:
    return as_pcm(np.clip(as_samples(said(-20)) * 10 ** (by_db / 20), -0.99, 0.99))


REFUSED = {
    "nothing at all": (silence(0), "take-silent"),
    "one packet": (noise(0.02, -20), "take-silent"),
    "digital silence": (silence(5), "take-silent"),
    "a quiet line": (noise(5, -60), "take-silent"),
    "a bad line": (noise(5, -40), "take-silent"),
    "a ventilator": (noise(5, -25), "take-silent"),
    "mains hum": (hum(5, -25), "take-silent"),
    "mains hum in noise": (mixed(hum(5, -25), noise(5, -50)), "take-silent"),
    "only the ending key": (joined(silence(2), key("#", 0.12), silence(0.1)), "take-silent"),
    "only our own tone, as an echo": (joined(sine(1000, 0.25, -20), silence(3)), "take-silent"),
    "an engaged signal": (engaged(5), "take-silent"),
    "a steady tone": (sine(425, 4, -15), "take-silent"),
    "a held chord": (mixed(sine(262, 5, -20), mixed(sine(330, 5, -20), sine(392, 5, -20))), "take-silent"),
    "the click of a handset": (joined(silence(2), noise(0.03, -10), silence(2)), "take-silent"),
    "a single word": (joined(silence(0.5), speech("Hej"), silence(2)), "take-too-short"),
    "two words": (joined(silence(0.5), speech("Hej då"), silence(2)), "take-too-short"),
    "a whisper": (joined(silence(0.5), said(-45), silence(0.5)), "take-too-quiet"),
    "somebody far away": (joined(silence(0.5), said(-55), silence(0.5)), "take-too-quiet"),
    "a machine hall": (mixed(joined(silence(1), said(-20), silence(1)), noise(20, -21)), "take-noisy"),
    "far too loud": (overdriven(12), "take-clipped"),
}
KEPT = {
    "clean": (joined(silence(0.8), said(), silence(0.5)), ()),
    "nothing before or after": (said(), ()),
    "loud": (said(-18), ()),
    "rather quiet": (joined(silence(1), said(-37), silence(1)), ("quiet",)),
    "a noisy room": (mixed(joined(silence(1), said(-20), silence(1)), noise(20, -30)), ("noisy",)),
    "some noise": (mixed(joined(silence(1), said(), silence(1)), noise(20, -42)), ()),
    "a long pause within": (joined(said(), silence(4), said()), ("long-pause",)),
    "a direct current": (as_pcm(as_samples(said()) + 0.1), ("dc",)),
    "too loud": (overdriven(6), ("clipped",)),
    "a beep before": (joined(silence(0.2), sine(1000, 0.25, -15), silence(0.05), said()), ("beep",)),
    "a beep of another kind before": (joined(sine(440, 0.4, -20), silence(0.4), said()), ("beep",)),
    "the ending key": (joined(said(), silence(0.3), key("0", 0.06)), ("key-tone",)),
    "hung up, and the engaged signal was recorded": (joined(said(), silence(0.5), engaged(2)), ("tone",)),
}


@pytest.mark.parametrize(("take", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_take_without_usable_speech_is_refused_with_a_phrase_that_says_what_to_do(take: Pcm, says: str) -> None:
    verdict = judge(through_a_telephone(take))
    assert (verdict.ok, verdict.says) == (False, says)
    assert not read_catalogue()[says].written, "it is told on the phone"


@pytest.mark.parametrize(("take", "notes"), KEPT.values(), ids=KEPT.keys())
def test_a_take_with_speech_is_kept_and_what_is_odd_about_it_is_noted(take: Pcm, notes: tuple[str, ...]) -> None:
    verdict = judge(through_a_telephone(take))
    assert (verdict.ok, verdict.says) == (True, None)
    assert verdict.notes == notes
    assert all(f"note-{note}" in read_catalogue() for note in notes)
    assert verdict.speech_s == pytest.approx(len(speech()) / RATE, rel=0.2 if "long-pause" not in notes else 2)


@pytest.mark.parametrize("before_s", [0, 0.1, 1, 4])
@pytest.mark.parametrize("after_s", [0, 0.1, 1, 4])
def test_silence_before_and_after_is_trimmed_but_no_word_is_touched(before_s: float, after_s: float) -> None:
    verdict = judge(through_a_telephone(joined(silence(before_s), said(), silence(after_s))))
    begins, ends = before_s, before_s + len(speech()) / RATE
    assert begins - LEAD_S - 0.05 <= verdict.start / RATE <= begins + 0.02
    assert ends - 0.02 <= verdict.end / RATE <= ends + TAIL_S + 0.05


@pytest.mark.parametrize("seconds", [0.02, 0.03, 0.05, 0.06, 0.12, 2.0])
@pytest.mark.parametrize("level_db", [-10, -20, -30])
@pytest.mark.parametrize("gap_s", [0.0, 0.1, 0.6])
def test_no_tone_of_the_ending_key_is_heard_however_short_its_leak(
    seconds: float, level_db: float, gap_s: float
) -> None:
    words = said()
    for name in "0#":
        take = joined(words, silence(gap_s), key(name, seconds, level_db), silence(0.02))
        verdict = judge(through_a_telephone(mixed(take, noise(20, -65))))
        assert verdict.ok
        assert verdict.end <= len(words) + round(gap_s * RATE)
        assert verdict.end >= len(words) - 0.1 * RATE, "and no more than 0.1 s of speech goes with it"


@pytest.mark.parametrize("gap_s", [0.0, 0.02, 0.1, 0.5])
@pytest.mark.parametrize("hz", [440, 1000, 1400])
def test_nothing_is_left_of_a_beep_before_the_speech_or_a_tone_after_it_and_every_word_is(
    hz: float, gap_s: float
) -> None:
    take = joined(silence(0.3), sine(hz, 0.3, -15), silence(gap_s), said(), silence(gap_s), sine(hz, 1.0, -15))
    verdict = judge(through_a_telephone(take))
    begins = round((0.6 + gap_s) * RATE)
    assert round(0.6 * RATE) <= verdict.start <= begins + 0.03 * RATE
    ends = begins + len(said())
    assert ends - 0.03 * RATE <= verdict.end <= ends + gap_s * RATE


def test_what_was_overdriven_and_turned_down_afterwards_is_found_by_its_own_ceiling() -> None:
    assert judge(at_level(overdriven(14), -28)).says == "take-clipped"


def test_a_key_pressed_three_times_is_cut_three_times() -> None:
    presses = joined(*[joined(key("0", 0.1), silence(0.15)) for _ in range(3)])
    verdict = judge(through_a_telephone(joined(said(), silence(0.2), presses)))
    assert verdict.end <= len(said()) + 0.2 * RATE


def test_a_key_in_the_middle_of_a_message_is_neither_speech_nor_its_end() -> None:
    verdict = judge(through_a_telephone(joined(said(), silence(0.5), key("5", 0.2), silence(2), said())))
    assert verdict.ok
    assert verdict.end / RATE == pytest.approx((2 * len(said()) + 2.7 * RATE) / RATE, abs=0.1)


@pytest.mark.parametrize("seconds", [1.0, 2.0, 6.0])
def test_what_the_test_telephones_say_counts_as_speech(seconds: float) -> None:
    for seed in range(20):
        verdict = judge(through_a_telephone(telephone_speech(seed, seconds)))
        assert verdict.ok, seed
        assert verdict.speech_s > 0.85 * seconds, seed
        assert verdict.end - verdict.start > (seconds - 0.1) * RATE


@given(arrays(np.int16, st.integers(0, 6000)), st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_no_take_makes_the_judge_fail_and_its_cut_lies_inside_the_take(take: Pcm, times: int) -> None:
    pcm = np.tile(take, times)
    verdict = judge(pcm)
    assert 0 <= verdict.start <= verdict.end <= len(pcm)
    assert verdict.ok is (verdict.says is None)


def test_judging_half_a_minute_takes_no_longer_than_a_caller_notices() -> None:
    take = through_a_telephone(np.resize(said(), 30 * RATE))
    best = 1.0
    for _ in range(5):
        began = time.thread_time()
        judge(take)
        best = min(best, time.thread_time() - began)
    assert best < 0.15, "50 ms of work, however busy the machine is"


@pytest.mark.parametrize("kind", ["speech", "noise"])
def test_ten_minutes_are_judged_and_levelled_in_little_memory(kind: str) -> None:
    sound = said() if kind == "speech" else noise(30, -25)
    take = np.resize(sound, 600 * RATE)
    tracemalloc.start()
    verdict = judge(take)
    if verdict.ok:
        assert len(shape(take, verdict)) > 590 * RATE
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 160_000_000
    assert verdict.ok is (kind == "speech")


@pytest.mark.parametrize("level_db", [-40, -26, -20])
def test_clean_speech_is_never_called_clipped(level_db: float) -> None:
    for text in ("Numret används inte.", "Ett ögonblick, du kopplas vidare till växeln.", SENTENCE):
        for take in (at_level(speech(text), level_db), through_a_telephone(at_level(speech(text), level_db))):
            assert "clipped" not in judge(take).notes


def test_no_key_is_left_in_what_is_kept_of_a_real_ending() -> None:
    take = through_a_telephone(joined(said(), silence(0.2), key("0", 0.06), silence(0.05)))
    verdict = judge(take)
    assert tones.keys(take[verdict.start : verdict.end]) == []
