"""PINs that may be chosen, and the pace of guessing."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.errors import Refused
from pbx.rules.numbers import Number
from pbx.rules.pins import check_choice, wait_s

OWN = [Number("+46735128362"), Number("+4681234567")]


@pytest.mark.parametrize("pin", ["", "123", "12345678901", "12a4", " 4829", "４８２９", "48 29", "4829\n"])
def test_a_pin_has_four_to_ten_digits(pin: str) -> None:
    with pytest.raises(Refused, match="pin-length"):
        check_choice(pin, "201", OWN)


@pytest.mark.parametrize(
    "pin",
    [
        *("0000", "1111", "7770", "0777", "1121", "5599"),  # few digits, three in a row
        *("1234", "4321", "6789", "7890", "0987", "812345", "91234"),  # runs
        *("2323", "123123", "48294829", "918918918"),  # patterns
        *("2580", "0852", "1470", "147258", "159357"),  # lines on the keypad
        *("1998", "2024"),  # years
        *("2010", "1201", "0201", "92017", "1022"),  # the extension, also backwards
        *("8362", "2638", "28362", "5128362", "4567", "7654"),  # the end of an own number, also backwards
    ],
)
def test_a_pin_that_a_stranger_tries_first_is_refused(pin: str) -> None:
    with pytest.raises(Refused, match="pin-easy"):
        check_choice(pin, "201", OWN)


@pytest.mark.parametrize("pin", ["4829", "7163", "19283", "602914", "8362947", "9418273605", "2791", "1479"])
def test_a_pin_that_is_not_obvious_may_be_chosen(pin: str) -> None:
    check_choice(pin, "201", OWN)


@given(
    st.text(max_size=12) | st.text(alphabet="0123456789", min_size=4, max_size=10), st.text("0123456789", max_size=6)
)
def test_every_choice_is_taken_or_refused_in_words(pin: str, extension: str) -> None:
    with contextlib.suppress(Refused):
        check_choice(pin, extension, OWN)
        assert pin.isascii()
        assert len(set(pin)) >= 3


def test_most_pins_may_be_chosen() -> None:
    def free(pin: str) -> bool:
        try:
            check_choice(pin, "201", OWN)
        except Refused:
            return False
        return True

    assert sum(free(f"{pin:04}") for pin in range(10_000)) > 8_500


def test_the_wait_after_wrong_pins_grows_and_is_never_longer_than_a_quarter_of_an_hour() -> None:
    assert [wait_s(failures) for failures in range(12)] == [0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert wait_s(10_000) == 900
