"""What reaches a voice at all, where it is silent, and that nothing typed can do harm."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.rules.said import Piece, pieces, words
from pbx.rules.said.english_words import number as english
from pbx.rules.said.swedish_words import number as swedish
from pbx.rules.said.swedish_words import ordinal, year

LANGUAGES = st.sampled_from(["sv", "en", "fi"])


def said(text: str, lang: str = "sv") -> list[tuple[str, float]]:
    return [(piece.words, piece.pause_s) for piece in pieces(text, lang)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hej.", [("Hej.", 0.0)]),
        ("Hej… och välkommen", [("Hej", 0.5), ("och välkommen", 0.0)]),
        ("Hej... och ...... då.", [("Hej", 0.5), ("och", 1.0), ("då.", 0.0)]),
        ("Ett.\n\nTvå.\r\n \r\n\r\nTre.", [("Ett.", 0.7), ("Två.", 0.7), ("Tre.", 0.0)]),
        ("Ett…\n\nTvå", [("Ett", 1.2), ("Två", 0.0)]),
        ("Ett" + "…" * 50 + "två", [("Ett", 2.0), ("två", 0.0)]),
        ("Måndag 9–17\nTisdag 9–16", [("Måndag nio till sjutton, Tisdag nio till sexton", 0.0)]),
        ("Hej och\nvälkommen", [("Hej och välkommen", 0.0)]),
        ("- Ett\n- Två", [("Ett, Två", 0.0)]),
        ("<speak>Hej <break time='9s'/>du</speak>", [("Hej du", 0.0)]),
        ('<audio src="/etc/passwd"/>', []),
        ("Pris < 5 kr", [("Pris fem kronor", 0.0)]),
        ("[[h'ej]] {a|b} \\n", [("h'ej a b n", 0.0)]),
        ("a\ud800b\x00c\u202ed\u00ade", [("ab cde", 0.0)]),
        ("A\u030angstro\u0308m", [("Ångström", 0.0)]),
        ("1\u00a0234\u202fkr", [("ett tusen två hundra trettiofyra kronor", 0.0)]),
        ("", []),
        (" … . \n\n ?!", []),
    ],
)
def test_pieces(text: str, expected: list[tuple[str, float]]) -> None:
    assert said(text) == expected


def test_a_long_text_is_said_in_pieces_that_end_where_sentences_do() -> None:
    text = "Det här är en mening med 12 ord, som kostar 1 234 kr. " * 36
    found = pieces(text, "sv")
    assert len(found) > 2
    assert all(piece.words.endswith("kronor.") and len(piece.words) < 1900 for piece in found)
    assert " ".join(piece.words for piece in found).count("mening") == 36


@given(st.text(max_size=300), LANGUAGES)
def test_whatever_is_typed_is_clean_when_it_is_said(text: str, lang: str) -> None:
    for piece in pieces(text, lang):
        assert isinstance(piece, Piece)
        assert not re.search(r"[<>\[\]{}|\\\x00-\x1f\ud800-\udfff]", piece.words)
        assert 0 <= piece.pause_s <= 2.7
        piece.words.encode()


@given(st.text(st.sampled_from("0123456789 .,:-–/+%kr()maj#*@st"), max_size=200), LANGUAGES)
def test_numbers_in_any_order_break_nothing(text: str, lang: str) -> None:
    words(text, lang)


@pytest.mark.parametrize(
    "part", ["0", "1 ", "0-1 ", "a.", "a@", "kl. ", "…", "<a", "12.", "1/1 ", "www.a.", "- ", "m.f"]
)
def test_no_text_takes_long(part: str) -> None:
    began = time.monotonic()
    pieces((part * 2_000)[:2_000], "sv")
    pieces((part * 2_000)[:2_000], "en")
    assert time.monotonic() - began < 10


def test_numbers_in_words() -> None:
    assert [swedish(n) for n in (0, 1, 21, 100, 1000, 1001, 21_000)] == [
        "noll", "ett", "tjugoett", "ett hundra", "ett tusen", "ett tusen ett", "tjugoett tusen",
    ]  # fmt: skip
    assert swedish(1_000_000) == "en miljon"
    assert swedish(21_000_101, common=True) == "tjugoen miljoner ett hundra en"
    assert [ordinal(n) for n in (1, 2, 13, 20, 31)] == ["första", "andra", "trettonde", "tjugonde", "trettioförsta"]
    assert [year(n) for n in (1905, 2000, 2010)] == ["nittonhundrafem", "två tusen", "tjugohundratio"]
    assert [english(n) for n in (0, 21, 101, 1_000_001, 12_300)] == [
        "zero", "twenty-one", "one hundred and one", "one million and one", "twelve thousand three hundred",
    ]  # fmt: skip
