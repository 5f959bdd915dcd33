"""English texts, as written in a Swedish company: days come before months, and the clock may have 24 hours."""

import re
from datetime import date

from pbx.rules.said import addresses, phones
from pbx.rules.said.addresses import Signs
from pbx.rules.said.english_amounts import MONEY, NUMBERS
from pbx.rules.said.english_words import MONTHS, digits, number, ordinal, year
from pbx.rules.said.rewriting import Rule, numeric, rule, short_forms

_SHORT = {
    "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "approx.": "approximately", "tel.": "telephone",
    "tel": "telephone", "ext.": "extension", "dept.": "department", "vs.": "versus",
    "incl.": "including", "excl.": "excluding", "mr.": "mister", "mrs.": "missis", "dr.": "doctor",
    "a.k.a.": "also known as", "asap": "as soon as possible", "min.": "minutes", "hrs.": "hours", "hrs": "hours",
    "w/o": "without",
    "and/or": "and or", "c/o": "care of", "p.s.": "post script", "ca.": "about", "ca": "about",
}  # fmt: skip
_ENDERS = frozenset({"etc.", "min.", "hrs."})
_DAYS = {
    "mon": "Monday", "tues": "Tuesday", "tue": "Tuesday", "wed": "Wednesday", "thurs": "Thursday", "thur": "Thursday",
    "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip
_DAY = "|".join(_DAYS)
_MONTH_OF = {month[:3].casefold(): month for month in MONTHS} | {"sept": "September"}
_MONTH = "|".join([*MONTHS, *sorted(_MONTH_OF, key=len, reverse=True)])
_H, _M, _HALF = r"(?:[01]?\d|2[0-4])", r"[0-5]\d", r"(?: ?([ap])\.?m(?:\.(?! [A-Z])|\b))"
_LEFT = r"(?<![\w.,:/+-])"
_SIGNS = Signs(at="at", dot="dot", dash="dash", underscore="underscore", slash="slash")


def clock(hour: str, minute: str | None, half: str | None) -> str:
    """`one thirty p m`, `thirteen thirty`, `nine oh five`, `nine o'clock` is said as `nine`."""
    said = number(int(hour)) if int(hour) else "zero"
    if minute and minute != "00":
        said += f" oh {number(int(minute))}" if minute[0] == "0" else f" {number(int(minute))}"
    elif minute and not half and int(hour) > 12:
        said += " hundred"
    return f"{said} {half.lower()} m" if half else said


def _range(match: re.Match[str]) -> str:
    at, hour, minute, half, to_hour, to_minute, to_half = match.groups()
    if not (at or minute or half or to_minute or to_half):
        return match[0]
    return f"{at or ''}{clock(hour, minute, half)} to {clock(to_hour, to_minute, to_half)}"


def _date(day: int, month: int, its_year: int | None, otherwise: str) -> str:
    try:
        date(its_year or 2024, month, day)
    except ValueError:
        return otherwise
    return f"the {ordinal(day)} of {MONTHS[month - 1]}" + (f" {year(its_year)}" if its_year else "")


def _month(name: str) -> int:
    return MONTHS.index(_MONTH_OF[name[:3].casefold()]) + 1


def _named(day: str, month: str, its_year: str | None, otherwise: str) -> str:
    return _date(int(day), _month(month), int(its_year) if its_year else None, otherwise)


_NUMERIC: tuple[Rule, ...] = (
    rule(r"(?<![\w.,:/+-])(112|911|999)(?!\w|[.,]\d)", lambda match: digits(match[1])),
    *phones.rules(digits),
    *MONEY,
    rule(rf"(?<![\w/])({_DAY})\.?(?=:? \d)", lambda match: _DAYS[match[1].casefold()]),
    rule(r"(?<![\w-])24/7(?![\w/])", "twenty-four seven"),
    rule(r"(?<![\w-])(\d{4})-(\d\d)-(\d\d)(?![\w-])",
         lambda match: _date(int(match[3]), int(match[2]), int(match[1]), match[0])),
    rule(r"(?<![\w/.,:-])(\d{1,2})/(\d{1,2})(?:/((?:19|20)\d\d))?(?![\w/])",
         lambda match: _date(int(match[1]), int(match[2]), int(match[3]) if match[3] else None, match[0])),
    rule(rf"(?<![\w/.,:-])(?:the )?(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTH})\b\.?,?(?: ((?:19|20)\d\d)\b)?",
         lambda match: _named(match[1], match[2], match[3], match[0])),
    rule(rf"\b({_MONTH})\b\.? (\d{{1,2}})(?:st|nd|rd|th)?(?!\w|[:.]\d),?(?: ((?:19|20)\d\d)\b)?",
         lambda match: _named(match[2], match[1], match[3], match[0])),
    rule(r"\b(in|since|year|of|by|until) ((?:1[1-9]|20)\d\d)(?![\w:]|[.,-]\d)",
         lambda match: f"{match[1]} {year(int(match[2]))}"),
    rule(rf"{_LEFT}((?:at |from )?)({_H})(?:[.:]({_M}))?{_HALF}? ?[-–] ?({_H})(?:[.:]({_M}))?{_HALF}?"
         r"(?![\w:/]|[.,]\d| ?%)", _range),
    rule(rf"{_LEFT}({_H})(?:[.:]({_M}))?{_HALF}(?!\w)", lambda match: clock(match[1], match[2], match[3])),
    rule(rf"{_LEFT}({_H}):({_M})(?![\w:/]|[.,]\d)", lambda match: clock(match[1], match[2], None)),
    rule(r"(?<!\w)no\.? ?(?=\d)", "number "),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    *addresses.rules(_SIGNS),
    rule(rf"(?<![\w/])({_DAY})(?:day)?\.? ?[-–] ?({_DAY})(?:day)?\.?(?!\w)",
         lambda match: f"{_DAYS[match[1].casefold()]} to {_DAYS[match[2].casefold()]}"),
    *numeric(*_NUMERIC),
    short_forms(_SHORT, _ENDERS),
    *numeric(*NUMBERS),
    rule(r"(?<!\*)\*(?!\*)", " star "),
    rule("#", " hash "),
    rule(r" ?&(?:amp;)? ?", " and "),
    rule("@", " at "),
    rule("%", " percent "),
    rule(r"\+", " plus "),
    rule("=", " equals "),
    rule("§", " section "),
    rule("°", " degrees "),
    rule(r"~(?= ?\w)", " about "),
    rule(r"(?<=[^\W\d])/(?=[^\W\d])", " ", re.NOFLAG),
    rule("/", " slash "),
)  # fmt: skip
