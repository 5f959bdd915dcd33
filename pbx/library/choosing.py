"""What callers hear: the choice among what is there. No waiting in here; it looks for files, which takes microseconds.

In order: the own recording, an earlier one, the script spoken, a neutral phrase for that kind of place. A language in
which the message has nothing at all is passed over for the company's. A personal greeting is different: the person's
own voice in another language is better than a machine's in the right one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pbx.library import files
from pbx.store.messages import Heard
from pbx.store.values import Text, Version

HeardHow = Literal["own", "earlier-version", "spoken-script", "neutral", "nothing"]
# The neutral phrase for a message of this kind, where it is played without a place.
_NEUTRAL = {
    "welcome": "neutral-menu-welcome",
    "menu": "neutral-menu-choices",
    "queue": "neutral-queue",
    "greeting": "neutral-mailbox-greeting",
}


@dataclass(frozen=True, slots=True)
class Playable:
    """`media`: what to play, as Asterisk is told; empty only if `heard` is "nothing"."""

    media: tuple[str, ...]
    heard: HeardHow


@dataclass(frozen=True, slots=True)
class Shelf:
    """A company's published files. `speech`: the name of the file for a text in a language."""

    published: Path
    company: str
    speech: Callable[[str, str], str]

    def recorded(self, version: Version) -> str | None:
        """The media name, if its file is there."""
        return self.on(files.of_recording(version.sha256, version.first, version.last))

    def spoken(self, words: str, lang: str) -> str | None:
        return self.on(self.speech(words, lang))

    def on(self, name: str) -> str | None:
        there = files.playable(files.base(self.published, self.company, name))
        return files.media(self.company, name) if there else None


def texts_in_order(heard: Heard, lang: str) -> list[Text]:
    """Those that say anything: the language asked for, then the company's, then any."""
    has = [text for text in heard.texts.values() if text.current is not None or text.script]
    greeting = heard.message.kind == "greeting"
    return sorted(
        has,
        key=lambda text: (
            greeting and text.current is None,
            text.lang != lang,
            text.lang != heard.language,
            text.lang,
        ),
    )


def lacking(shelf: Shelf, heard: Heard) -> list[Version]:
    """Current versions whose file is not there: for these it is worth asking what was heard before."""
    return [text.current for text in heard.texts.values() if text.current and shelf.recorded(text.current) is None]


def all_lacking(shelf: Shelf, page: Iterable[Heard]) -> list[Version]:
    """The same of many: in a thread."""
    return [version for heard in page for version in lacking(shelf, heard)]


def choose(
    shelf: Shelf, heard: Heard, lang: str, earlier: Mapping[str, Sequence[Version]], greeting: str
) -> Playable | None:
    """What to play of this message; None if only a neutral phrase is left.

    `earlier`: by text, what was heard before. `greeting`: the default greeting's words in `lang`, or empty.
    """
    for text in texts_in_order(heard, lang):
        if text.current is not None:
            if media := shelf.recorded(text.current):
                return Playable((media,), "own")
            for version in earlier.get(text.id, ()):
                if media := shelf.recorded(version):
                    return Playable((media,), "earlier-version")
        if text.script and (media := shelf.spoken(text.script, text.lang)):
            return Playable((media,), "spoken-script")
    if greeting and (media := shelf.spoken(greeting, lang)):
        return Playable((media,), "spoken-script")
    return None


def neutral_for_place(kind: str, slot: str) -> str:
    """`neutral-menu-wrong-key` for the place `menu`, `<menu id>/wrong-key`."""
    return f"neutral-{kind}-{slot.rpartition('/')[2]}" if "/" in slot else f"neutral-{kind}"


def neutral_for_message(kind: str) -> str:
    return _NEUTRAL.get(kind, "neutral-announcement")
