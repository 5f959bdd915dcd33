"""One phrase: what was said is trimmed, judged, and brought into the formats that need no program."""

from pbx.audio import rendition
from pbx.audio.judge import judge
from pbx.audio.pcm import RATE, Pcm
from pbx.phrases import Phrase
from pbx.speech import CannotSpeak

_FASTEST = 30.0  # characters a second: nobody speaks faster, so less sound than that means words are missing


def files_of(phrase: Phrase, lang: str, said: Pcm | CannotSpeak) -> dict[str, bytes]:
    """alaw, ulaw and sln16. Raises `CannotSpeak`, also for a sound that does not hold what it should."""
    if isinstance(said, CannotSpeak):
        raise said
    shaped, text = rendition.spoken(said, joined=phrase.joined), phrase.spelled(lang)
    seconds = len(shaped) / RATE
    if seconds < max(0.1, len(text) / _FASTEST):
        raise CannotSpeak(f"only {seconds:.2f} s for {text!r}")
    says = judge(shaped).says
    # A word or two is no take, but may be a phrase; the shortest piece is hardly an activity.
    if says not in ({None, "take-too-short", "take-silent"} if phrase.joined else {None, "take-too-short"}):
        raise CannotSpeak(f"judged {says}: {text!r}")
    return rendition.without_g722(shaped)


def files_of_tone(tone: tuple[float, float]) -> dict[str, bytes]:
    """The same for hertz and seconds."""
    return rendition.without_g722(rendition.tone(*tone))
