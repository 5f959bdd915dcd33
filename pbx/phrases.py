"""The catalogue of all that can be said: key and language give the words, and the file that speaks them.

The catalogue lies in `sounds/*.toml`, one table for each key: `sv`, `en`, `remark` (for whoever translates), and
`written = true` for words that are only shown. `joined = true`, for a key or at the head of a file, marks pieces that
are played as one list; `hz` and `seconds` make a tone (silence for 0 Hz) instead of speech; `say_sv` and `say_en` are
spellings for the voice where it reads the words wrong. The files are made by `python -m sounds.build`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

LANGUAGES = ("sv", "en")
EXTENSIONS = ("alaw", "ulaw", "g722", "sln16")
# Where Asterisk finds the built folder; the same inside Docker and in the plain tree.
MEDIA_ROOT = "sound:/vaxel/sounds"
OWN_ROOT = "sound:/vaxel/own-sounds"
_WIDER = 4  # so many bytes has sln16 for one of the others: twice the rate, twice the width
_SPELLINGS = {f"say_{lang}" for lang in LANGUAGES}
_FIELDS = {*LANGUAGES, *_SPELLINGS, "remark", "written", "joined", "hz", "seconds"}
CATALOGUE = Path(__file__).resolve().parent.parent / "sounds"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One key: its words by language, and how it is used."""

    key: str
    words: dict[str, str]
    remark: str
    written: bool = False
    joined: bool = False
    tone: tuple[float, float] | None = None  # hertz and seconds
    spellings: dict[str, str] = field(default_factory=dict)

    def spelled(self, lang: str) -> str:
        """What the voice is given: the words, or a spelling that it reads right."""
        return self.spellings.get(lang, self.words[lang])


def read_catalogue(folder: Path = CATALOGUE) -> dict[str, Phrase]:
    """All phrases by key. ValueError names what is twice, lacks a language or has a field that nobody knows."""
    phrases: dict[str, Phrase] = {}
    for file in sorted(folder.glob("*.toml")):
        tables: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
        joined = bool(tables.pop("joined", False))
        for key, fields in tables.items():
            if key in phrases:
                raise ValueError(f"{file.name}: {key} is there twice")
            phrases[key] = _phrase(file.name, key, {"joined": joined, **fields})
    return phrases


@cache
def _ours() -> Mapping[str, Phrase]:
    """The product's own, read once."""
    return MappingProxyType(read_catalogue())


class Phrases:
    """The catalogue, and the folder that it was built into. `own`: the folder with recordings of the operator's own,
    which are heard instead where they are whole."""

    def __init__(self, folder: Path, catalogue: Path = CATALOGUE, own: Path | None = None) -> None:
        self._folder = folder
        self._own = own
        self._phrases: Mapping[str, Phrase] = _ours() if catalogue == CATALOGUE else read_catalogue(catalogue)

    def words(self, key: str, lang: str) -> str:
        """What the phrase says. KeyError names a key or language that the catalogue lacks."""
        return self._phrases[key].words[lang]

    def media(self, key: str, lang: str) -> str:
        """What Asterisk plays: `sound:/vaxel/sounds/sv/vm-main`, or the operator's own. It looks for that, which takes
        some microseconds. KeyError for a phrase that is only written."""
        return f"{OWN_ROOT if self.is_own(key, lang) else MEDIA_ROOT}/{lang}/{key}"

    def is_own(self, key: str, lang: str) -> bool:
        """Whether a recording of the operator's own is there, whole. KeyError as `media`."""
        if not self.is_spoken(key, lang):
            raise KeyError(f"{lang}/{key}")
        return self._own is not None and whole(self._own / lang / key)

    def own(self) -> list[tuple[str, str]]:
        """Key and language of each phrase of which an own recording is heard. It looks at them, in a thread."""
        if self._own is None:
            return []
        found = ((file.stem, file.parent.name) for file in self._own.glob("*/[!.]*.sln16"))
        return sorted(name for name in found if self.is_spoken(*name) and self.is_own(*name))

    def is_spoken(self, key: str, lang: str) -> bool:
        """Whether it can be heard in that language."""
        return lang in LANGUAGES and key in self._phrases and not self._phrases[key].written

    def phrase(self, key: str) -> Phrase:
        """KeyError for a key that the catalogue lacks."""
        return self._phrases[key]

    def seconds(self, key: str, lang: str) -> float:
        """How long what is heard is; 0 where there is no file."""
        folder = self._own if self._own is not None and self.is_own(key, lang) else self._folder
        return _size(folder / lang / key, "sln16") / 32_000

    def knows(self, key: str) -> bool:
        return key in self._phrases

    def keys(self) -> list[str]:
        """All keys, the only written ones too."""
        return sorted(self._phrases)

    def spoken_keys(self) -> list[str]:
        """The keys that have a file."""
        return sorted(key for key, phrase in self._phrases.items() if not phrase.written)

    def missing(self) -> list[str]:
        """`sv/vm-main` for each phrase of which not every file is built."""
        return [
            f"{lang}/{key}"
            for lang in LANGUAGES
            for key in self.spoken_keys()
            if not all((self._folder / lang / f"{key}.{extension}").is_file() for extension in EXTENSIONS)
        ]


def whole(base: Path) -> bool:
    """Whether all files of that path are there, and equally long: what was cut off or emptied is not."""
    *narrow, wide = (_size(base, extension) for extension in EXTENSIONS)
    return min(narrow) > 0 and max(narrow) - min(narrow) <= 1 and abs(wide - _WIDER * max(narrow)) <= 2 * _WIDER


def _size(base: Path, extension: str) -> int:
    try:
        return base.with_name(f"{base.name}.{extension}").stat().st_size
    except OSError:
        return 0


def _phrase(file: str, key: str, fields: dict[str, Any]) -> Phrase:
    unknown = fields.keys() - _FIELDS
    absent = [name for name in (*LANGUAGES, "remark") if not str(fields.get(name, "")).strip()]
    if unknown or absent:
        raise ValueError(f"{file}: {key} lacks {absent}, does not know {sorted(unknown)}")
    return Phrase(
        key,
        {lang: " ".join(fields[lang].split()) for lang in LANGUAGES},
        fields["remark"],
        written=bool(fields.get("written")),
        joined=bool(fields["joined"]),
        tone=(float(fields["hz"]), float(fields["seconds"])) if "hz" in fields else None,
        spellings={lang: fields[f"say_{lang}"] for lang in LANGUAGES if f"say_{lang}" in fields},
    )
