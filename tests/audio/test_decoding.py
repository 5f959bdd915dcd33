"""Every usual format, rate and number of channels is heard right, and as loud as every other."""

from pathlib import Path

import numpy as np
import pytest

from pbx.audio.decoding import Limits, decode
from pbx.audio.level import active_level_db
from pbx.audio.pcm import RATE, as_samples, from_alaw, resample
from pbx.errors import Refused
from tests.audio.files import sound_file
from tests.audio.honest import HONEST, words_of
from tests.audio.takes import silence, telephone_speech
from tests.library.house import House, alike


@pytest.mark.timeout(300)
async def test_twenty_files_of_all_kinds_are_heard_right_and_equally_loud(house: House, tmp_path: Path) -> None:
    company, words = house.world.exempel.id, words_of(HONEST)
    assert len(words) >= 20
    levels, wrong = {}, {}
    for name, pcm in words.items():
        message = await house.library.messages.add(company, name, "announcement", by="alva")
        file = await sound_file(tmp_path / name, pcm, *HONEST[name])
        done = await house.library.uploads.upload(company, message.id, file, lang="sv", by="alva")
        media = (await house.library.messages.playable_message(company, message.id, "sv")).media[0]
        played = house.sounds(media)
        others = [other for other in words if other != name and alike(played, words[other])]
        if done.notes or others or not alike(played, pcm):
            wrong[name] = (done.notes, others)
        narrow = from_alaw(house.file(media, "alaw").read_bytes())
        levels[name] = active_level_db(as_samples(narrow))
    assert wrong == {}
    assert max(levels.values()) - min(levels.values()) < 2, levels


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
