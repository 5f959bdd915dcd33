"""Sound in tests: read, compare, measure. int16 mono at 8 kHz throughout."""

from __future__ import annotations

import wave
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.phone import g711
from tests.phone.dtmf import HIGH_HZ, LOW_HZ, pair_hz
from tests.phone.g711 import Pcm

RATE = 8000
SAME = 0.6
"""A whole prompt that was heard scores over this (0.95 and more measured on a clean path), another prompt under it."""
JITTERY = 0.45
"""The same for a phone with a jitter buffer: on a machine that is busy it leaves out or stretches what comes late."""
MOST = 0.75
"""What `in_pieces` gives where all of it was played to such a phone (0.85 and more measured with a switch that stands
still for 0.15 s again and again)."""

Floats = NDArray[np.float64]
_NEAR = 400
_PIECE = 3200
_SIGNED_LINEAR = {".sln": 8000, ".sln16": 16000}


@lru_cache(maxsize=4096)
def read(path: Path) -> Pcm:
    """An .alaw, .ulaw, .sln, .sln16 or .wav file (8, 16, 24, 32, 48 kHz) as 8 kHz mono; ValueError for others.

    A path without extension, as a switch names its sounds, means its .alaw.
    """
    if not path.suffix:
        path = path.with_name(path.name + ".alaw")
    if path.suffix == ".alaw":
        pcm, rate = g711.decode(path.read_bytes(), 8), RATE
    elif path.suffix == ".ulaw":
        pcm, rate = g711.decode(path.read_bytes(), 0), RATE
    elif path.suffix in _SIGNED_LINEAR:
        data = path.read_bytes()
        pcm, rate = np.frombuffer(data[: len(data) // 2 * 2], "<i2"), _SIGNED_LINEAR[path.suffix]
    elif path.suffix == ".wav":
        pcm, rate = _read_wav(path)
    else:
        raise ValueError(f"cannot read {path}")
    return down(pcm, rate).astype(np.int16)


def _read_wav(path: Path) -> tuple[Pcm, int]:
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2:
            raise ValueError(f"not 16 bit: {path}")
        pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
        return pcm.mean(axis=1).astype(np.int16), file.getframerate()


def write_wav(path: Path, pcm: Pcm, rate: int = RATE) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm.astype("<i2").tobytes())


@cache
def _low_pass(factor: int) -> Floats:
    n = np.arange(-16 * factor, 16 * factor + 1)
    taps: Floats = np.sinc(n * 0.93 / factor) * np.kaiser(len(n), 8.0)
    taps /= taps.sum()
    return taps


def down(pcm: Pcm, rate: int) -> Pcm:
    """To 8 kHz; ValueError where `rate` is no multiple of it."""
    factor, rest = divmod(rate, RATE)
    if rest or factor < 1:
        raise ValueError(f"cannot bring {rate} Hz to 8000")
    if factor == 1 or not len(pcm):
        return pcm
    full = np.convolve(pcm.astype(float), _low_pass(factor))[16 * factor : 16 * factor + len(pcm)]
    return np.clip(np.rint(full[::factor]), -32768, 32767).astype(np.int16)


def up16(pcm: Pcm) -> Pcm:
    """8 kHz to 16 kHz."""
    wide = np.zeros(len(pcm) * 2)
    wide[::2] = pcm
    full = np.convolve(wide, _low_pass(2) * 2)[32 : 32 + len(wide)]
    return np.clip(np.rint(full), -32768, 32767).astype(np.int16)


def _curve(heard: Pcm, reference: Pcm) -> Floats:
    """The correlation at each position where the whole reference can lie; empty where there is none."""
    r = reference - reference.mean()
    k, m = len(r), len(heard) - len(r) + 1
    if m <= 0 or not k or not r.any():
        return np.zeros(0)
    h = heard.astype(float)
    n = 1 << (len(h) + k).bit_length()
    c = np.fft.irfft(np.fft.rfft(h, n) * np.conj(np.fft.rfft(r, n)), n)[:m]
    s, q = (np.concatenate([[0.0], np.cumsum(v)]) for v in (h, h * h))
    energy = q[k : k + m] - q[:m] - (s[k : k + m] - s[:m]) ** 2 / k
    curve: Floats = c / np.sqrt(np.maximum(energy, k * 25.0) * (r @ r))
    return curve


def score(heard: Pcm, reference: Pcm) -> tuple[float, int]:
    """How well the reference lies somewhere in what was heard (0..1), and at which sample it begins.

    Normalised cross-correlation by FFT, sliding mean and energy removed. The offset is exact to the sample. (0, 0)
    where less was heard than the reference is long. Use at least 0.75 s of a real prompt, or the whole.
    """
    return _peak(_curve(heard, reference), 0)


def first(heard: Pcm, reference: Pcm, threshold: float = SAME) -> tuple[float, int]:
    """`score` of the first place where it was heard, of several; of the best place where none is over the threshold."""
    curve = _curve(heard, reference)
    if not len(curve) or curve.max() < threshold:
        return _peak(curve, 0)
    begin = int(np.argmax(curve >= max(threshold, 0.8 * curve.max())))
    return _peak(curve[: begin + _NEAR], begin)


def _peak(curve: Floats, begin: int) -> tuple[float, int]:
    if not len(curve):
        return 0.0, 0
    best = begin + int(curve[begin:].argmax())
    return float(curve[best]), best


def in_pieces(heard: Pcm, reference: Pcm) -> tuple[float, int, int]:
    """`score` for a phone with a jitter buffer, and at which samples the reference begins and ends in what was heard.

    Such a phone leaves out or stretches what comes late, and all that follows is moved, so that a long reference is no
    longer there as a whole. So each 0.4 s of it is looked for behind the one before, and the mean of their scores is
    told: one that was harmed lowers it by little, and what was not played at all scores under 0.2.
    """
    pieces = np.array_split(reference, max(1, round(len(reference) / _PIECE)))
    values: list[float] = []
    spans: list[tuple[int, int]] = []
    behind = 0
    for piece in pieces:
        value, offset = score(heard[behind:], piece)
        values.append(value)
        if value >= JITTERY:
            spans.append((behind + offset, behind + offset + len(piece)))
            behind = spans[-1][1] - _NEAR
    begin, end = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    return float(np.mean(values)), begin, end


def find(heard: Pcm, reference: Pcm) -> tuple[float, float]:
    """`score` with the offset in seconds."""
    value, offset = score(heard, reference)
    return value, offset / RATE


def transcript(heard: Pcm, references: Mapping[str, Pcm], threshold: float = SAME) -> list[tuple[str, float, float]]:
    """Everything known that was heard, in order: (name, offset in seconds, score). Of two at one place the better."""
    found: list[tuple[str, int, float]] = []
    for name, reference in references.items():
        start = 0
        while True:
            value, offset = score(heard[start:], reference)
            if value < threshold:
                break
            found.append((name, start + offset, value))
            start += offset + max(1, len(reference) - 160)
    kept: list[tuple[str, int, float]] = []
    for name, offset, value in sorted(found, key=lambda one: -one[2]):
        end = offset + len(references[name]) - 800
        if all(offset >= at + len(references[other]) - 800 or end <= at for other, at, _ in kept):
            kept.append((name, offset, value))
    return [(name, offset / RATE, value) for name, offset, value in sorted(kept, key=lambda one: one[1])]


def _frames(pcm: Pcm, size: int, hop: int) -> Floats:
    if len(pcm) < size:
        return np.zeros((0, size))
    view = np.lib.stride_tricks.sliding_window_view(pcm.astype(float) / 32768, size)
    frames: Floats = view[::hop]
    return frames


def loudness(pcm: Pcm) -> float:
    """dBov (RMS) of what sounds: frames of 20 ms that lie within 30 dB of the loudest. -100 for silence.

    Pauses do not lower it, so a take and the same take between silences measure the same.
    """
    frames = _frames(pcm, 160, 160)
    power = (frames**2).mean(axis=1) if len(frames) else np.zeros(1)
    loudest = float(power.max())
    if loudest <= 1e-10:
        return -100.0
    return float(10 * np.log10(power[power > loudest / 1000].mean()))


def tone_left(heard: Pcm, key: str) -> float:
    """Milliseconds of this key's two tones in it; 0 where none is left (a tone under 20 ms is not seen).

    Windows of 20 ms, hop 5 ms, the pair must hold over 60 % of the energy, be over -50 dBov, within 9 dB of each other,
    and no other tone of the pad may come near: speech does not do that for three windows in a row.
    """
    frames = _frames(heard, 160, 40) * np.hamming(160)
    bins = np.exp(-2j * np.pi * np.outer(np.arange(160), (*LOW_HZ, *HIGH_HZ)) / RATE)
    power = np.abs(frames @ bins) ** 2 * 2 / (np.hamming(160).sum() ** 2)
    low, high = LOW_HZ.index(pair_hz(key)[0]), HIGH_HZ.index(pair_hz(key)[1])
    a, b = power[:, low], power[:, 4 + high]
    total = (frames**2).sum(axis=1) / (np.hamming(160) ** 2).sum()
    others = np.delete(power, [low, 4 + high], axis=1).max(axis=1, initial=0.0)
    twist = np.abs(10 * np.log10((a + 1e-15) / (b + 1e-15)))
    hit = (a + b > 0.6 * total) & (a + b > 1e-5) & (twist < 9) & (others < 0.15 * (a + b))
    return _in_rows(hit) * 5.0


def _in_rows(hit: NDArray[np.bool_]) -> int:
    """How many hits stand in rows of three and more."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], hit.astype(int), [0]])))
    rows = edges[1::2] - edges[::2]
    return int(rows[rows >= 3].sum())
