"""What people type in English, and what is said for it."""

import pytest

from pbx.rules.said import words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("at 1:30 pm", "at one thirty p m"),
        ("9 a.m.", "nine a m"),
        ("13:30", "thirteen thirty"),
        ("13:05", "thirteen oh five"),
        ("14:00", "fourteen hundred"),
        ("9am-5pm", "nine a m to five p m"),
        ("8:30–17", "eight thirty to seventeen"),
        ("Open 9-17.", "Open nine to seventeen."),
        ("Mon-Fri 8–17", "Monday to Friday eight to seventeen"),
        ("24/7", "twenty-four seven"),
        ("3 May 2026", "the third of May twenty twenty-six"),
        ("on May 3rd", "on the third of May"),
        ("the 21st of June", "the twenty-first of June"),
        ("2026-11-26", "the twenty-sixth of November twenty twenty-six"),
        ("3/5", "the third of May"),
        ("since 1998", "since nineteen ninety-eight"),
        ("08-123 45 67", "zero eight, one two three, four five, six seven"),
        ("+46 8 123 45 67", "plus four six, eight, one two three, four five, six seven"),
        ("call 112", "call one one two"),
        ("Press # or *.", "Press hash or star."),
        ("SEK 500", "five hundred kronor"),
        ("1,234 kr", "one thousand two hundred and thirty-four kronor"),
        ("$5.50", "five dollars fifty"),
        ("5.5%", "five point five percent"),
        ("the 12th", "the twelfth"),
        ("e.g. this", "for example this"),
        ("and so on, etc. We", "and so on, et cetera. We"),
        ("No. We have no. 5", "No. We have number five"),
        ("R&D", "R and D"),
        ("info@example.com", "info at example dot com"),
        ("https://www.example.com/help.", "example dot com slash help."),
        ("10,000 people", "ten thousand people"),
    ],
)
def test_what_is_typed_is_said_as_english_people_say_it(written: str, said: str) -> None:
    assert words(written, "en") == said
