"""Signing in: which passwords and addresses may be chosen, and how long somebody who guesses has to wait."""

import re

from pbx.errors import Refused

SHORTEST, LONGEST = 10, 200
_FREE_MISSES = 5
_LONGEST_WAIT_S = 900.0
FROM_ONE_ADDRESS = 30
ADDRESS_S = 600.0
_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\\\]\x00-\x1f\x7f]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?")
_COMMON = ("password", "lösenord", "losenord", "qwerty", "växel", "vaxel", "sommar", "vinter", "123456", "abcdef")


def clean_email(text: str) -> str:
    """As it is kept and compared: without case. Refused: `email-form`."""
    email = text.strip().casefold()
    if len(email) > 254 or not _EMAIL.fullmatch(email) or ".." in email:
        raise Refused("email-form", text[:60])
    return email


def check_password(password: str, email: str) -> None:
    """Refused: `password-length` (10 to 200), `password-easy` (the address, few different characters, or a word that
    is tried first with little around it)."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused("password-length")
    plain = password.casefold()
    known = (*_COMMON, email.partition("@")[0], email)
    left = min((len(plain.replace(word, "")) for word in known if len(word) > 2), default=len(plain))
    if len(set(plain)) < 5 or left < 5:
        raise Refused("password-easy")


def wait_s(failures: int) -> float:
    """Seconds after so many wrong attempts at one account: none for five, then 2 s doubled each time, 15 minutes at
    most, so that nobody can lock an owner out for long."""
    if failures < _FREE_MISSES:
        return 0.0
    return min(_LONGEST_WAIT_S, 2.0 ** min(failures - _FREE_MISSES + 1, 20))
