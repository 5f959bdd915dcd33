"""Samples and the telephone's own formats."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from pbx.audio import pcm
from pbx.audio.pcm import RATE
from tests.audio.takes import noise, sine, speech

ALL = np.arange(-32_768, 32_768).astype(np.int16)
ENCODERS = {"alaw": pcm._ALAW, "mulaw": pcm._ULAW}
DECODERS = {"alaw": pcm._ALAW_BACK, "mulaw": pcm._ULAW_BACK}


def ffmpeg(data: bytes, into: str, out_of: str) -> bytes:
    return subprocess.run(
        ["ffmpeg", "-v", "error", "-f", into, "-ar", "8000", "-ac", "1", "-i", "pipe:0", "-f", out_of, "pipe:1"],
        input=data,
        capture_output=True,
        check=True,
    ).stdout


@pytest.mark.parametrize("law", ["alaw", "mulaw"])
def test_what_we_decode_is_what_every_other_decoder_makes_of_it(law: str) -> None:
    theirs = np.frombuffer(ffmpeg(bytes(range(256)), law, "s16le"), "<i2")
    assert np.array_equal(DECODERS[law], theirs)


@pytest.mark.parametrize("law", ["alaw", "mulaw"])
def test_each_sample_becomes_the_nearest_value_that_there_is(law: str) -> None:
    error = np.abs(DECODERS[law][ENCODERS[law]].astype(int) - ALL)
    nearest = np.min(np.abs(np.unique(DECODERS[law]).astype(int)[None, :] - ALL[::37, None]), axis=1)
    assert np.array_equal(error[::37], nearest)


def test_silence_is_the_byte_that_telephones_send_for_it() -> None:
    quiet = np.zeros(RATE, dtype=np.int16)
    assert set(pcm.to_alaw(quiet)) <= {0xD5, 0x55}
    assert set(pcm.to_ulaw(quiet)) <= {0xFF, 0x7F}


def test_an_hour_glass_of_formats_gives_back_speech_of_the_same_length_and_shape() -> None:
    words = speech()
    for there, back in ((pcm.to_alaw, pcm.from_alaw), (pcm.to_ulaw, pcm.from_ulaw)):
        again = back(there(words))
        assert abs(len(again) - len(words)) <= 2
        narrow = pcm.resample(pcm.resample(words, RATE, 8000), 8000, RATE)
        count = min(len(again), len(narrow))
        error = again[:count].astype(float) - narrow[:count]
        snr_db = 10 * np.log10(np.mean(narrow[:count].astype(float) ** 2) / np.mean(error**2))
        assert snr_db > 33


def test_nothing_above_the_new_limit_survives_resampling() -> None:
    whistle = sine(5000, 1, -10)
    assert np.abs(pcm.resample(whistle, RATE, 8000)[200:-200]).max() <= 2


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x01\x02\x03"])
def test_a_file_that_a_crash_cut_in_the_middle_of_a_sample_is_read_up_to_there(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "take.sln16").write_bytes(data)
    assert len(pcm.read_sln16(tmp_path / "take.sln16")) == len(data) // 2


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    take = noise(1, -20)
    pcm.write_sln16(tmp_path / "take.sln16", take)
    assert np.array_equal(pcm.read_sln16(tmp_path / "take.sln16"), take)


def test_samples_over_full_scale_are_held_and_do_not_wrap() -> None:
    assert list(pcm.as_pcm(np.array([2.0, -2.0, 0.5]))) == [32_767, -32_768, 16_384]
