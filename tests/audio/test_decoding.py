"""What comes out of the decoder, and what is too much for it. How each format is heard: tests/calls/test_uploads.py."""

from pathlib import Path

import numpy as np
import pytest

from pbx.audio.decoding import Limits, decode
from pbx.audio.pcm import RATE, resample
from pbx.errors import Refused
from tests.audio.files import sound_file
from tests.audio.takes import silence, telephone_speech
from tests.library.house import alike


async def test_what_is_decoded_is_mono_at_48_khz_and_as_long_as_it_was(tmp_path: Path) -> None:
    sound = telephone_speech("length", 3.0)
    decoded = await decode(await sound_file(tmp_path / "a.wav", sound, "-ar", "44100", "-ac", "2"))
    assert decoded.seconds == pytest.approx(3.0, abs=0.01)
    assert (decoded.pcm48.dtype, len(decoded.pcm48)) == (np.dtype(np.int16), round(decoded.seconds * 48_000))
    assert alike(resample(decoded.pcm48, 48_000, RATE), sound)
    assert (decoded.notes, decoded.kind, decoded.original) == ((), "wav", (tmp_path / "a.wav").read_bytes())


async def test_the_limits_are_the_operators(tmp_path: Path) -> None:
    file = await sound_file(tmp_path / "a.wav", silence(3))
    with pytest.raises(Refused, match="upload-too-long"):
        await decode(file, Limits(seconds=2))
    with pytest.raises(Refused, match="upload-too-big"):
        await decode(file, Limits(bytes=90_000))
    assert (await decode(file, Limits(bytes=200_000, seconds=3))).seconds == pytest.approx(3.0)


async def test_without_ffmpeg_a_file_cannot_be_taken_now_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await sound_file(tmp_path / "a.wav", silence(1))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="upload-not-now"):
        await decode(file)
