"""`vaxel doctor`: what is missing is told before a caller or an administrator meets it, with what to do."""

import os
import subprocess
import sys
from pathlib import Path


def findings(var: Path, **settings: str) -> dict[str, tuple[str, str]]:
    """How it is, and the words, by what was looked at."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PBX_")}
    done = subprocess.run(
        [sys.executable, "-m", "pbx", "doctor"], env={**env, "PBX_VAR": str(var), **settings}, timeout=60,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = {}
    for line in done.stdout.splitlines():
        what, _, words = line[8:].partition(": ")
        told[what] = (line[:8].strip(), words)
    return told


def test_programs_that_are_missing_are_told_by_name(tmp_path: Path) -> None:
    told = findings(tmp_path, PATH=str(tmp_path))
    for what, program in (("ffmpeg", "ffmpeg"), ("uploads", "prlimit"), ("voices", "espeak-ng")):
        how, words = told[what]
        assert how == "bad"
        assert words.startswith(f"{program} is not installed")
        assert "apt-get install" in words


def test_a_voice_that_cannot_be_had_is_told_with_the_one_that_speaks_instead(tmp_path: Path) -> None:
    told = findings(tmp_path, PBX_VOICES=str(tmp_path), PBX_VOICE_SV="piper:nobody", PBX_VOICE_EN="espeak:en-gb")
    how, words = told["voices"]
    assert how == "unwise"
    assert words.startswith("the default voice speaks sv in the place of piper:nobody, which cannot be had: ")
    assert told["uploads"][0] in {"ok", "unwise"}
