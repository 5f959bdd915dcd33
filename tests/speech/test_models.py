"""The operator's folder of voices: what is no voice is refused by name, before anything loads it."""

import json
from pathlib import Path
from typing import Any

import pytest

from pbx.rules.voice_names import VoiceName
from pbx.speech import CannotSpeak
from pbx.speech.models import LARGEST_CONFIG, find
from pbx.speech.voices import Voices

GOOD: dict[str, Any] = {"audio": {"sample_rate": 22050}, "espeak": {"voice": "sv"}}


def put(folder: Path, config: str, model: bytes = b"model") -> None:
    (folder / "x.onnx").write_bytes(model)
    (folder / "x.onnx.json").write_text(config)


def test_a_voice_is_its_two_files(tmp_path: Path) -> None:
    put(tmp_path, json.dumps({**GOOD, "language": {"code": "sv_SE"}}))
    model = find(tmp_path, "x")
    assert (model.lang, len(model.sha256)) == ("sv", 64)
    before = model.sha256
    put(tmp_path, json.dumps(GOOD), b"another model")
    assert find(tmp_path, "x").sha256 != before


def test_what_is_offered_can_be_had_and_speaks_the_language(tmp_path: Path) -> None:
    put(tmp_path, json.dumps({**GOOD, "language": {"code": "sv_SE"}}))
    for name in ("broken", "a name"):
        (tmp_path / f"{name}.onnx").write_bytes(b"model")
    voices = Voices(tmp_path, {"sv": VoiceName("pyttsx3", "sv"), "en": VoiceName("espeak", "en+m3")})
    assert list(map(str, voices.offered("sv"))) == ["pyttsx3:sv", "espeak:sv+f2", "espeak:sv+m3", "piper:x"]
    assert list(map(str, voices.offered("en"))) == ["espeak:en+m3", "espeak:en+f2"]
    gone = Voices(tmp_path / "gone", {"sv": VoiceName("piper", "x")})
    assert list(map(str, gone.offered("sv"))) == ["piper:x", "espeak:sv+f2", "espeak:sv+m3"]


@pytest.mark.parametrize(
    "config",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        json.dumps({"audio": {}}),
        json.dumps({**GOOD, "audio": {"sample_rate": 1}}),
        json.dumps({**GOOD, "audio": {"sample_rate": "many"}}),
        json.dumps({**GOOD, "phoneme_type": "japanese"}),
        json.dumps({**GOOD, "language": "sv"}),
        "[" * 200_000,
        json.dumps(GOOD) + " " * LARGEST_CONFIG,
    ],
)
def test_what_describes_no_voice_is_refused(tmp_path: Path, config: str) -> None:
    put(tmp_path, config)
    with pytest.raises(CannotSpeak, match=r"does not describe|cannot be used|no file of"):
        find(tmp_path, "x")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    put(tmp_path, json.dumps(GOOD), b"")
    with pytest.raises(CannotSpeak, match="no file of"):
        find(tmp_path, "x")
    (tmp_path / "x.onnx").unlink()
    (tmp_path / "x.onnx").mkdir()
    with pytest.raises(CannotSpeak, match="no file of"):
        find(tmp_path, "x")
    with pytest.raises(CannotSpeak, match="No such file"):
        find(tmp_path, "y")
    with pytest.raises(CannotSpeak, match="PBX_VOICES"):
        find(None, "x")
