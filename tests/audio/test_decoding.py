"""Every usual format, rate and number of channels is heard right, and as loud as every other."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from pbx.audio.decoding import Limits, decode
from pbx.audio.level import active_level_db
from pbx.audio.pcm import RATE, Pcm, as_pcm, as_samples, from_alaw, resample
from pbx.errors import Refused
from tests.audio.files import sound_file
from tests.audio.takes import silence, telephone_speech
from tests.library.house import House, alike

VIDEO = ("-f", "lavfi", "-i", "testsrc=s=64x64:r=5", "-shortest")
EIGHT = ("-ar", "192000", "-af", "pan=7.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0|c6=c0|c7=c0", "-c:a", "pcm_s32le")
HONEST = {
    "telephone.wav": ("-ar", "8000"),
    "a-law.wav": ("-ar", "8000", "-c:a", "pcm_alaw"),
    "studio.wav": ("-ar", "96000", "-c:a", "pcm_f32le"),
    "cinema.wav": EIGHT,
    "stereo.wav": ("-ar", "44100", "-ac", "2"),
    "one-side.wav": ("-af", "pan=stereo|c0=c0"),
    "usual.mp3": ("-ar", "44100", "-ac", "2", "-b:a", "128k"),
    "small.mp3": ("-ar", "8000", "-b:a", "16k"),
    "variable.mp3": ("-ar", "48000", "-q:a", "5"),
    "named-wrong.wav": ("-f", "mp3"),
    "iphone.m4a": ("-ar", "48000"),
    "lossless.m4a": ("-ar", "44100", "-c:a", "alac"),
    "radio.aac": ("-ar", "44100"),
    "vorbis.ogg": ("-ar", "44100", "-c:a", "libvorbis"),
    "whatsapp.opus": ("-ar", "48000"),
    "narrow.flac": ("-ar", "16000"),
    "wide.flac": ("-ar", "96000", "-sample_fmt", "s32", "-ac", "2"),
    "browser.webm": ("-ar", "48000", "-c:a", "libopus"),
    "browser-live.webm": ("-ar", "48000", "-c:a", "libopus", "-live", "1"),
    "mac.aiff": ("-ar", "44100"),
    "mac.caf": ("-ar", "44100"),
    "phone-film.mp4": VIDEO,
    "old-film.mov": (*VIDEO, "-c:a", "pcm_s16le"),
    "talk.mkv": (*VIDEO, "-c:a", "flac"),
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Words of their own for each file, at a level of their own."""

    name: str
    pcm: Pcm


def said(name: str, at: int) -> Said:
    quieter_db = -3.0 * (at % 5)
    return Said(name, as_pcm(as_samples(telephone_speech(name, 2.0)) * 10 ** (quieter_db / 20)))


@pytest.mark.timeout(300)
async def test_twenty_files_of_all_kinds_are_heard_right_and_equally_loud(house: House, tmp_path: Path) -> None:
    company, everybody = house.world.exempel.id, [said(name, at) for at, name in enumerate(HONEST)]
    assert len(everybody) >= 20
    levels, wrong = {}, {}
    for one in everybody:
        message = await house.library.messages.add(company, one.name, "announcement", by="alva")
        file = await sound_file(tmp_path / one.name, one.pcm, *HONEST[one.name])
        done = await house.library.uploads.upload(company, message.id, file, lang="sv", by="alva")
        media = (await house.library.messages.playable_message(company, message.id, "sv")).media[0]
        played = house.sounds(media)
        others = [other.name for other in everybody if other is not one and alike(played, other.pcm)]
        if done.notes or others or not alike(played, one.pcm):
            wrong[one.name] = (done.notes, others)
        narrow = from_alaw(house.file(media, "alaw").read_bytes())
        levels[one.name] = active_level_db(as_samples(narrow))
    assert wrong == {}
    assert max(levels.values()) - min(levels.values()) < 2, levels


async def test_what_is_decoded_is_mono_at_48_khz_and_as_long_as_it_was(tmp_path: Path) -> None:
    sound = telephone_speech("length", 3.0)
    decoded = await decode(await sound_file(tmp_path / "a.wav", sound, "-ar", "44100", "-ac", "2"))
    assert decoded.seconds == pytest.approx(3.0, abs=0.01)
    assert (decoded.pcm48.dtype, len(decoded.pcm48)) == (np.int16, round(decoded.seconds * 48_000))
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
