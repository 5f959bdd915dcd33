"""The files that Asterisk plays: cut, equally loud, whole."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from pbx.audio import pcm, rendition
from pbx.audio.judge import judge
from pbx.audio.level import active_level_db
from pbx.audio.limiter import limited
from pbx.audio.pcm import RATE, as_pcm, as_samples
from tests.audio.takes import at_level, joined, key, noise, silence, sine, speech, through_a_telephone

CEILING = 10 ** (-1 / 20)


@pytest.mark.parametrize("level_db", [-41, -35, -26, -20, -10])
def test_every_take_is_heard_equally_loud_and_undistorted(level_db: float) -> None:
    take = joined(silence(1), at_level(speech(), level_db), silence(1))
    shaped = as_samples(rendition.shape(take, judge(take)))
    assert active_level_db(shaped) == pytest.approx(-20, abs=0.6)
    assert np.abs(shaped).max() <= CEILING + 1e-4


def test_only_what_the_verdict_keeps_is_heard_and_no_key() -> None:
    take = through_a_telephone(joined(silence(3), speech(), silence(0.4), key("#", 0.1)))
    verdict = judge(take)
    shaped = rendition.shape(take, verdict)
    assert len(shaped) == verdict.end - verdict.start
    assert len(shaped) / RATE < len(speech()) / RATE + 0.5


def test_a_direct_current_is_taken_out_and_the_edges_do_not_click() -> None:
    take = as_pcm(as_samples(joined(silence(1), at_level(speech(), -26), silence(1))) + 0.05)
    shaped = as_samples(rendition.shape(take, judge(take)))
    assert abs(shaped.mean()) < 0.002
    assert abs(shaped[0]) < 0.001
    assert abs(shaped[-1]) < 0.001


def test_the_limiter_lowers_peaks_smoothly_and_leaves_the_rest_alone() -> None:
    quiet, loud = as_samples(sine(300, 1, -20)), as_samples(sine(300, 0.2, -4)) * 3
    kept = limited(np.concatenate((quiet, loud, quiet)))
    assert np.abs(kept).max() <= CEILING
    assert np.allclose(kept[: RATE // 2], quiet[: RATE // 2])
    assert np.abs(np.diff(kept)).max() < 0.25, "no step"


@pytest.mark.parametrize("samples", [0, 1, 10, 100])
async def test_a_take_of_a_few_samples_is_rendered_all_the_same(samples: int) -> None:
    take = np.full(samples, 1000, dtype=np.int16)
    rendered = await rendition.render(rendition.levelled(as_samples(take)))
    assert set(rendered) == {"alaw", "ulaw", "g722", "sln16"}


async def test_all_four_formats_last_as_long_and_sound_like_the_take(tmp_path: Path) -> None:
    shaped = rendition.spoken(speech())
    await rendition.write_rendition(tmp_path / "ab" / "abcdef", shaped)
    files = {file.suffix: file.read_bytes() for file in (tmp_path / "ab").iterdir()}
    assert set(files) == {".alaw", ".ulaw", ".g722", ".sln16"}
    assert len(files[".sln16"]) == 2 * len(shaped)
    for suffix in (".alaw", ".ulaw", ".g722"):
        assert len(files[suffix]) == pytest.approx(len(shaped) / 2, abs=2)
    wide = await _from_g722(files[".g722"])
    for again in (pcm.from_alaw(files[".alaw"]), pcm.from_ulaw(files[".ulaw"]), wide):
        assert _likeness(shaped, again) > 0.97


async def test_a_rendition_is_written_by_rename_and_leaves_nothing_else_behind(tmp_path: Path) -> None:
    base = tmp_path / "greeting"
    for level in (-20, -30):
        await rendition.write_rendition(base, noise(0.5, level))
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        f"greeting.{e}" for e in ("alaw", "g722", "sln16", "ulaw")
    ]
    assert (tmp_path / "greeting.sln16").read_bytes() == pcm.to_bytes(noise(0.5, -30))


async def test_many_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    takes = [noise(0.5, -20, seed) for seed in range(8)]
    async with asyncio.TaskGroup() as tasks:
        for at, take in enumerate(takes):
            tasks.create_task(rendition.write_rendition(tmp_path / str(at), take))
    for at, take in enumerate(takes):
        assert (tmp_path / f"{at}.sln16").read_bytes() == pcm.to_bytes(take)


async def test_without_ffmpeg_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(rendition.CannotConvert, match="ffmpeg"):
        await rendition.render(noise(0.1, -20))


@pytest.mark.parametrize("joined_up", [True, False])
def test_speech_of_an_engine_is_trimmed_closely_when_it_is_a_piece_of_a_sentence(joined_up: bool) -> None:
    words = speech("Måndag")
    shaped = rendition.spoken(joined(silence(0.5), words, silence(0.7)), joined=joined_up)
    extra_s = (len(shaped) - len(words)) / RATE
    assert extra_s < 0.1 if joined_up else 0.3 < extra_s < 0.4


def test_a_tone_is_at_the_level_of_speech_and_a_pause_is_silent() -> None:
    assert active_level_db(as_samples(rendition.tone(1000, 0.25))) == pytest.approx(-20, abs=0.5)
    assert len(rendition.tone(0, 0.2)) == 0.2 * RATE
    assert not rendition.tone(0, 0.2).any()
    assert len(rendition.spoken(silence(1))) == 0


async def _from_g722(data: bytes) -> pcm.Pcm:
    child = await asyncio.create_subprocess_exec(
        *("ffmpeg", "-v", "error", "-f", "g722", "-i", "pipe:0", "-f", "s16le", "pipe:1"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await child.communicate(data)
    return pcm.from_bytes(out)


def _likeness(one: pcm.Pcm, other: pcm.Pcm) -> float:
    """The best correlation within 3 ms: coders delay."""
    reference = as_samples(one)[1000:-1000]
    shifts = [as_samples(other)[1000 + shift : 1000 + shift + len(reference)] for shift in range(-48, 49)]
    return max(float(np.corrcoef(reference, shifted)[0, 1]) for shifted in shifts if len(shifted) == len(reference))
