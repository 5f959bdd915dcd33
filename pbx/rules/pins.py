"""PINs: which ones may be chosen, and how long somebody who guesses has to wait."""

import re
from collections.abc import Sequence

from pbx.errors import Refused
from pbx.rules.numbers import Number

SHORTEST, LONGEST = 4, 10
_FREE_MISSES = 2
_LONGEST_WAIT_S = 900.0
_UP = "01234567890"
_LINES = ("147", "258", "369", "159", "357", "2580", "1470", "3690")
_THREE_EQUAL = re.compile(r"(.)\1\1")
_REPEATED = re.compile(r"(.+?)\1+")
_YEAR = re.compile(r"(19|20)[0-9]{2}")


def check_choice(pin: str, extension: str, numbers: Sequence[Number]) -> None:
    """Refuses a PIN that is no PIN (`pin-length`: 4 to 10 digits) or one that a stranger tries first (`pin-easy`).

    Easy are: fewer than three different digits, three equal ones in a row, a run of four (1234, 9876), a pattern
    (2323, 123123), a line on the keypad (2580), a year, the extension with at most two digits added, the last digits
    of an own number, and the last two backwards.
    """
    if not re.fullmatch(f"[0-9]{{{SHORTEST},{LONGEST}}}", pin):
        raise Refused("pin-length")
    if _plain(pin) or _own(pin, extension, numbers):
        raise Refused("pin-easy")


def wait_s(failures: int) -> float:
    """Seconds until the next attempt after so many wrong ones in a row: none for two, then 10 s doubled each time.

    Bounded at 15 minutes, so that nobody can lock an owner out for long; at that pace a PIN of four digits takes
    three months to guess.
    """
    if failures <= _FREE_MISSES:
        return 0.0
    return min(_LONGEST_WAIT_S, 10.0 * 2.0 ** min(failures - _FREE_MISSES - 1, 20))


def _plain(pin: str) -> bool:
    fours = {pin[at : at + 4] for at in range(len(pin) - 3)}
    return (
        len(set(pin)) < 3
        or _THREE_EQUAL.search(pin) is not None
        or _REPEATED.fullmatch(pin) is not None
        or any(four in _UP or four[::-1] in _UP for four in fours)
        or _on_a_line(pin)
        or (len(pin) == 4 and _YEAR.fullmatch(pin) is not None)
    )


def _on_a_line(pin: str) -> bool:
    """The whole PIN is made of straight lines of the keypad: 2580, 147369, 159357."""
    lines = {way for line in _LINES for way in (line, line[::-1])}
    return re.fullmatch("(?:" + "|".join(sorted(lines, key=len, reverse=True)) + ")+", pin) is not None


def _own(pin: str, extension: str, numbers: Sequence[Number]) -> bool:
    for known in (extension, extension[::-1]):
        if known and known in pin and len(pin) - len(known) <= 2:
            return True
    tails = {number.e164[-len(pin) :] for number in numbers}
    return pin in tails or pin[::-1] in tails
