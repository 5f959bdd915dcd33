"""One phrase: spoken or made as a tone, judged, and brought into the formats that need no program."""

import asyncio

from pbx.audio import rendition
from pbx.audio.judge import judge
from pbx.audio.pcm import RATE, Pcm
from pbx.phrases import Phrase
from pbx.speech import CannotSpeak, Voice

_FASTEST = 30.0  # characters a second: nobody speaks faster, so less sound than that means words are missing


async def make(phrase: Phrase, lang: str, voice: Voice) -> dict[str, bytes]:
    """alaw, ulaw and sln16. Raises `CannotSpeak`, also for a file that does not hold what it should."""
    if phrase.tone:
        return await asyncio.to_thread(rendition.without_g722, rendition.tone(*phrase.tone))
    said = await voice.speak(phrase.spelled(lang), lang)
    return await asyncio.to_thread(_shaped, said, phrase, lang)


def _shaped(said: Pcm, phrase: Phrase, lang: str) -> dict[str, bytes]:
    shaped = rendition.spoken(said, joined=phrase.joined)
    seconds, text = len(shaped) / RATE, phrase.spelled(lang)
    if seconds < max(0.1, len(text) / _FASTEST):
        raise CannotSpeak(f"only {seconds:.2f} s for {text!r}")
    says = judge(shaped).says
    # A word or two is no take, but may be a phrase; the shortest piece is hardly an activity.
    if says not in ({None, "take-too-short", "take-silent"} if phrase.joined else {None, "take-too-short"}):
        raise CannotSpeak(f"judged {says}: {text!r}")
    return rendition.without_g722(shaped)
