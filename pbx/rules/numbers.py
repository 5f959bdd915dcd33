"""Telephone numbers: where a caller's raw text becomes a type, and which numbers we may ring.

A raw string from signalling is turned into a `Caller` once, where it enters, and goes no further. What an
administrator types is parsed by `parse_number`, which is as forgiving about the way a number is written as
it is strict about what the number is.
"""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from pbx.errors import Refused

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_EXTENSION = re.compile(r"[0-9]{2,6}")
# What a number looks like in signalling; a parser that also finds numbers in prose must not see anything else.
_SIGNALLED = re.compile(r"\+?[0-9 ()./-]{3,24}")
# What people write in numbers, pasted ones included; letters and other alphabets' digits are not among it,
# since the parser would otherwise turn "1-800-FLOWERS" and "0735123456x9" into numbers that nobody meant.
_WRITTEN = re.compile(r"\+?[0-9 ()/.\-]{1,40}")
_PASTED = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-", "\u2013": "-"})
_TRUNK_ZERO = re.compile(r"\( *0 *\)")

_EMERGENCY = frozenset({"112", "90000"})
_DIRECTORY = re.compile(r"118[0-9]{1,3}")
# Satellite networks and numbers of no country: +870 and +881 to +883, +878, +979 premium, +800, +808, +888.
_NO_COUNTRY = frozenset({"870", "878", "881", "882", "883", "888", "979", "800", "808"})
# 010 is a company's ordinary number (the library calls it UAN); 020, 075, 077, 0900 and the like are not.
_ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.UAN,
    }
)


@dataclass(frozen=True, slots=True)
class Number:
    """A public number in E.164: `+` and 7 to 15 digits. ValueError for anything else."""

    e164: str

    def __post_init__(self) -> None:
        if not _E164.fullmatch(self.e164):
            raise ValueError(f"not E.164: {self.e164!r}")


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension inside a company: 2 to 6 digits. ValueError for anything else."""

    digits: str

    def __post_init__(self) -> None:
        if not _EXTENSION.fullmatch(self.digits):
            raise ValueError(f"not an extension: {self.digits!r}")


@dataclass(frozen=True, slots=True)
class Withheld:
    """Nobody we can name: withheld, empty, or something that is no number at all."""


Caller = Number | Extension | Withheld


def caller(raw: str, region: str = "SE") -> Caller:
    """Who signalling says is calling. Never raises: whatever is no number (hostile input too) is `Withheld`."""
    if _EXTENSION.fullmatch(raw):
        return Extension(raw)
    if not _SIGNALLED.fullmatch(raw):
        return Withheld()
    parsed = _parsed(raw, region, sure=False)
    if parsed is None:
        return Withheld()
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return Number(e164) if _E164.fullmatch(e164) else Withheld()


def believed(who: Caller, phone: str) -> Caller:
    """Who may be named: an extension is believed of an authenticated phone (its SIP user, "" for a call from outside)
    only, for from outside anybody may claim to be 201."""
    return Withheld() if isinstance(who, Extension) and not phone else who


def parse_number(raw: str, region: str = "SE") -> Number:
    """The number that a person typed: `0735-12 34 56`, `+46 (0)735…`, `0046…`, `070-174 06 05`.

    Refused: `number-form` (no number of any country), `number-emergency` and `number-premium` (112, 118…: short
    numbers that have no E.164 form and must not be told to "try +46").
    """
    _refuse_short(raw)
    parsed = _parsed(raw, region, sure=True)
    if parsed is None:
        raise Refused("number-form", raw[:40])
    return Number(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))


def may_ring(number: Number, countries: frozenset[str]) -> None:
    """Refuses what we never ring: other countries than `countries` (E.164 country codes, `{"46"}`), premium,
    shared-cost, freephone, paging and satellite numbers, whatever the countries say.

    Refused: `number-country`, `number-premium`, `number-emergency`, `number-form`.
    """
    parsed = phonenumbers.parse(number.e164, None)
    _refuse_short(str(parsed.national_number))
    if str(parsed.country_code) in _NO_COUNTRY:
        raise Refused("number-premium", number.e164)
    if str(parsed.country_code) not in countries:
        raise Refused("number-country", number.e164)
    if not phonenumbers.is_valid_number(parsed):
        raise Refused("number-form", number.e164)
    if phonenumbers.number_type(parsed) not in _ORDINARY:
        raise Refused("number-premium", number.e164)


def shown(who: Caller, lang: str, region: str = "SE") -> str:
    """As people write it: `0735-12 34 56`, `08-123 45 67`, `+44 20 7946 0123`, `201`, or that it is withheld."""
    match who:
        case Number(e164):
            return " ".join(groups(e164, region)).replace(" ", "-", 1) if _at_home(e164, region) else _abroad(e164)
        case Extension(digits):
            return digits
        case Withheld():
            return {"sv": "dolt nummer"}.get(lang, "withheld number")


def groups(e164: str, region: str = "SE") -> list[str]:
    """The digits in the groups in which they are read out: `["0735", "12", "34", "56"]`; abroad `["+44", "20", …]`."""
    if not _at_home(e164, region):
        return _abroad(e164).replace("-", " ").split()
    national = phonenumbers.format_number(phonenumbers.parse(e164, None), PhoneNumberFormat.NATIONAL)
    digits = re.sub("[^0-9]", "", national)
    if region == "SE" and len(digits) == 10 and digits.startswith("07"):
        return [digits[:4], digits[4:6], digits[6:8], digits[8:]]
    return re.findall("[0-9]+", national)


def _at_home(e164: str, region: str) -> bool:
    return e164.startswith(f"+{phonenumbers.country_code_for_region(region)}")


def _abroad(e164: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(e164, None), PhoneNumberFormat.INTERNATIONAL)


def _refuse_short(raw: str) -> None:
    digits = re.sub(r"^(?:\+|00)46", "", re.sub("[^0-9+]", "", raw[:40]))
    if digits in _EMERGENCY:
        raise Refused("number-emergency", digits)
    if _DIRECTORY.fullmatch(digits):
        raise Refused("number-premium", digits)


def _parsed(raw: str, region: str, *, sure: bool) -> PhoneNumber | None:
    """The number in `raw`, or None. `sure` wants one that exists in its country's plan, not only a possible length."""
    text = raw.translate(_PASTED).strip()
    if not _WRITTEN.fullmatch(text):
        return None
    text = _TRUNK_ZERO.sub("", text) if text.startswith(("+", "00")) else text
    # Trunks like to leave out the plus: read as a number of our own country first, then as one of any country.
    readings = [text] if text.startswith(("+", "0")) else [text, f"+{text}"]
    possible = [parsed for parsed in (_read(reading, region) for reading in readings) if parsed is not None]
    for parsed in possible:
        if phonenumbers.is_valid_number(parsed):
            return parsed
    if sure:
        return None
    return next((parsed for parsed in possible if phonenumbers.is_possible_number(parsed)), None)


def _read(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
