"""A company's own words in a text: whole words, in any case, and nothing that is typed does harm."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.rules.said.dictionary import NOTHING, Dictionary

OURS = Dictionary({"sv": {"Växel": "väksel", "Växel AB": "väksel a be", "C++": "se plus plus", "a.b": "punkt"}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Växel öppnar", "väksel öppnar"),
        ("VÄXEL, växel.", "väksel, väksel."),
        ("va\u0308xel", "väksel"),
        ("Växeln och telefonväxel", "Växeln och telefonväxel"),
        ("Växel AB är öppet", "väksel a be är öppet"),
        ("Vi kan C++ och aXb a.b", "Vi kan se plus plus och aXb punkt"),
        ("", ""),
    ],
)
def test_whole_words_in_any_case(text: str, said: str) -> None:
    assert OURS.said(text, "sv") == said
    assert OURS.said(text, "en") == text == NOTHING.said(text, "sv")


def test_what_is_put_in_is_not_looked_through_again_and_is_no_pattern() -> None:
    assert Dictionary({"sv": {"a": "b", "b": r"\1\g<0>"}}).said("a b", "sv") == r"b \1\g<0>"


@given(st.text(max_size=60), st.text(min_size=1, max_size=20), st.text(max_size=20))
def test_no_word_breaks_anything(text: str, word: str, spoken: str) -> None:
    Dictionary({"sv": {word: spoken}}).said(f"{text} {word} {text}", "sv")


def test_a_full_list_and_a_long_text_take_milliseconds() -> None:
    full = Dictionary({"sv": {f"ord{n}" * 5: "x" for n in range(500)}})
    began = time.monotonic()
    full.said("ord1" * 500, "sv")
    full.said("ord ord1 " * 220, "sv")
    assert time.monotonic() - began < 10
