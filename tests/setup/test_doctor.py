"""`vaxel doctor`: what is missing is told before a caller or an administrator meets it, with what to do."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from pbx.vault import Vault


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


def test_a_carrier_that_lacks_or_cannot_be_found_is_told(tmp_path: Path) -> None:
    how, words = findings(tmp_path)["carrier"]
    assert (how, words.startswith("none, ")) == ("unwise", True)
    assert findings(tmp_path, PBX_DEMO="yes")["carrier"] == ("ok", "none: calls to the outside go to PJSIP/outside")
    named = {"PBX_HOST": "192.0.2.7", "PBX_CARRIER": "sip://me:word@nowhere.invalid"}
    how, words = findings(tmp_path, **named)["carrier"]
    assert (how, words.startswith("nowhere.invalid has no IPv4 address (")) == ("bad", True)
    assert "word" not in words


def test_a_copy_that_lacks_something_is_told_with_how_much(tmp_path: Path) -> None:
    vault = Vault([tmp_path / "vault" / "a", tmp_path / "vault" / "b"], register=tmp_path / "vault.json")
    asyncio.run(vault.open())
    vault.close()
    assert findings(tmp_path)["copies"] == ("ok", "all take writes, and lack nothing")
    (tmp_path / "proof.json").write_text(json.dumps({"swept": "2026-11-26T12:00:00+00:00", "lacking": {"2": 14}}))
    how, words = findings(tmp_path)["copies"]
    assert how == "unwise"
    assert words.startswith("copy 2 lacked 14 objects at the last look: ")
