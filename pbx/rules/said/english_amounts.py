"""English amounts: money, percent, decimals, ranges, ordinals, and all other numbers that stand alone."""

import re

from pbx.rules.said.english_words import LARGEST, digits, number, ordinal
from pbx.rules.said.rewriting import Rule, rule

_LEFT = r"(?<![\w.,:/+-])"
_WHOLE = r"(\d{1,3}(?:[ ,]\d{3})+|\d{1,12})"
_COINS = {
    "kr": ("krona", "kronor"), "sek": ("krona", "kronor"), "kronor": ("krona", "kronor"), "€": ("euro", "euros"),
    "eur": ("euro", "euros"), "$": ("dollar", "dollars"), "usd": ("dollar", "dollars"), "£": ("pound", "pounds"),
    "gbp": ("pound", "pounds"),
}  # fmt: skip


def whole(text: str) -> str:
    """A number as written, with its thousands apart or not. Long ones are no amounts: they are read digit by digit."""
    plain = re.sub("[ ,]", "", text)
    if (plain[0] == "0" and len(plain) > 1) or (len(plain) > 9 and plain == text) or int(plain) > LARGEST:
        return digits(plain)
    return number(int(plain))


def _decimal(before: str, after: str | None) -> str:
    return f"{whole(before)} point {digits(after)}" if after else whole(before)


def _money(amount: str, cents: str | None, coin: str) -> str:
    one, many = _COINS[coin.casefold()]
    said = whole(amount)
    told = f"{said} {one if said == 'one' else many}"
    return f"{told} {number(int(cents.ljust(2, '0')))}" if cents and int(cents) else told


MONEY: tuple[Rule, ...] = (
    rule(rf"{_LEFT}(SEK|EUR|USD|GBP|€|\$|£) ?{_WHOLE}(?:\.(\d{{1,2}})(?!\d))?",
         lambda match: _money(match[2], match[3], match[1])),
    rule(rf"{_LEFT}{_WHOLE}(?:[.,](\d{{1,2}}))? ?(kronor|kr|SEK|EUR|USD|GBP|€|£)(?!\w)",
         lambda match: _money(match[1], match[2], match[3])),
)  # fmt: skip

NUMBERS: tuple[Rule, ...] = (
    rule(r"(?<!\w)(\d{1,4})(?:st|nd|rd|th)(?!\w)", lambda match: ordinal(int(match[1]))),
    rule(rf"{_LEFT}{_WHOLE}(?:\.(\d+))? ?%", lambda match: f"{_decimal(match[1], match[2])} percent"),
    rule(r"(?<![\w.,:/-])(\d{1,4}) ?(?:–|(?<! )-(?! )) ?(\d{1,4})(?![\w-]|[.,:]\d)",
         lambda match: f"{whole(match[1])} to {whole(match[2])}"),
    rule(rf"{_LEFT}{_WHOLE}\.(\d+)(?![\w,.]\w?)", lambda match: _decimal(match[1], match[2])),
    rule(rf"(?<![\w:/-])(?<!\d[.,]){_WHOLE}(?![\w:/]|[.,-]\d)", lambda match: whole(match[1])),
    rule(r"(?<![\w.,])(\d{13,})(?!\w)", lambda match: digits(match[1])),
)  # fmt: skip
