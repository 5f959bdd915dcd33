"""The voice of the house: texts in words, in pieces, with silence where somebody wrote a pause."""

import numpy as np
import pytest

from pbx.audio.pcm import RATE, Pcm
from pbx.speech import CannotSpeak
from pbx.speech.pyttsx3_voice import Pyttsx3Voice
from pbx.speech.speaker import Speaker


class Noting:
    """A second of sound for each piece."""

    name = "noting"

    def __init__(self) -> None:
        self.said: list[str] = []

    def about(self, lang: str) -> str:
        return "noting 1"

    def recipe(self, text: str, lang: str) -> str:
        return f"{lang} {text}"

    async def speak(self, text: str, lang: str) -> Pcm:
        self.said.append(text)
        if "mute" in text:
            raise CannotSpeak("mute")
        return np.ones(RATE, np.int16)


async def test_a_text_is_said_in_words_with_its_pauses() -> None:
    voice = Noting()
    said = await Speaker({"sv": voice}).speak("Kl. 13.30… ring 08-123 45 67.\n\nBl.a. 1 234 kr", "sv")
    assert voice.said == [
        "klockan tretton trettio",
        "ring noll åtta, ett två tre, fyrtiofem, sextiosju.",
        "bland annat ett tusen två hundra trettiofyra kronor",
    ]
    assert len(said) == round(RATE * (3 + 0.5 + 0.7))
    assert not said[RATE : RATE + RATE // 2].any()


async def test_each_text_by_the_voice_of_its_language() -> None:
    swedish, english = Noting(), Noting()
    speaker = Speaker({"sv": swedish, "en": english})
    said = await speaker.speak_many([("Hej… då", "sv"), ("Bye", "en"), ("mute", "sv"), ("…", "sv"), ("Hei", "fi")])
    assert (swedish.said, english.said) == (["Hej", "då", "mute"], ["Bye"])
    assert [isinstance(each, CannotSpeak) for each in said] == [False, False, True, True, True]
    assert speaker.about("en") == "noting 1"
    assert await speaker.speak_many([]) == []


def test_the_recipe_is_of_what_is_really_said() -> None:
    speaker = Speaker({"sv": Noting(), "en": Noting()})
    assert speaker.recipe("kl. 9", "sv") == speaker.recipe("klockan nio", "sv")
    texts = [("Hej då", "sv"), ("Hej… då", "sv"), ("Hej\n\ndå", "sv"), ("Hej då", "en"), ("Hej då", "fi")]
    different = [speaker.recipe(*text) for text in texts]
    assert len(set(different)) == 5
    assert speaker.recipe("\ud800", "fi")


@pytest.mark.parametrize("text", ["Vi ses kl. 13.30… ring 08-123 45 67, det kostar 1 234 kr.", "å ä ö " * 300])
async def test_the_real_voice_says_it(text: str) -> None:
    said = await Speaker({"sv": Pyttsx3Voice()}).speak(text, "sv")
    assert len(said) > 4 * RATE
