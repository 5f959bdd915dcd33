"""Sound that is like speech to a switch and to a detector of speech, and unlike every other seed's."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from tests.phone.g711 import Pcm

RATE = 8000
_SYLLABLE_S = 0.2
_HARMONICS = 15
LEVEL_DB = -20.0


def seed_of(*words: str) -> int:
    """A seed that is the same in every process."""
    return int.from_bytes(hashlib.sha256("/".join(words).encode()).digest()[:8], "big")


def pseudo_speech(seed: int | str, seconds: float, level_db: float = LEVEL_DB) -> Pcm:
    """int16 at 8 kHz, about `level_db` dBov: syllables of harmonics under three random formants, with gliding pitch."""
    rng = np.random.default_rng(seed_of(seed) if isinstance(seed, str) else seed)
    total = round(seconds * RATE)
    size = round(_SYLLABLE_S * RATE)
    sound = np.concatenate([_syllable(rng, size) for _ in range(-(-total // size))])[:total]
    fade = min(80, total // 2)
    ramp = np.linspace(0, 1, fade)
    sound[:fade] *= ramp
    sound[total - fade :] *= ramp[::-1]
    rms = np.sqrt((sound**2).mean())
    pcm: Pcm = np.clip(sound / rms * 32768 * 10 ** (level_db / 20), -32000, 32000).astype(np.int16)
    return pcm


def _horner(weights: NDArray[np.complex128], z: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """The sum of weights[n-1] * z**n: all harmonics for the price of one product each."""
    total = np.zeros_like(z)
    for weight in weights[::-1]:
        total = (total + weight) * z
    return total


def _syllable(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    t = np.arange(size) / RATE
    pitch = np.maximum(rng.uniform(90, 230) + rng.uniform(-250, 250) * t, 70)
    hz = np.arange(1, _HARMONICS + 1) * pitch.mean()
    formants = np.array([rng.uniform(300, 900), rng.uniform(900, 1900), rng.uniform(1900, 3300)])
    width = np.array([120.0, 180.0, 250.0])
    gain = (rng.uniform(0.4, 1.0, 3) / (1 + ((hz[:, None] - formants) / width) ** 2)).sum(axis=1) * (hz < 3500)
    phases = np.exp(1j * rng.uniform(0, 2 * np.pi, _HARMONICS))
    turning = np.exp(2j * np.pi * np.cumsum(pitch) / RATE)
    voice = _horner(gain * phases, turning).imag
    noise = np.diff(rng.standard_normal(size + 1)) * rng.uniform(0.02, 0.12)
    envelope = 0.25 + 0.75 * np.sin(np.pi * np.linspace(0, 1, size)) ** rng.uniform(0.4, 1.2)
    out: NDArray[np.float64] = (voice + noise) * envelope
    return out
