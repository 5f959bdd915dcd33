"""Swedish days and times: `kl. 13.30`, `13:30–15`, `mån–fre 8–17`, `3/5`, `2026-11-26`, `den 3 maj`."""

import re
from datetime import date

from pbx.rules.said.rewriting import Rule, rule
from pbx.rules.said.swedish_words import MONTHS, digits, number, ordinal, year

_H, _M = r"(?:[01]?\d|2[0-4])", r"[0-5]\d"
_LEFT, _RIGHT = r"(?<![\w.,:/+-])", r"(?![\w:/]|[.,]\d| ?%| ?(?:kr|kronor|öre)\b)"
_CLOCK = r"(?:kl\.? ?|klockan )"
_DAYS = {
    "mån": "måndag", "tis": "tisdag", "ons": "onsdag", "tors": "torsdag", "tor": "torsdag", "fre": "fredag",
    "lör": "lördag", "sön": "söndag",
}  # fmt: skip
_DAY = "|".join(_DAYS)
_SHORT_MONTHS = {month[:3]: month for month in MONTHS} | {"sept": "september"}
_MONTH = "|".join([*MONTHS, *sorted(_SHORT_MONTHS, key=len, reverse=True)])
_YEAR_AFTER = "år|året|sedan|sen|hösten|våren|sommaren|vintern|grundat|grundad|julen|påsken|" + "|".join(MONTHS)


def clock(hour: str, minute: str | None) -> str:
    """`tretton trettio`, `nio`, `åtta noll fem`, `noll noll femton`."""
    told = number(int(hour)) if int(hour) else "noll noll"
    if minute is None or minute == "00":
        return told
    return f"{told} {digits(minute) if minute[0] == '0' else number(int(minute))}"


def _range(match: re.Match[str]) -> str:
    begins, hour, minute, to_hour, to_minute = match.groups()
    if not (begins or minute or to_minute):
        return match[0]
    return f"{'klockan ' if begins else ''}{clock(hour, minute)} till {clock(to_hour, to_minute)}"


def _iso(match: re.Match[str]) -> str:
    try:
        day = date(int(match[2]), int(match[3]), int(match[4]))
    except ValueError:
        return match[0]
    return f"{match[1] or 'den '}{ordinal(day.day)} {MONTHS[day.month - 1]} {year(day.year)}"


def _slashed(match: re.Match[str]) -> str:
    article, day, month, its_year = match.groups()
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12) or (day, month) == ("24", "7"):
        return match[0]
    told = f"{article or 'den '}{ordinal(int(day))} {MONTHS[int(month) - 1]}"
    return f"{told} {year(int(its_year))}" if its_year else told


def _named(match: re.Match[str]) -> str:
    first, last, name, its_year = match.groups()
    if not all(1 <= int(day) <= 31 for day in (first, last) if day):
        return match[0]
    month = _SHORT_MONTHS.get(name.casefold().rstrip("."), name)
    told = f"{ordinal(int(first))}{f' till {ordinal(int(last))}' if last else ''} {month}"
    return f"{told} {year(int(its_year))}" if its_year else told


def _days(match: re.Match[str]) -> str:
    return f"{_DAYS[match[1].casefold()]} till {_DAYS[match[2].casefold()]}"


DAYS: tuple[Rule, ...] = (rule(rf"(?<![\w/])({_DAY})(?:dag)?\.? ?[-–] ?({_DAY})(?:dag)?\.?(?!\w)", _days),)

RULES: tuple[Rule, ...] = (
    rule(rf"(?<![\w/])({_DAY})\.?(?=:? (?:\d|kl))", lambda match: _DAYS[match[1].casefold()]),
    rule(r"(?<![\w-])24/7(?![\w/])", "tjugofyra sju"),
    rule(r"(?<![\w-])((?:den )?)(\d{4})-(\d\d)-(\d\d)(?![\w-])", _iso),
    rule(r"(?<![\w/.,:-])((?:den )?)(\d{1,2})/(\d{1,2})(?:[-/ ]((?:19|20)\d\d))?(?![\w/])", _slashed),
    rule(rf"(?<![\w/.,:-])(\d{{1,2}})(?::?[ea])?(?: ?[-–] ?(\d{{1,2}})(?::?[ea])?)? ({_MONTH})(?!\w)"
         rf"\.?(?: ((?:19|20)\d\d)(?!\w))?", _named),
    rule(rf"\b({_YEAR_AFTER}) ((?:1[1-9]|20)\d\d)(?![\w:]|[.,-]\d| ?(?:kr|st)\b)",
         lambda match: f"{match[1]} {year(int(match[2]))}"),
    rule(rf"{_LEFT}({_CLOCK}?)({_H})(?:[.:]({_M}))? ?[-–] ?(?:kl\.? ?)?({_H})(?:[.:]({_M}))?{_RIGHT}", _range),
    rule(rf"(?<!\w){_CLOCK}({_H})(?:[.:]({_M}))?(?![\w:]|[.,]\d)",
         lambda match: f"klockan {clock(match[1], match[2])}"),
    rule(rf"{_LEFT}({_H})[.:]({_M}){_RIGHT}", lambda match: clock(match[1], match[2])),
    rule(r"(?<!\w)v\.? ?(?=\d{1,2}(?!\w))", "vecka "),
)  # fmt: skip
