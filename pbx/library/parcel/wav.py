"""A recording as an ordinary file that every program plays: 16 kHz, mono, 16 bit."""

import io
import struct
import wave

from pbx.audio.flac import LONGEST_S
from pbx.audio.pcm import RATE, Pcm, from_bytes, to_bytes
from pbx.errors import Refused

LARGEST = LONGEST_S * RATE * 2 + 65_536
"""Bytes of the longest recording, with room for what other programs write besides."""


def encode(pcm: Pcm) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, RATE, len(pcm), "NONE", ""))
        file.writeframes(to_bytes(pcm))
    return out.getvalue()


def decode(data: bytes) -> Pcm:
    """Refused `archive-sound`: it is no such file, is cut short, holds nothing, or more than an hour."""
    try:
        with wave.open(io.BytesIO(data), "rb") as file:
            shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            count = file.getnframes()
            frames = file.readframes(min(count, LONGEST_S * RATE + 1)) if shape == (1, 2, RATE) else b""
    except (wave.Error, EOFError, struct.error, RuntimeError):
        raise Refused("archive-sound") from None
    if not 0 < len(frames) // 2 == count <= LONGEST_S * RATE:
        raise Refused("archive-sound")
    return from_bytes(frames)
