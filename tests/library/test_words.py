"""Every refusal and every phrase that these rooms name is in the catalogue, in both languages."""

import re
from pathlib import Path

import pbx
from pbx.library.choosing import neutral_for_message, neutral_for_place
from pbx.library.messages import KINDS
from pbx.phrases import LANGUAGES, Phrases, read_catalogue

ROOMS = ("store", "company", "library")
_SAID = re.compile(r'(?:Refused\(\s*|says=|tx\.get\(\w+, .*, )"([a-z0-9-]+)"')


def said() -> set[str]:
    root = Path(pbx.__file__).parent
    return {key for room in ROOMS for file in (root / room).rglob("*.py") for key in _SAID.findall(file.read_text())}


def test_whoever_is_refused_is_told_in_words_that_exist() -> None:
    catalogue = read_catalogue()
    assert len(said()) > 25
    assert sorted(said() - set(catalogue)) == []


def test_each_kind_of_place_and_message_has_a_neutral_phrase_that_is_spoken() -> None:
    phrases = Phrases(Path("nowhere"))
    places = [neutral_for_place("menu", f"x/{slot}") for slot in ("welcome", "choices", "wrong-key", "silence")]
    places += [neutral_for_place("mailbox", "x/greeting"), neutral_for_place("announcement", "closed")]
    for key in places + [neutral_for_message(kind) for kind in KINDS]:
        assert key in phrases.spoken_keys()


def test_the_sentences_with_names_in_them_keep_their_places_for_the_names() -> None:
    catalogue = read_catalogue()
    for lang in LANGUAGES:
        greeting, record = catalogue["template-greeting"].words[lang], catalogue["template-record"].words[lang]
        assert greeting.count("{name}") == 1
        assert record.index("{message}") < record.index("{company}")
        assert (record.count("{message}"), record.count("{company}")) == (1, 1)
