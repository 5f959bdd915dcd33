"""The DTMF detector: every key, and no speech."""

from itertools import product

import numpy as np
import pytest

from pbx.audio import tones
from pbx.audio.pcm import RATE, Pcm, as_pcm, as_samples
from tests.audio.takes import at_level, joined, key, mixed, noise, other_voice, silence, speech, through_a_telephone

TEXTS = {
    "sv": (
        "Välkommen till växeln. Just nu är alla upptagna, men vi svarar så snart vi kan. Sju sjösjuka sjömän sköttes "
        "av sju sköna sjuksköterskor på skeppet Shanghai. Flyg fula fluga flyg, och den fula flugan flög.",
    ),
    "en": (
        "You have reached the voicemail of nobody. Please leave a message after the tone. Peter Piper picked a peck of "
        "pickled peppers, seventeen of them on Tuesday, while the quick brown fox jumped over the lazy dog.",
    ),
}


@pytest.mark.parametrize("name", "0123456789*#ABCD")
def test_each_key_is_found_where_it_is(name: str) -> None:
    for seconds, level_db, twist_db in product((0.04, 0.05, 0.07, 0.1), (-10, -20, -30), (-4, 0, 4)):
        take = joined(silence(2), key(name, seconds, level_db, twist_db), silence(2))
        found = tones.keys(through_a_telephone(mixed(take, noise(5, -65))))
        assert [one.key for one in found] == [name], (seconds, level_db, twist_db)
        assert found[0].start / RATE == pytest.approx(2, abs=0.015)
        assert found[0].end / RATE == pytest.approx(2 + seconds, abs=0.02)


def test_a_key_slightly_off_its_frequency_is_still_that_key() -> None:
    for off in (0.99, 1.01):
        exact = key("5", 0.2)
        shifted = np.interp(np.arange(0, len(exact) - 1, off), np.arange(len(exact)), exact).astype(np.int16)
        assert [one.key for one in tones.keys(joined(silence(1), shifted, silence(2)))] == ["5"]


@pytest.mark.parametrize("voice", ["sv", "sv+f2", "sv+f4", "sv+m3", "sv+m7", "sv+croak", "en", "en-us+f3", "en+f5"])
def test_no_voice_is_taken_for_a_key(voice: str) -> None:
    for text, pitch, level_db in product(TEXTS[voice[:2]], (20, 50, 80), (-20, -30)):
        whole = through_a_telephone(at_level(other_voice(text, voice, pitch), level_db))
        for end in range(len(whole), RATE, -RATE):  # every second of it once at the closely watched end
            assert tones.keys(whole[:end]) == [], (pitch, level_db, end / RATE)


@pytest.mark.parametrize("level_db", [-10, -25, -40])
def test_noise_is_no_key(level_db: float) -> None:
    assert tones.keys(noise(60, level_db)) == []


@pytest.mark.parametrize("pair", [(697, 697), (697, 770), (1209, 1336), (350, 440), (425, 425), (1000, 1000)])
def test_other_tones_of_the_telephone_are_no_keys(pair: tuple[int, int]) -> None:
    t = np.arange(3 * RATE) / RATE
    both: Pcm = as_pcm(0.1 * (np.sin(2 * np.pi * pair[0] * t) + np.sin(2 * np.pi * pair[1] * t)))
    assert tones.keys(both) == []


def test_the_tone_of_the_catalogue_is_no_key() -> None:
    from pbx.audio.rendition import tone

    assert tones.keys(joined(silence(1), tone(1000, 0.25), silence(0.1))) == []


def test_a_key_under_speech_as_loud_as_itself_is_not_required_to_be_found_but_does_no_harm() -> None:
    take = as_pcm(as_samples(at_level(speech(), -20)) + np.resize(as_samples(key("1", 0.5, -20)), len(speech())))
    tones.keys(take)


@pytest.mark.parametrize("samples", [0, 1, 100, 319, 320, 321, 16_001])
def test_a_take_of_any_length_is_looked_through(samples: int) -> None:
    assert tones.keys(np.zeros(samples, dtype=np.int16)) == []
