"""G.711, key tones, comparison and measuring of sound, and the prompts for tests."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.phone import audio, dtmf, fingerprint, g711, prompts
from tests.phone.g711 import Pcm
from tests.phone.speech import pseudo_speech

ALL = np.arange(-32768, 32768, dtype=np.int32).astype(np.int16)
QUIET = np.zeros(4000, np.int16)


@pytest.mark.parametrize("law", [8, 0])
def test_g711_is_its_own_inverse_and_nowhere_far_off(law: int) -> None:
    codes = np.arange(256, dtype=np.uint8).tobytes()
    again = g711.encode(g711.decode(codes, law), law)
    assert [a for a, b in zip(again, codes, strict=True) if a != b] in ([], [0xFF]), "µ-law has two zeroes"
    samples = ALL.astype(int)
    error = np.abs(g711.decode(g711.encode(ALL, law), law) - samples)
    assert (error <= np.abs(samples) / 32 + 16).all()


@pytest.mark.parametrize(
    ("law", "sample", "code"),
    [
        (8, 0, 0xD5),
        (8, 8, 0xD5),
        (8, -8, 0x55),
        (8, 32767, 0xAA),
        (8, -32768, 0x2A),
        (8, 1000, 0xFA),
        (0, 0, 0xFF),
        (0, 32767, 0x80),
    ],
)
def test_g711_codes_are_those_of_the_standard(law: int, sample: int, code: int) -> None:
    assert g711.encode(np.array([sample], np.int16), law)[0] == code


@pytest.mark.parametrize("key", dtmf.KEYS)
@pytest.mark.parametrize("ms", [40, 60, 100])
def test_a_key_tone_in_the_audio_is_found_at_any_level_and_only_that_key(key: str, ms: int) -> None:
    for level_db in (-10, -25, -38):
        sound = np.concatenate([pseudo_speech(key, 0.4), dtmf.tone(key, ms / 1000, level_db), QUIET])
        heard = g711.decode(g711.encode(sound))
        assert ms - 20 <= audio.tone_left(heard, key) <= ms + 20
        assert not any(audio.tone_left(heard, other) for other in dtmf.KEYS if other != key)


def test_speech_and_silence_bear_no_key_tone() -> None:
    sound = np.concatenate([pseudo_speech(seed, 1.0) for seed in range(30)] + [QUIET])
    assert not any(audio.tone_left(sound, key) for key in dtmf.KEYS)


def test_loudness_ignores_pauses() -> None:
    speech = pseudo_speech(1, 2.0, -26.0)
    assert audio.loudness(speech) == pytest.approx(-26.0, abs=0.3)
    assert audio.loudness(np.concatenate([QUIET, speech, QUIET, QUIET])) == pytest.approx(-26.0, abs=0.4)
    assert audio.loudness(QUIET) == -100.0


def _catalogue(folder: Path, count: int) -> dict[str, Pcm]:
    keys = [f"key-{number}" for number in range(count)]
    prompts.write(folder, keys, ["sv"])
    return {key: prompts.reference(folder, "sv", key) for key in keys}


def test_a_prompt_is_told_from_every_other_even_with_a_lost_packet(tmp_path: Path) -> None:
    known = _catalogue(tmp_path, 40)
    for name, prompt in known.items():
        heard = np.concatenate([QUIET[:777], prompt, QUIET])
        heard[777 + 960 : 777 + 1120] = 0
        scores = {other: audio.score(heard, reference)[0] for other, reference in known.items()}
        assert scores.pop(name) > 0.85
        assert max(scores.values()) < 0.5
        assert audio.find(heard, prompt)[1] == 777 / 8000


def test_words_that_a_jitter_buffer_moved_are_known_in_pieces_and_their_half_or_other_words_are_not() -> None:
    words, others = pseudo_speech("words", 3.0), pseudo_speech("others", 3.0)
    cuts = np.cumsum([0, 4100, 5300, 6700, 7900])
    moved = np.concatenate([part for a, b in pairwise(cuts) for part in (words[a:b], QUIET[:1200])])[:-1200]
    without = np.concatenate([words[:7000], words[7960:17000], words[17960:]])
    for left in (moved, without):
        heard = np.concatenate([QUIET, others[:6000], left, QUIET])
        value, begin, end = audio.in_pieces(heard, words)
        assert value > audio.MOST
        assert (begin, end) == (10000, len(heard) - 4000)
        assert audio.score(heard, words)[0] < audio.SAME
    for heard in (words[:14000], words[10000:], others, np.concatenate([words[12000:], words[:12000]])):
        assert audio.in_pieces(np.concatenate([QUIET, heard, QUIET]), words)[0] < 0.65
    assert audio.in_pieces(others, words)[0] < 0.2


def test_prompts_in_a_row_are_written_down_in_order(tmp_path: Path) -> None:
    known = _catalogue(tmp_path, 10)
    said = ["key-3", "key-1", "key-1", "key-7"]
    heard = np.concatenate([QUIET, *(np.concatenate([known[name], QUIET[:800]]) for name in said)])
    assert [name for name, _, _ in audio.transcript(heard, known)] == said


def test_a_prompt_sounds_the_same_in_every_format_and_differs_by_language(tmp_path: Path) -> None:
    prompts.write(tmp_path, ["hello"])
    reference = prompts.reference(tmp_path, "sv", "hello")
    assert len(reference) == 3200
    assert audio.loudness(reference) == pytest.approx(-20, abs=1)
    for ext in ("ulaw", "sln16"):
        assert audio.score(audio.read(tmp_path / "sv" / f"hello.{ext}"), reference)[0] > 0.99
    assert audio.score(prompts.reference(tmp_path, "en", "hello"), reference)[0] < 0.5


@pytest.mark.parametrize("rate", [8000, 16000, 48000])
def test_a_wav_of_any_usual_rate_is_read(tmp_path: Path, rate: int) -> None:
    t = np.arange(rate) / rate
    audio.write_wav(tmp_path / "a.wav", (8000 * np.sin(2 * np.pi * 1000 * t)).astype(np.int16), rate)
    heard = audio.read(tmp_path / "a.wav")
    assert len(heard) == 8000
    assert audio.loudness(heard) == pytest.approx(20 * np.log10(8000 / 32768) - 3.01, abs=0.1)


def test_what_lies_above_the_band_is_not_folded_into_it() -> None:
    t = np.arange(16000) / 16000
    assert audio.loudness(audio.down((8000 * np.sin(2 * np.pi * 5000 * t)).astype(np.int16), 16000)[200:-200]) < -70


def test_a_fingerprint_survives_jitter_that_ruins_one_long_correlation() -> None:
    rng = np.random.default_rng(7)
    known = {name: pseudo_speech(name, 2.0) for name in "abcdefgh"}
    for name, prompt in known.items():
        frames = list(np.concatenate([QUIET, prompt, QUIET]).reshape(-1, 160))
        for at in rng.choice(len(frames) - 2, 3, replace=False):
            frames.insert(int(at), frames[int(at)])
        heard = np.concatenate(frames)
        found = {other: fingerprint.match(heard, reference).score for other, reference in known.items()}
        assert max(found, key=lambda one: found[one]) == name
        assert found[name] > 0.6
    clean = fingerprint.match(np.concatenate([QUIET, known["a"], QUIET]), known["a"])
    assert clean.score > 0.95
    assert clean.offset_s == pytest.approx(0.5, abs=0.001)
