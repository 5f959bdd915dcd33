"""The voice: real children of the real engine."""

import asyncio
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.audio.judge import judge
from pbx.audio.level import active_level_db
from pbx.audio.pcm import RATE, as_samples
from pbx.speech import CannotSpeak, Voice
from pbx.speech.clean import clean
from pbx.speech.pyttsx3_voice import Pyttsx3Voice, engine_version, recipe


@pytest.fixture
def voice() -> Voice:
    return Pyttsx3Voice()


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Hej och välkommen till Exempel AB. Å, ä och ö går bra.", "sv"),
        ("Hello and welcome to Exempel AB.", "en"),
        ("-v en --stdin är ingen flagga, utan blir uppläst <b>som den står</b>.", "sv"),
    ],
)
async def test_a_text_is_spoken(voice: Voice, text: str, lang: str) -> None:
    said = await voice.speak(text, lang)
    assert said.dtype == np.int16
    assert judge(said).ok
    assert 7 < len(text) / (len(said) / RATE) < 25, "characters a second"
    assert -30 < active_level_db(as_samples(said)) < -10


async def test_many_texts_at_once_are_each_spoken_whole(voice: Voice) -> None:
    texts = ["Hej.", "Ett litet längre meddelande, som tar några sekunder att säga.", "Numret används inte."] * 4
    together = await asyncio.gather(*(voice.speak(text, "sv") for text in texts))
    for text in texts[:3]:
        alone = await voice.speak(text, "sv")
        again = [other for other, its in zip(together, texts, strict=True) if its == text]
        assert all(len(other) == pytest.approx(len(alone), rel=0.02) for other in again)
    assert len(together[1]) > 3 * len(together[0])


async def test_one_bad_text_among_many_spoils_no_other() -> None:
    texts = [
        ("Hej på dig.", "sv"),
        (".", "sv"),
        ("", "sv"),
        ("Hello there.", "en"),
        ("Hej", "de"),
        ("Hej på dig.", "sv"),
    ]
    said = await Pyttsx3Voice().speak_many(texts)
    assert [isinstance(one, CannotSpeak) for one in said] == [False, True, True, False, True, False]
    first, last = said[0], said[-1]
    assert isinstance(first, np.ndarray)
    assert isinstance(last, np.ndarray)
    assert np.array_equal(first, last), "each meets an engine that has never spoken"


async def test_nothing_to_say_needs_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere")
    assert await Pyttsx3Voice().speak_many([]) == []


async def test_the_last_word_of_a_long_text_is_there(voice: Voice) -> None:
    text = ("Det här är en mening. " * 80)[:1900]
    said = await voice.speak(text, "sv")
    assert len(said) / RATE > 60


@pytest.mark.parametrize("text", ["", " ", ".", "\n", "\x00", "x" * 2001])
async def test_a_text_without_words_or_too_long_is_refused(voice: Voice, text: str) -> None:
    with pytest.raises(CannotSpeak):
        await voice.speak(text, "sv")


@pytest.mark.parametrize("lang", ["de", "", "sv+f2", "../sv"])
async def test_only_our_languages_reach_the_engine(voice: Voice, lang: str) -> None:
    with pytest.raises(CannotSpeak):
        await voice.speak("Hej", lang)


async def test_a_character_that_no_file_can_hold_is_left_out(voice: Voice) -> None:
    said = await voice.speak("Hej \ud800 och \x00 hej då, allihop.", "sv")
    assert judge(said).ok


async def test_an_engine_that_has_no_such_voice_is_told() -> None:
    with pytest.raises(CannotSpeak, match="the engine failed"):
        await Pyttsx3Voice(voices={"sv": "nobody"}).speak("Hej", "sv")


async def test_a_speaker_who_is_cancelled_leaves_no_child_and_no_file(
    voice: Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    speaking = asyncio.create_task(voice.speak("Hej " * 400, "sv"))
    while not list(tmp_path.iterdir()):  # noqa: ASYNC110  there is no event for another process's birth
        await asyncio.sleep(0.005)
    speaking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await speaking
    assert list(tmp_path.iterdir()) == []
    assert _children() == []


async def test_the_event_loop_is_free_while_somebody_speaks(voice: Voice) -> None:
    ticks, spoken = 0, asyncio.Event()

    async def count() -> None:
        nonlocal ticks
        while not spoken.is_set():
            await asyncio.sleep(0.002)
            ticks += 1

    counting = asyncio.create_task(count())
    await voice.speak("Det här är en mening. " * 80, "sv")
    spoken.set()
    await counting
    assert ticks > 10


def test_a_recipe_is_the_same_for_the_same_words_and_differs_for_others(voice: Voice) -> None:
    assert recipe("Hej  då", "sv") == recipe(" Hej då ", "sv") == voice.recipe("Hej\ndå", "sv")
    assert len({recipe("Hej", "sv"), recipe("Hej", "en"), recipe("Hej!", "sv")}) == 3
    assert "espeak-ng 1." in engine_version()


@given(st.text())
def test_what_reaches_the_engine_is_always_clean(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == clean(cleaned)
    assert cleaned.isprintable() or not cleaned.isascii()
    cleaned.encode()


def _children() -> list[str]:
    tasks = Path(f"/proc/{os.getpid()}/task")
    return [pid for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
