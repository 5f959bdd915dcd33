"""Whatever is handed in costs little time and memory, is refused in its own sentence, and changes nothing."""

import subprocess
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from pbx.audio.child import APART, _apart, without_network
from pbx.audio.decoding import decode
from pbx.audio.pcm import RATE
from pbx.errors import Refused
from pbx.phrases import read_catalogue
from pbx.store.values import Message
from tests.audio.files import sound_file
from tests.audio.hostile import lay_out, opposite_phase
from tests.audio.memory import Watch, at_rest
from tests.audio.takes import telephone_speech
from tests.library.house import House, alike

MIB = 1 << 20
WELCOME = telephone_speech("the old welcome", 3)


async def uploaded(house: House, message: Message, file: Path) -> str:
    """The key of what is said about it; empty if it was saved."""
    try:
        await house.library.uploads.upload(house.world.exempel.id, message.id, file, lang="sv", by="alva")
    except Refused as refused:
        return refused.says
    return ""


async def heard(house: House, message: Message) -> str:
    return (await house.library.messages.playable_message(house.world.exempel.id, message.id, "sv")).media[0]


async def a_welcome(house: House, folder: Path) -> Message:
    message = await house.library.messages.add(house.world.exempel.id, "Welcome", "welcome", by="alva")
    assert await uploaded(house, message, await sound_file(folder / "welcome.mp3", WELCOME)) == ""
    return message


@pytest.mark.timeout(600)
async def test_each_is_refused_in_its_own_sentence_soon_and_cheaply_and_the_old_welcome_is_heard(
    house: House, tmp_path: Path
) -> None:
    (tmp_path / "files").mkdir()
    message = await a_welcome(house, tmp_path)
    files = await lay_out(tmp_path / "files")
    assert len(files) >= 60
    await uploaded(house, message, tmp_path / "files" / "cut.mp3")  # what is loaded and made ready once
    before, wrong, slowest = at_rest(), {}, ("", 0.0)
    with Watch() as watch:
        for file, expected in files.items():
            began = time.monotonic()
            says = await uploaded(house, message, file)
            slowest = max(slowest, (file.name, time.monotonic() - began), key=lambda one: one[1])
            if says != expected:
                wrong[file.name] = says
    after = at_rest()
    print(f"{len(files)} files; slowest {slowest[0]} {slowest[1]:.1f} s;", Counter(files.values()))
    print(f"{(watch.peak - before) / MIB:.0f} MiB at the most, {(after - before) / MIB:.0f} afterwards")
    assert wrong == {}
    assert slowest[1] < 20
    assert watch.peak - before < 300 * MIB
    assert after - before < 20 * MIB
    assert alike(house.sounds(await heard(house, message)), WELCOME)
    assert {"sv", "en"} == set.intersection(*(set(read_catalogue()[says].words) for says in files.values()))


@pytest.mark.timeout(300)
async def test_ten_minutes_of_the_worst_kind_are_taken_in_little_memory(house: House, tmp_path: Path) -> None:
    message = await a_welcome(house, tmp_path)
    long = (np.resize(telephone_speech("long", 30), 599 * RATE) * 0.5).astype(np.int16)
    long += np.random.default_rng(1).integers(-40, 40, len(long), dtype=np.int16)
    file = await sound_file(tmp_path / "long.flac", long, "-ar", "48000", "-compression_level", "0")
    del long
    before, began = at_rest(), time.monotonic()
    with Watch() as watch:
        assert await uploaded(house, message, file) == ""
    took = time.monotonic() - began
    after = at_rest()
    print(f"{file.stat().st_size / MIB:.0f} MiB: {took:.1f} s, {(watch.peak - before) / MIB:.0f} MiB,",
          f"{(after - before) / MIB:.0f} afterwards")  # fmt: skip
    assert watch.peak - before < 300 * MIB
    assert after - before < 20 * MIB


async def test_channels_that_cancel_each_other_out_are_heard_by_the_left_one_and_that_is_told(tmp_path: Path) -> None:
    decoded = await decode(opposite_phase(tmp_path / "karaoke.wav", WELCOME))
    assert decoded.notes == ("opposite-phase",)
    assert alike(decoded.pcm48[::3], WELCOME)


def test_the_child_has_a_network_of_its_own_with_nothing_in_it_where_the_kernel_gives_one() -> None:
    apart = without_network()
    told = subprocess.run([*apart, "cat", "/proc/net/dev"], capture_output=True, check=True, text=True).stdout
    if apart:
        assert [line.split(":")[0].strip() for line in told.splitlines()[2:]] == ["lo"]
    else:
        assert all(subprocess.run([*words, "true"], capture_output=True, check=False).returncode for words in APART)


def test_a_moment_in_which_it_could_not_be_had_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = without_network()
    _apart.cache_clear()
    with monkeypatch.context() as without_programs:
        without_programs.setenv("PATH", str(tmp_path))
        assert without_network() == ()
    assert without_network() == before
