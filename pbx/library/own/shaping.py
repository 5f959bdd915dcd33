"""From a recording to the files that Asterisk plays, cut and as loud as the built phrases."""

import asyncio

from pbx.audio import flac, rendition
from pbx.audio import pcm as formats
from pbx.audio.judge import judge
from pbx.audio.pcm import Pcm
from pbx.errors import Refused
from pbx.library.own.folder import MASTER
from pbx.phrases import Phrase


async def rendered(pcm: Pcm, phrase: Phrase) -> tuple[dict[str, bytes], float]:
    """The files by extension, the whole recording among them, and the seconds that are heard of it.

    Refused: what `judge` refuses. Raises CannotConvert, OSError.
    """
    shaped = await asyncio.to_thread(_shaped, pcm, phrase)
    files = {**await rendition.render(shaped), MASTER: await asyncio.to_thread(flac.encode, pcm)}
    return files, len(shaped) / formats.RATE


def _shaped(pcm: Pcm, phrase: Phrase) -> Pcm:
    """A word or two is too short for a message, and may be a phrase; the shortest piece is hardly an activity."""
    if phrase.tone:
        return rendition.levelled(formats.as_samples(pcm))
    verdict = judge(pcm)
    shaped = rendition.spoken(pcm, joined=True) if phrase.joined else rendition.shape(pcm, verdict)
    forgiven = {None, "take-too-short", "take-silent"} if phrase.joined else {None, "take-too-short"}
    if verdict.says not in forgiven or not len(shaped):
        raise Refused(verdict.says or "take-silent")
    return shaped
