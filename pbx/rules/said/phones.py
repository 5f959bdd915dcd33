"""Telephone numbers in prose, in the groups in which people say them."""

import re
from collections.abc import Callable

from pbx.errors import Refused
from pbx.rules.numbers import groups, parse_number
from pbx.rules.said.rewriting import Rule, rule

_ABROAD = r"(?<![\w+])\+[1-9]\d{0,2}[ -]?(?:\(0\)[ -]?)?\d{1,4}(?:[ -]?\d{2,4}){1,4}(?![\d])"
_REST = r"(?:\d{3} ?\d{3} ?\d{2}|\d{3} ?\d{2} ?\d{2}|\d{2} ?\d{2} ?\d{2}|\d{3} ?\d{3}|\d{3} ?\d{2})"
_HOME = rf"(?<![\w.,:/+-])(0\d{{1,3}})( ?[-–/] ?| )({_REST})(?!\d)"
_SOLID = r"(?<![\w.,:/+-])0\d{7,9}(?!\d)"
_SPLIT = {8: (3, 3, 2), 7: (3, 2, 2), 6: (2, 2, 2), 5: (3, 2)}
_UNKNOWN_REGION = "ZZ"
_SHORTEST_SPACED = 8  # digits: two or three small numbers in a row are no telephone number


def rules(group: Callable[[str], str], plus: str = "plus") -> tuple[Rule, ...]:
    """`group`: the words of one group of digits. A comma between groups is a short pause."""

    def said(found: list[str]) -> str:
        return ", ".join(f"{plus} {group(each[1:])}" if each.startswith("+") else group(each) for each in found)

    def abroad(match: re.Match[str]) -> str:
        written = re.split("[ -]+", match[0].replace("(0)", " "))
        return said(written if len(written) > 2 else _known(match[0], _UNKNOWN_REGION))

    def home(match: re.Match[str]) -> str:
        area, rest = match[1], match[3]
        digits = rest.replace(" ", "")
        if match[2] == " " and (" " not in rest or len(area + digits) < _SHORTEST_SPACED):
            return match[0]
        return said([area, *(rest.split() if " " in rest else _cut(digits))])

    return rule(_ABROAD, abroad), rule(_HOME, home), rule(_SOLID, lambda match: said(_known(match[0], "SE")))


def _known(raw: str, region: str) -> list[str]:
    """The groups of a number that exists; others in pairs."""
    try:
        return groups(parse_number(raw).e164, region)
    except Refused:
        head, rest = (raw[:3], raw[3:]) if raw.startswith("+") else (raw[:2], raw[2:])
        return [head, *re.findall(r"\d{1,2}", rest)]


def _cut(digits: str) -> list[str]:
    found, at = [], 0
    for length in _SPLIT[len(digits)]:
        found.append(digits[at : at + length])
        at += length
    return found
