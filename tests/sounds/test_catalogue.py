"""The catalogue is complete, polite and readable by the voice."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pbx.company.menus import SLOTS
from pbx.errors import Refused
from pbx.library.choosing import neutral_for_place
from pbx.phrases import CATALOGUE, LANGUAGES, Phrase, Phrases, read_catalogue
from pbx.rules import spoken
from pbx.rules.spoken import WEEKDAYS

ROOT = Path(__file__).resolve().parents[2]
ALL = read_catalogue()
SENTENCES = [phrase for phrase in ALL.values() if not phrase.joined and not phrase.tone]
PIECES = [phrase for phrase in ALL.values() if phrase.joined]


def ids(phrase: object) -> str:
    return phrase.key if isinstance(phrase, Phrase) else str(phrase)


@pytest.mark.parametrize("phrase", SENTENCES, ids=ids)
def test_every_sentence_has_both_languages_a_remark_and_an_end(phrase: Phrase) -> None:
    for lang in LANGUAGES:
        words = phrase.words[lang]
        assert words[0].isupper(), words
        assert words[-1] in ".?", words
        assert not re.search(r"[!<>\[\]%$\\]|  |\.\.\.", words), words
        assert phrase.written or "{" not in words, "what has to be filled in is no phrase to be played"
        assert len(words) < 160, "a caller has to keep it in mind"
    assert phrase.words["sv"] != phrase.words["en"]
    assert len(phrase.remark) > 5


@pytest.mark.parametrize("phrase", [p for p in SENTENCES if not p.written], ids=ids)
def test_what_is_spoken_holds_nothing_that_the_voice_reads_wrong(phrase: Phrase) -> None:
    for lang in LANGUAGES:
        words = phrase.spelled(lang)
        assert not re.search(r"[#*+/&@]", words), "written out: fyrkant, stjärna"
        assert not re.search(r"\b(kl|bl|t|m)\.|PIN-kod|\d{4,}", words), words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_pieces_of_numbers_and_dates_sound_the_same(lang: str) -> None:
    """The engine reads 13:e as the third: a piece that is read as another one would name a wrong day."""
    known_twins = {"oh", "noon", "month-5", "second", "seconds", "hour", "at"}
    pieces = [p for p in PIECES if re.fullmatch(r"num-\d+|ord-\d+|month-\d+|" + "|".join(WEEKDAYS), p.key)]
    text = "\n\n".join(piece.spelled(lang) for piece in pieces)
    told = subprocess.run(
        ["espeak-ng", "-v", lang, "--ipa", "-q", "--stdin"], input=text.encode(), capture_output=True, check=True
    )
    sounds = [line.strip() for line in told.stdout.decode().splitlines() if line.strip()]
    assert len(sounds) == len(pieces)
    heard: dict[str, str] = {}
    for piece, sound in zip(pieces, sounds, strict=True):
        if piece.key not in known_twins:
            assert sound not in heard, f"{piece.key} sounds like {heard.get(sound)}"
        heard[sound] = piece.key


def test_all_pieces_of_numbers_days_and_months_are_there() -> None:
    wanted = {f"num-{n}" for n in range(100)} | {f"num-{n}-en" for n in range(1, 100, 10) if n != 11}
    wanted |= {f"ord-{n}" for n in range(1, 32)} | {f"month-{n}" for n in range(1, 13)} | set(WEEKDAYS)
    wanted |= {
        "hundred",
        "thousand",
        "and",
        "plus",
        "star",
        "hash",
        "at",
        "am",
        "pm",
        "noon",
        "midnight",
        "beep",
        "pause",
    }
    assert wanted <= ALL.keys()


USED = re.compile(
    r"""["'`]((?:vm|msg|rec|take|neutral|survival|not|no|wrong|pin|number|extension|name|company|user|message|menu|mailbox"""
    r"""|phone|place|version|text|job|too|target|time-zone|script|speech|archive|language)-[a-z][a-z0-9-]*)["'`]"""
)
NO_KEYS = {"key-tone"}
SAID_BY_DIALPLAN = re.compile(r"[(?]say,([a-z][a-z0-9-]*),")


def test_every_key_used_in_the_code_is_in_the_catalogue() -> None:
    used: dict[str, Path] = {}
    for folder in ("pbx", "ari_app", "agi_scripts"):
        for file in (ROOT / folder).rglob("*.py"):
            used |= dict.fromkeys(_phrase_keys(file.read_text("utf-8")), file)
    for file in (ROOT / "dialplan").glob("*.conf"):
        used |= dict.fromkeys(SAID_BY_DIALPLAN.findall(file.read_text("utf-8")), file)
    assert used
    lacking = {key: file.name for key, file in used.items() if key not in ALL}
    assert not lacking


def test_every_refusal_has_words() -> None:
    refused: dict[str, Path] = {}
    for file in (ROOT / "pbx").rglob("*.py"):
        refused |= dict.fromkeys(re.findall(r'Refused\("([a-z-]+)"', file.read_text("utf-8")), file)
    assert len(refused) > 40
    assert {key: file.name for key, file in refused.items() if key not in ALL} == {}


def test_every_phrase_that_is_spoken_is_said_somewhere() -> None:
    """Named in the code or the dialplan, as what is played or refused, or a piece of what is put together."""
    code = [
        file.read_text("utf-8")
        for folder in ("pbx", "ari_app", "agi_scripts")
        for file in (ROOT / folder).rglob("*.py")
    ]
    said = {key for source in code for key in re.findall(r"""["']([a-z][a-z0-9-]*)["']""", source)}
    said |= {
        key for file in (ROOT / "dialplan").glob("*.conf") for key in SAID_BY_DIALPLAN.findall(file.read_text("utf-8"))
    }
    said |= {neutral_for_place("menu", f"any/{slot}") for slot in SLOTS} | _pieces()
    assert {phrase.key for phrase in ALL.values() if not phrase.written} - said == set()


def _pieces() -> set[str]:
    """All that numbers, days, times and durations are put together from."""
    noon, said = datetime(2026, 11, 25, 12, tzinfo=UTC), set[str]()
    for lang in LANGUAGES:
        for n in range(1001):
            said |= {*spoken.number(n, lang), *spoken.number(n, lang, common=True), *spoken.duration(n * 10, lang)}
        for days in range(400):
            said |= set(spoken.when(noon - timedelta(days, minutes=37 * days), noon, lang))
    return said


def _phrase_keys(source: str) -> set[str]:
    """Strings that look like keys where a key is expected: played, asked, refused, said."""
    found: set[str] = set()
    for line in source.splitlines():
        if re.search(r"Refused\(|says|\.play\(|\.ask\(|media\(|words\(|\.get\(\w+Row", line):
            found |= set(USED.findall(line))
    return found - NO_KEYS


OFFERS = {"vm-main", "vm-message-keys", "vm-message-keys-away", "vm-lost-keys", "vm-lost-keys-away"}


@pytest.mark.parametrize("phrase", [p for p in ALL.values() if p.key in OFFERS], ids=ids)
def test_a_menu_of_ours_names_its_keys_in_both_languages(phrase: Phrase) -> None:
    assert re.findall(r"\d", phrase.words["sv"]) == re.findall(r"\d", phrase.words["en"])


@pytest.mark.parametrize(
    "key", [key for key in ALL if re.match(r"vm-greeting-waiting|rec-waiting|msg-waiting|take-waiting", key)]
)
def test_nothing_is_called_saved_before_it_is(key: str) -> None:
    assert " är sparad" not in ALL[key].words["sv"]
    assert "is saved" not in ALL[key].words["en"]


def test_media_and_words_go_by_key_and_language(tmp_path: Path) -> None:
    phrases = Phrases(tmp_path)
    assert phrases.media("vm-main", "sv") == "sound:/vaxel/sounds/sv/vm-main"
    assert phrases.words("goodbye", "en") == "Thank you for calling. Goodbye."
    for key, lang in (("nothing", "sv"), ("vm-main", "de"), ("number-form", "sv")):
        with pytest.raises(KeyError):
            phrases.media(key, lang)
    assert "sv/vm-main" in phrases.missing()
    assert "sv/number-form" not in phrases.missing()
    assert set(phrases.spoken_keys()) < set(phrases.keys())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[a]\nsv = "A."\nen = "A."', "remark"),
        ('[a]\nsv = "A."\nremark = "r"', "en"),
        ('[a]\nsv = " "\nen = "A."\nremark = "r"', "sv"),
        ('[a]\nsv = "A."\nen = "A."\nremark = "r"\nde = "A."', "de"),
        ('[b]\nsv = "B."\nen = "B."\nremark = "r"', "twice"),
    ],
)
def test_a_mistake_in_the_catalogue_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "0.toml").write_text('[b]\nsv = "B."\nen = "B."\nremark = "r"\n', "utf-8")
    (tmp_path / "1.toml").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=complaint):
        read_catalogue(tmp_path)


def test_a_refusal_speaks_to_a_person_by_its_key() -> None:
    assert Refused("number-premium").says in ALL
    assert CATALOGUE.is_dir()
