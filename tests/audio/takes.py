"""Takes made on purpose: speech from a real engine, noise, silence and keys, all through A-law as from a telephone."""

import asyncio
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

from pbx.audio.level import active_level_db
from pbx.audio.pcm import RATE, Pcm, Samples, as_pcm, as_samples, from_alaw, from_bytes, resample, to_alaw
from pbx.speech.pyttsx3_voice import Pyttsx3Voice
from tests.phone.dtmf import tone as key_tone
from tests.phone.speech import pseudo_speech

SENTENCE = "Hej och välkommen till Exempel AB. Vi svarar så snart vi kan, så vänta gärna kvar i telefonen."


@cache
def speech(text: str = SENTENCE, lang: str = "sv") -> Pcm:
    """What the real voice says, without the silence around it. Read only: it is shared."""
    with ThreadPoolExecutor(1) as aside:  # a test that asks may have a loop of its own running
        said = aside.submit(lambda: asyncio.run(Pyttsx3Voice().speak(text, lang))).result()
    loud = np.flatnonzero(np.abs(said) > 100)
    said = said[loud[0] : loud[-1]]
    said.flags.writeable = False
    return said


def at_level(pcm: Pcm, level_db: float) -> Pcm:
    """The same at another active level."""
    samples = as_samples(pcm)
    return as_pcm(samples * 10 ** ((level_db - active_level_db(samples)) / 20))


def silence(seconds: float) -> Pcm:
    return np.zeros(round(seconds * RATE), dtype=np.int16)


def noise(seconds: float, level_db: float, seed: int = 1) -> Pcm:
    """White noise of the telephone's band."""
    samples = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return as_pcm(samples * 10 ** (level_db / 20))


def hum(seconds: float, level_db: float) -> Pcm:
    """Mains: 50 and 150 Hz."""
    return _sines(seconds, level_db, 50, 150)


def sine(hz: float, seconds: float, level_db: float) -> Pcm:
    return _sines(seconds, level_db, hz)


def key(name: str, seconds: float, level_db: float = -10.0, twist_db: float = 0.0) -> Pcm:
    """The two tones of a key, as they leak into the audio."""
    return resample(key_tone(name, seconds, level_db, twist_db), 8000, RATE)


def telephone_speech(seed: int | str, seconds: float, level_db: float = -20.0) -> Pcm:
    """What the test telephones say."""
    return resample(pseudo_speech(seed, seconds, level_db), 8000, RATE)


def joined(*parts: Pcm) -> Pcm:
    return np.concatenate(parts)


def mixed(one: Pcm, other: Pcm) -> Pcm:
    """Both at once, as long as the first."""
    samples: Samples = as_samples(one) + as_samples(np.resize(other, len(one)))
    return as_pcm(samples)


def through_a_telephone(pcm: Pcm) -> Pcm:
    """8 kHz A-law and back: the usual input."""
    return from_alaw(to_alaw(pcm))


def _sines(seconds: float, level_db: float, *hz: float) -> Pcm:
    t = np.arange(round(seconds * RATE)) / RATE
    both = np.sum([np.sin(2 * np.pi * f * t) for f in hz], axis=0)
    return as_pcm(both / np.sqrt(len(hz) / 2) * 10 ** (level_db / 20))


def other_voice(text: str, voice: str, pitch: int = 50) -> Pcm:
    """By the command line of espeak-ng, which has many voices: for a detector that must not mistake any for a key."""
    said = subprocess.run(
        ["espeak-ng", "-v", voice, "-p", str(pitch), "-s", "150", "--stdin", "--stdout"],
        input=text.encode(),
        capture_output=True,
        check=True,
    ).stdout
    return resample(from_bytes(said[44:]), 22_050, RATE)
