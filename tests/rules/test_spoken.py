"""What is said for numbers, times, days and callers: compared as words, in both languages."""

import re
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.phrases import read_catalogue
from pbx.rules import spoken
from pbx.rules.numbers import Extension, Number, Withheld, caller

CATALOGUE = read_catalogue()
NOW = datetime.fromisoformat("2025-03-12 16:20")  # a Wednesday
LANGUAGES = st.sampled_from(["sv", "en"])


def words(keys: list[str], lang: str) -> str:
    """The catalogue's words of a list, a comma for each pause."""
    return " ".join("," if key == "pause" else CATALOGUE[key].words[lang] for key in keys).replace(" ,", ",")


@pytest.mark.parametrize(
    ("n", "sv", "en"),
    [
        (0, "0", "0"),
        (1, "1", "1"),
        (21, "21", "21"),
        (100, "1 hundra", "1 hundred"),
        (105, "1 hundra 5", "1 hundred and 5"),
        (342, "3 hundra 42", "3 hundred and 42"),
        (1000, "1 tusen", "1 thousand"),
        (1001, "1 tusen 1", "1 thousand and 1"),
        (2100, "2 tusen 1 hundra", "2 thousand 1 hundred"),
        (21_021, "21 tusen 21", "21 thousand and 21"),
        (999_999, "9 hundra 99 tusen 9 hundra 99", "9 hundred and 99 thousand 9 hundred and 99"),
    ],
)
def test_numbers(n: int, sv: str, en: str) -> None:
    assert words(spoken.number(n, "sv"), "sv") == sv
    assert words(spoken.number(n, "en"), "en") == en


@pytest.mark.parametrize(
    ("n", "sv"), [(1, "en"), (21, "tjugoen"), (11, "11"), (101, "1 hundra en"), (1000, "1 tusen"), (31, "trettioen")]
)
def test_swedish_says_one_minute_with_en_and_not_with_ett(n: int, sv: str) -> None:
    assert words(spoken.number(n, "sv", common=True), "sv") == sv


@pytest.mark.parametrize("n", [-1, 1_000_000])
def test_a_number_that_has_no_words_is_an_error(n: int) -> None:
    with pytest.raises(ValueError, match="cannot say"):
        spoken.number(n, "sv")


@pytest.mark.parametrize(
    ("t", "sv", "en"),
    [
        (time(0, 0), "0 0", "midnight"),
        (time(0, 5), "0 0 0 5", "12 oh 5 a.m."),
        (time(0, 30), "0 0 30", "12 30 a.m."),
        (time(1, 0), "1", "1 a.m."),
        (time(9, 5), "9 0 5", "9 oh 5 a.m."),
        (time(12, 0), "12", "noon"),
        (time(12, 1), "12 0 1", "12 oh 1 p.m."),
        (time(14, 5), "14 0 5", "2 oh 5 p.m."),
        (time(21, 21), "21 21", "9 21 p.m."),
        (time(23, 59), "23 59", "11 59 p.m."),
    ],
)
def test_the_time_of_day(t: time, sv: str, en: str) -> None:
    assert words(spoken.clock(t, "sv"), "sv") == sv
    assert words(spoken.clock(t, "en"), "en") == en


@pytest.mark.parametrize(
    ("at", "sv", "en"),
    [
        ("2025-03-12 14:05", "i dag klockan 14 0 5", "today at 2 oh 5 p.m."),
        ("2025-03-11 23:59", "i går klockan 23 59", "yesterday at 11 59 p.m."),
        ("2025-03-10 08:00", "måndag den tionde mars klockan 8", "Monday the tenth of March at 8 a.m."),
        ("2025-03-03 14:05", "måndag den tredje mars klockan 14 0 5", "Monday the third of March at 2 oh 5 p.m."),
        (
            "2023-12-31 12:00",
            "söndag den trettioförsta december 20 hundra 23 klockan 12",
            "Sunday the thirty-first of December 20 23 at noon",
        ),
        (
            "2005-01-01 00:00",
            "lördag den första januari 2 tusen 5 klockan 0 0",
            "Saturday the first of January 2 thousand and 5 at midnight",
        ),
    ],
)
def test_when_a_message_was_left(at: str, sv: str, en: str) -> None:
    then = datetime.fromisoformat(at)
    assert words(spoken.when(then, NOW, "sv"), "sv") == sv
    assert words(spoken.when(then, NOW, "en"), "en") == en


@pytest.mark.parametrize(
    ("who", "sv", "en"),
    [
        (Number("+46735123456"), "0 7 3 5, 12, 34, 56", "0 7 3 5, 1 2, 3 4, 5 6"),
        (Number("+46701740605"), "0 7 0 1, 74, 0 6, 0 5", "0 7 0 1, 7 4, 0 6, 0 5"),
        (Number("+4681234567"), "0 8, 1 2 3, 45, 67", "0 8, 1 2 3, 4 5, 6 7"),
        (Number("+442079460123"), "plus 4 4, 20, 7 9 4 6, 0 1 2 3", "plus 4 4, 2 0, 7 9 4 6, 0 1 2 3"),
        (Extension("201"), "anknytning 2 0 1", "extension 2 0 1"),
        (Withheld(), "dolt nummer", "a withheld number"),
    ],
)
def test_who_called(who: Number | Extension | Withheld, sv: str, en: str) -> None:
    assert words(spoken.phone(who, "sv"), "sv") == sv
    assert words(spoken.phone(who, "en"), "en") == en


@pytest.mark.parametrize(
    ("n", "sv", "en"),
    [
        (0, "Du har inga nya meddelanden.", "You have no new messages."),
        (1, "Du har ett nytt meddelande.", "You have one new message."),
        (2, "Du har 2 nya meddelanden.", "You have 2 new messages."),
        (21, "Du har 21 nya meddelanden.", "You have 21 new messages."),
    ],
)
def test_how_many_new_messages(n: int, sv: str, en: str) -> None:
    assert words(spoken.new_messages(n, "sv"), "sv") == sv
    assert words(spoken.new_messages(n, "en"), "en") == en


@pytest.mark.parametrize(
    ("seconds", "sv", "en"),
    [
        (0, "0 sekunder", "0 seconds"),
        (1, "en sekund", "1 second"),
        (59.6, "en minut", "1 minute"),
        (63, "en minut och 3 sekunder", "1 minute and 3 seconds"),
        (21 * 60 + 41, "tjugoen minuter och fyrtioen sekunder", "21 minutes and 41 seconds"),
        (3661, "en timme en minut och en sekund", "1 hour 1 minute and 1 second"),
    ],
)
def test_how_long_something_is(seconds: float, sv: str, en: str) -> None:
    assert words(spoken.duration(seconds, "sv"), "sv") == sv
    assert words(spoken.duration(seconds, "en"), "en") == en


def test_keys_are_said_by_their_swedish_names() -> None:
    assert words(spoken.digits("0*#+9"), "sv") == "0 stjärna fyrkant plus 9"
    with pytest.raises(ValueError, match="cannot say"):
        spoken.digits("²")


@given(st.integers(0, spoken.LARGEST), LANGUAGES, st.booleans())
def test_every_number_has_a_piece_for_each_word_and_reads_back_as_itself(n: int, lang: str, common: bool) -> None:
    value = total = 0
    for key in spoken.number(n, lang, common=common):
        assert not CATALOGUE[key].written
        match key:
            case "hundred":
                value *= 100
            case "thousand":
                total, value = value * 1000, 0
            case "and":
                pass
            case piece:
                digits = re.search(r"\d+", piece)
                assert digits is not None
                value += int(digits.group())
    assert total + value == n


@given(
    st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2099-12-31")),
    st.integers(-2, 5000),
    LANGUAGES,
)
def test_every_moment_can_be_said(now: datetime, days: int, lang: str) -> None:
    keys = spoken.when(now - timedelta(days=days, minutes=days), now, lang)
    assert all(not CATALOGUE[key].written for key in keys)
    assert lang == "en" or not {"am", "pm", "noon", "midnight", "oh"} & set(keys)


@given(st.text(alphabet="+0123456789", max_size=17), LANGUAGES)
def test_every_caller_can_be_said(raw: str, lang: str) -> None:
    assert all(key in CATALOGUE for key in spoken.phone(caller(raw), lang))


@given(st.floats(0, 10**6), LANGUAGES)
def test_every_length_can_be_said(seconds: float, lang: str) -> None:
    assert all(key in CATALOGUE for key in spoken.duration(seconds, lang))
