"""The master format: gives back what went in, or says that it cannot."""

import io
import time

import numpy as np
import pytest
import soundfile

from pbx.audio import flac
from pbx.audio.pcm import RATE, Pcm
from tests.audio.takes import joined, noise, silence, sine, speech


@pytest.mark.parametrize("take", [speech(), noise(2, -10), silence(1)], ids=["speech", "noise", "silence"])
def test_a_take_comes_back_sample_by_sample(take: Pcm) -> None:
    assert np.array_equal(flac.decode(flac.encode(take)), take)


def test_nothing_is_no_master() -> None:
    with pytest.raises(ValueError, match="nothing"):
        flac.encode(silence(0))


def test_speech_takes_less_room_than_its_samples() -> None:
    take = joined(silence(1), speech(), silence(1))
    assert len(flac.encode(take)) < 0.7 * 2 * len(take)


def test_a_master_cut_short_is_told_and_not_played() -> None:
    whole = flac.encode(noise(5, -20))
    for share in (0.01, 0.3, 0.9):
        with pytest.raises(flac.NotAudio):
            flac.decode(whole[: int(len(whole) * share)])


@pytest.mark.parametrize("data", [b"", b"fLaC", b"fLaC" + bytes(200), b"RIFF" + bytes(200), b"<html>", bytes(1000)])
def test_what_is_no_master_is_told(data: bytes) -> None:
    with pytest.raises(flac.NotAudio):
        flac.decode(data)


def test_a_small_file_that_claims_hours_is_not_unpacked() -> None:
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", 8000, 1, format="FLAC", subtype="PCM_16") as file:
        for _ in range(62):
            file.write(np.zeros(8000 * 60, dtype=np.int16))
    began = time.process_time()
    with pytest.raises(flac.NotAudio, match="3720 s"):
        flac.decode(out.getvalue())
    assert time.process_time() - began < 10


def test_a_stereo_master_at_another_rate_becomes_mono_at_ours() -> None:
    t = np.arange(48_000) / 48_000
    both = np.stack([0.2 * np.sin(2 * np.pi * 440 * t)] * 2, axis=1)
    out = io.BytesIO()
    soundfile.write(out, both, 48_000, format="FLAC", subtype="PCM_16")
    decoded = flac.decode(out.getvalue())
    assert len(decoded) == RATE
    reference = sine(440, 1, 20 * np.log10(0.2 / np.sqrt(2)))
    assert np.corrcoef(decoded[200:-200], reference[200:-200])[0, 1] > 0.999
