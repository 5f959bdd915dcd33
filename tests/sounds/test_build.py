"""Building the phrases: only what changed, all four formats, and no gap goes unnoticed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pbx.audio import pcm, tones
from pbx.audio.judge import judge
from pbx.audio.level import active_level_db
from pbx.audio.pcm import RATE, as_samples
from pbx.phrases import EXTENSIONS, Phrases, read_catalogue
from pbx.speech.pyttsx3_voice import Pyttsx3Voice
from sounds.build import build

ROOT = Path(__file__).resolve().parents[2]
SMALL = """
[hello]
sv = "Hej och välkommen till växeln."
en = "Hello and welcome."
remark = "For a test."

[seven]
sv = "sju"
en = "seven"
remark = "For a test."
joined = true

[shown]
sv = "Skriv så här: +46."
en = "Write it like this: +46."
remark = "For a test."
written = true

[beep]
sv = "Ton"
en = "Tone"
remark = "For a test."
hz = 1000
seconds = 0.25
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    folder = tmp_path / "catalogue"
    folder.mkdir()
    (folder / "small.toml").write_text(SMALL, "utf-8")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


async def test_every_phrase_gets_all_formats_in_both_languages_and_sounds_right(catalogue: Path, out: Path) -> None:
    built = await build(out, Pyttsx3Voice(), catalogue)
    assert (built.total, built.made, built.failed) == (6, 6, {})
    assert Phrases(out, catalogue).missing() == []
    files = {str(file.relative_to(out)) for file in out.rglob("*") if file.is_file()}
    spoken = {f"{lang}/{key}.{e}" for lang in ("sv", "en") for key in ("hello", "seven", "beep") for e in EXTENSIONS}
    assert files == spoken | {"manifest.json"}
    for lang in ("sv", "en"):
        hello = pcm.read_sln16(out / lang / "hello.sln16")
        assert judge(hello).ok
        assert active_level_db(as_samples(hello)) == pytest.approx(-20, abs=1)
        assert len(pcm.read_sln16(out / lang / "seven.sln16")) < 0.9 * RATE
        beep = pcm.read_sln16(out / lang / "beep.sln16")
        assert len(beep) == 0.25 * RATE
        assert tones.keys(beep) == []


async def test_the_second_build_makes_nothing_and_touches_nothing(catalogue: Path, out: Path) -> None:
    await build(out, Pyttsx3Voice(), catalogue)
    before = {file: file.stat().st_mtime_ns for file in out.rglob("*.*")}
    assert (await build(out, Pyttsx3Voice(), catalogue)).made == 0
    assert {file: file.stat().st_mtime_ns for file in out.rglob("*.*")} == before


async def test_only_what_changed_is_made_anew(catalogue: Path, out: Path) -> None:
    await build(out, Pyttsx3Voice(), catalogue)
    (catalogue / "small.toml").write_text(SMALL.replace("Hello and welcome.", "Welcome to all of you."), "utf-8")
    before = {file: file.stat().st_mtime_ns for file in out.rglob("*.*")}
    assert (await build(out, Pyttsx3Voice(), catalogue)).made == 1
    changed = {str(f.relative_to(out)) for f, at in before.items() if f.stat().st_mtime_ns != at}
    assert changed == {f"en/hello.{e}" for e in EXTENSIONS} | {"manifest.json"}


@pytest.mark.parametrize("damage", ["gone", "empty", "manifest"])
async def test_what_is_not_whole_is_made_anew(catalogue: Path, out: Path, damage: str) -> None:
    await build(out, Pyttsx3Voice(), catalogue)
    match damage:
        case "gone":
            (out / "sv" / "hello.g722").unlink()
        case "empty":
            (out / "sv" / "hello.alaw").write_bytes(b"")
        case "manifest":
            (out / "manifest.json").write_text("{half")
    assert (await build(out, Pyttsx3Voice(), catalogue)).made == (6 if damage == "manifest" else 1)
    assert (out / "sv" / "hello.g722").stat().st_size
    assert (out / "sv" / "hello.alaw").stat().st_size
    assert len(json.loads((out / "manifest.json").read_text())) == 6


async def test_a_phrase_that_cannot_be_spoken_fails_and_is_named_and_the_others_are_there(
    catalogue: Path, out: Path
) -> None:
    (catalogue / "bad.toml").write_text('[dots]\nsv = "Hej."\nen = "."\nremark = "For a test."', "utf-8")
    built = await build(out, Pyttsx3Voice(), catalogue)
    assert list(built.failed) == ["en/dots"]
    assert Phrases(out, catalogue).missing() == ["en/dots"]
    assert list((await build(out, Pyttsx3Voice(), catalogue)).failed) == ["en/dots"], "and again until it is mended"


def test_the_command_ends_with_1_and_names_what_lacks_where_there_is_no_ffmpeg(tmp_path: Path) -> None:
    # A path on which espeak-ng is and ffmpeg is not.
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "espeak-ng").symlink_to("/usr/bin/espeak-ng")
    ended = subprocess.run(
        [sys.executable, "-c", _SMALL_BUILD, str(tmp_path / "out")],
        cwd=ROOT,
        env={"PATH": str(tmp_path / "bin"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert "Phrase sv/goodbye: ffmpeg" in ended.stderr
    assert "could not be built" in ended.stderr


_SMALL_BUILD = """
import sys
import sounds.build as b
everything = b.read_catalogue()
b.read_catalogue = lambda _: {"goodbye": everything["goodbye"]}
sys.exit(b.main(["--to", sys.argv[1]]))
"""


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = subprocess.run(
        [sys.executable, "-m", "sounds.build", "--to", str(tmp_path / "file" / "in")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert str(tmp_path) in ended.stderr


async def test_a_sample_of_the_real_catalogue_can_be_built(tmp_path: Path, out: Path) -> None:
    real = read_catalogue()
    keys = [
        "vm-main",
        "vm-message-keys",
        "survival",
        "num-7",
        "num-21-en",
        "ord-18",
        "and",
        "oh",
        "at",
        "pin-easy",
        "vm-goodbye",
    ]
    lines = [f'[{k}]\nsv = "{real[k].spelled("sv")}"\nen = "{real[k].spelled("en")}"\nremark = "r"' for k in keys]
    joined = ["joined = true" if real[key].joined else "" for key in keys]
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "real.toml").write_text(
        "\n".join(f"{a}\n{b}" for a, b in zip(lines, joined, strict=True)), "utf-8"
    )
    built = await build(out, Pyttsx3Voice(), tmp_path / "c")
    assert (built.failed, built.made) == ({}, 2 * len(keys))
