"""Swedish amounts: kronor, percent, decimals, units, ranges, and all other numbers that stand alone."""

import re

from pbx.rules.said.rewriting import Rule, rule
from pbx.rules.said.swedish_words import LARGEST, digits, group, number, ordinal

_LEFT = r"(?<![\w.,:/+-])"
_WHOLE = r"(\d{1,3}(?:[ .]\d{3})+|\d{1,12})"
_PER = {
    "mån": "i månaden", "månad": "i månaden", "min": "per minut", "minut": "per minut", "st": "styck", "år": "per år",
    "tim": "i timmen", "h": "i timmen", "dag": "per dag", "vecka": "i veckan", "person": "per person",
    "pers": "per person", "kg": "per kilo",
}  # fmt: skip
_PER_WORDS = "|".join(sorted(_PER, key=len, reverse=True))
_MANY = {"tkr": "tusen kronor", "mkr": "miljoner kronor", "mnkr": "miljoner kronor", "mdkr": "miljarder kronor"}
_COINS = {"€": "euro", "eur": "euro", "$": "dollar", "usd": "dollar", "£": "pund", "gbp": "pund"}
_UNITS = {
    "min": ("minut", "minuter"), "tim": ("timme", "timmar"), "h": ("timme", "timmar"), "sek": ("sekund", "sekunder"),
    "st": ("styck", "stycken"), "km": ("kilometer", "kilometer"), "m": ("meter", "meter"),
    "cm": ("centimeter", "centimeter"), "mm": ("millimeter", "millimeter"), "kg": ("kilo", "kilo"),
    "m²": ("kvadratmeter", "kvadratmeter"), "kvm": ("kvadratmeter", "kvadratmeter"), "°C": ("grad", "grader"),
    "°": ("grad", "grader"), "km/h": ("kilometer i timmen", "kilometer i timmen"), "l": ("liter", "liter"),
}  # fmt: skip
_UNIT_WORDS = "|".join(map(re.escape, sorted(_UNITS, key=len, reverse=True)))
_NEUTER = {"st", "kg"}
_COMMON = "minut|timme|sekund|dag|vecka|månad|gång|person|krona|kund|plats"


def whole(text: str, *, common: bool = False) -> str:
    """A number as written, with its thousands apart or not. Long ones are no amounts: they are read in pairs."""
    plain = re.sub("[ .]", "", text)
    if plain[0] == "0" and len(plain) > 1:
        return digits(plain)
    if (len(plain) > 9 and plain == text) or int(plain) > LARGEST:
        return " ".join(group(each) for each in re.findall(r"\d{1,2}", plain))
    return number(int(plain), common=common)


def _decimal(before: str, after: str) -> str:
    told = number(int(after)) if len(after) <= 2 and after[0] != "0" else digits(after)
    return f"{whole(before)} komma {told}"


def _kronor(match: re.Match[str]) -> str:
    kronor, ore, per = match.groups()
    said = whole(kronor, common=True)
    told = f"{said} {'krona' if said == 'en' else 'kronor'}"
    if ore and int(ore):
        told += f" och {number(int(ore.ljust(2, '0')))} öre"
    return f"{told} {_PER[per.casefold()]}" if per else told


def _unit(match: re.Match[str]) -> str:
    amount, decimals, unit = match.groups()
    one, many = _UNITS[unit]
    if decimals:
        return f"{_decimal(amount, decimals)} {many}"
    said = whole(amount, common=unit not in _NEUTER)
    return f"{said} {one if said in {'en', 'ett'} else many}"


def _amount(before: str, after: str | None) -> str:
    return _decimal(before, after) if after else whole(before)


MONEY: tuple[Rule, ...] = (
    rule(rf"{_LEFT}{_WHOLE}(?:,(\d+))? ?(tkr|mkr|mnkr|mdkr)(?!\w)",
         lambda match: f"{_amount(match[1], match[2])} {_MANY[match[3].casefold()]}"),
    rule(rf"{_LEFT}{_WHOLE}(?:[,:](\d{{1,2}}))? ?(?:kronor|krona|kr\.?(?= *[a-zåäö/])|kr|sek|:-|,-|;-)"
         rf"(?:/({_PER_WORDS})\.?)?(?!\w)", _kronor),
    rule(rf"{_LEFT}(€|\$|£) ?{_WHOLE}(?:[,.](\d{{1,2}})(?!\d))?",
         lambda match: f"{_amount(match[2], match[3])} {_COINS[match[1]]}"),
    rule(rf"{_LEFT}{_WHOLE}(?:,(\d{{1,2}}))? ?(€|\$|£|eur|usd|gbp)(?!\w)",
         lambda match: f"{_amount(match[1], match[2])} {_COINS[match[3].casefold()]}"),
)  # fmt: skip

NUMBERS: tuple[Rule, ...] = (
    rule(r"(?<!\w)(\d{1,2}):(?:e|a)(?!\w)", lambda match: ordinal(int(match[1]))),
    rule(rf"{_LEFT}(-?){_WHOLE}(?:,(\d+))? ?%",
         lambda match: f"{'minus ' if match[1] else ''}{_amount(match[2], match[3])} procent"),
    rule(rf"{_LEFT}{_WHOLE}(?:,(\d+))? ?({_UNIT_WORDS})(?![\w/])", _unit, re.NOFLAG),
    rule(r"(?<!\w)(\d{3}) (\d{2}) (?=[A-ZÅÄÖ][a-zåäö])",
         lambda match: f"{digits(match[1])} {group(match[2])} ", re.NOFLAG),
    rule(r"(?<![\w.,:/-])(\d{6})-(\d{4})(?![\w-])",
         lambda match: ", ".join(group(each) for each in re.findall(r"\d\d", match[1] + match[2]))),
    rule(r"(?<![\w.,:/-])(\d{1,4}) ?(?:–|(?<! )-(?! )) ?(\d{1,4})(?![\w-]|[.,:]\d)",
         lambda match: f"{whole(match[1])} till {whole(match[2])}"),
    rule(rf"(?<![\w.,:/+-]){_WHOLE},(\d+)(?![\w,.]\w?)", lambda match: _decimal(match[1], match[2])),
    rule(rf"(?<![\w.,:/-]){_WHOLE}(?= (?:{_COMMON})(?!\w))", lambda match: whole(match[1], common=True)),
    rule(rf"(?<![\w:/-])(?<!\d[.,]){_WHOLE}(?![\w:/]|[.,-]\d)", lambda match: whole(match[1])),
    rule(r"(?<![\w.,])(\d{13,})(?!\w)", lambda match: " ".join(group(e) for e in re.findall(r"\d{1,2}", match[1]))),
)  # fmt: skip
