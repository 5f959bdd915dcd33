"""A program that stays: one that hangs, crashes or talks nonsense costs one text, and is there for the next."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pbx.speech import CannotSpeak, speak_all
from pbx.speech.models import Model
from pbx.speech.piper_voice import PiperVoice

PROGRAM = (sys.executable, "-S", str(Path(__file__).with_name("fake_piper.py")))
LIMIT_S = 1.5


def model(folder: Path, name: str = "anyone") -> Model:
    onnx, config = folder / f"{name}.onnx", folder / f"{name}.onnx.json"
    onnx.write_bytes(b"model")
    config.write_text(json.dumps({"audio": {"sample_rate": 22050}, "language": {"code": "sv_SE"}}))
    return Model(name, onnx, config, "sv")


@pytest.fixture
async def voice(tmp_path: Path) -> AsyncIterator[PiperVoice]:
    voice = PiperVoice(model(tmp_path), LIMIT_S, PROGRAM)
    yield voice
    await voice.close()


async def test_one_program_says_many_texts(voice: PiperVoice) -> None:
    short, long = await voice.speak("Hej.", "sv"), await voice.speak("Hej och välkommen hit.", "sv")
    assert 0.6 * 16_000 < len(short) < len(long)
    assert voice._worker.started == 1


async def test_those_who_speak_at_once_each_get_their_own(voice: PiperVoice) -> None:
    said = await asyncio.gather(*(voice.speak("a" * n, "sv") for n in (40, 10, 25)))
    assert [round(len(each) / 16_000, 1) for each in said] == [2.5, 1.0, 1.8]


@pytest.mark.parametrize("text", ["hang", "crash", "nonsense"])
async def test_a_voice_that_fails_costs_one_time_limit_and_speaks_again(voice: PiperVoice, text: str) -> None:
    await voice.speak("Hej.", "sv")
    began = time.monotonic()
    with pytest.raises(CannotSpeak):
        await voice.speak(text, "sv")
    assert time.monotonic() - began < LIMIT_S + 10
    assert len(await voice.speak("Hej.", "sv")) > 0
    assert voice._worker.started == 2


async def test_a_text_that_it_cannot_say_needs_no_new_program(voice: PiperVoice) -> None:
    with pytest.raises(CannotSpeak, match="no such sound"):
        await voice.speak("unable", "sv")
    await voice.speak("Hej.", "sv")
    assert voice._worker.started == 1


async def test_a_voice_that_hangs_is_not_asked_for_every_text(voice: PiperVoice) -> None:
    began = time.monotonic()
    said = await speak_all(voice, [("hang", "sv")] * 20)
    assert time.monotonic() - began < 2 * LIMIT_S + 20
    assert all(isinstance(each, CannotSpeak) for each in said)


async def test_who_is_cancelled_leaves_no_answer_for_the_next(voice: PiperVoice) -> None:
    await voice.speak("Hej.", "sv")
    speaking = asyncio.create_task(voice.speak("hang", "sv"))
    await asyncio.sleep(0.1)
    speaking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await speaking
    assert round(len(await voice.speak("a" * 10, "sv")) / 16_000, 1) == 1.0


async def test_a_model_that_only_is_silent_is_found_out(tmp_path: Path) -> None:
    voice = PiperVoice(model(tmp_path, "silent"), LIMIT_S, PROGRAM)
    with pytest.raises(CannotSpeak, match="no speech: take-silent"):
        await voice.speak("Hej.", "sv")
    await voice.close()


async def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotSpeak):
        await PiperVoice(model(tmp_path), LIMIT_S, ("/nowhere",)).speak("Hej.", "sv")


def test_the_recipe_tells_models_and_texts_apart(tmp_path: Path, voice: PiperVoice) -> None:
    (tmp_path / "other").mkdir()
    other = model(tmp_path / "other")
    other.onnx.write_bytes(b"MODEL")
    recipes = {voice.recipe("Hej", "sv"), voice.recipe("Hej!", "sv"), PiperVoice(other).recipe("Hej", "sv")}
    assert len(recipes) == 3
    assert "anyone" in voice.about("sv")
    assert len(voice.about("sv")) <= 160
