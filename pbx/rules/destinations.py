"""What a job rings: a telephone, by its number, or the phone in somebody's browser, by the account that it was lent."""

import re
from dataclasses import dataclass

from pbx.rules.numbers import Number

_ACCOUNT = re.compile(r"w[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Account:
    """`w` and 16 hexadecimal digits. ValueError for anything else."""

    sip_user: str

    def __post_init__(self) -> None:
        if not _ACCOUNT.fullmatch(self.sip_user):
            raise ValueError(f"no phone in a browser: {self.sip_user!r}")


Destination = Number | Account


def destination(written: str) -> Destination:
    """The inverse of `written`. ValueError for anything else."""
    return Number(written) if written.startswith("+") else Account(written)


def written(to: Destination) -> str:
    """As it is kept and told: an E.164 number, or an account's name."""
    match to:
        case Number(e164):
            return e164
        case Account(sip_user):
            return sip_user
