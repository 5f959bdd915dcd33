"""Numbers, times and telephone numbers as lists of phrase keys, in right Swedish and right English.

The pieces are made by `sounds/numbers.toml` and `sounds/dates.toml`; a list is played as one. All functions are pure:
local times are arguments, and `lang` is "sv" or "en".
"""

from datetime import date, datetime, time

from pbx.rules.numbers import Caller, Extension, Number, Withheld, groups

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LARGEST = 999_999
_SIGNS = {"*": "star", "#": "hash", "+": "plus"}
_YEAR_TOLD_AFTER_DAYS = 300


def number(n: int, lang: str, *, common: bool = False) -> list[str]:
    """0 to 999 999. `common` says it before a Swedish en-word: en minut, tjugoen sekunder. ValueError outside."""
    if not 0 <= n <= LARGEST:
        raise ValueError(f"cannot say {n}")
    thousands, rest = divmod(n, 1000)
    said = [*number(thousands, lang), "thousand"] if thousands else []
    if rest or not thousands:
        joined = bool(said) and lang == "en" and rest < 100
        said += [*(["and"] if joined else []), *_below_thousand(rest, lang, common=common)]
    return said


def digits(text: str) -> list[str]:
    """One by one: digits, star, hash and plus. ValueError for anything else."""
    return [_SIGNS.get(sign) or f"num-{_digit(sign)}" for sign in text]


def phone(caller: Caller, lang: str, region: str = "SE") -> list[str]:
    """Who called, in groups with a short pause between; Swedish says groups of two as numbers (`sjuttiofyra`)."""
    match caller:
        case Number(e164):
            said: list[str] = []
            for group in groups(e164, region):
                said += [*(["pause"] if said else []), *_group(group, lang)]
            return said
        case Extension(extension):
            return ["extension", *digits(extension)]
        case Withheld():
            return ["withheld"]


def when(at_local: datetime, now_local: datetime, lang: str) -> list[str]:
    """`today` or `yesterday` or `Monday the third of March`, then the time; the year too when it is long ago."""
    return [*_day(at_local.date(), now_local.date(), lang), "at", *clock(at_local.time(), lang)]


def clock(t: time, lang: str) -> list[str]:
    """Swedish `fjorton noll fem`, English `two oh five p.m.`; on the hour only the hour."""
    if lang == "sv":
        hour = number(t.hour, lang) if t.hour else ["num-0", "num-0"]
        return hour + _minutes(t.minute, "num-0", lang)
    if t.minute == 0 and t.hour in (0, 12):
        return ["noon" if t.hour else "midnight"]
    return [*number(t.hour % 12 or 12, lang), *_minutes(t.minute, "oh", lang), "pm" if t.hour >= 12 else "am"]


def new_messages(n: int, lang: str) -> list[str]:
    """`you have no / one / n new messages`."""
    match n:
        case 0:
            return ["vm-no-new"]
        case 1:
            return ["vm-one-new"]
        case _:
            return ["vm-you-have", *number(min(n, LARGEST), lang), "vm-new-many"]


def duration(seconds: float, lang: str) -> list[str]:
    """`two minutes and five seconds`, rounded to whole seconds; hours only from one hour on."""
    minutes, secs = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    amounts = [(hours, "hour"), (minutes, "minute"), (secs, "second")]
    parts = [_amount(amount, unit, lang) for amount, unit in amounts if amount] or [_amount(0, "second", lang)]
    return [key for part in parts[:-1] for key in part] + (["and"] if len(parts) > 1 else []) + parts[-1]


def _below_thousand(n: int, lang: str, *, common: bool) -> list[str]:
    hundreds, rest = divmod(n, 100)
    said = [f"num-{hundreds}", "hundred"] if hundreds else []
    if hundreds and not rest:
        return said
    joined = bool(hundreds) and lang == "en"
    # Only 1, 21, 31 … have an en-form; eleven has none.
    form = "-en" if common and lang == "sv" and rest % 10 == 1 and rest != 11 else ""
    return [*said, *(["and"] if joined else []), f"num-{rest}{form}"]


def _digit(sign: str) -> str:
    if not (sign.isascii() and sign.isdigit()):
        raise ValueError(f"cannot say {sign!r}")
    return sign


def _group(group: str, lang: str) -> list[str]:
    if lang == "sv" and len(group) == 2 and group[0] != "0" and group.isdigit():
        return [f"num-{group}"]
    return digits(group)


def _minutes(minute: int, nought: str, lang: str) -> list[str]:
    if minute == 0:
        return []
    return [*([nought] if minute < 10 else []), *number(minute, lang)]


def _day(day: date, today: date, lang: str) -> list[str]:
    match (today - day).days:
        case 0:
            return ["today"]
        case 1:
            return ["yesterday"]
        case days:
            said = [WEEKDAYS[day.weekday()], f"ord-{day.day}", f"month-{day.month}"]
            return said + (_year(day.year, lang) if abs(days) > _YEAR_TOLD_AFTER_DAYS else [])


def _year(year: int, lang: str) -> list[str]:
    """Swedish `tjugo hundra tjugofem`, English `twenty twenty-five`; `two thousand and five` in both ways of saying."""
    century, rest = divmod(year, 100)
    if year % 1000 < 10 or not 11 <= century <= 99:
        return number(year, lang)
    if lang == "sv":
        return [f"num-{century}", "hundred", *([f"num-{rest}"] if rest else [])]
    if rest == 0:
        return [f"num-{century}", "hundred"]
    return [f"num-{century}", *(["oh"] if rest < 10 else []), f"num-{rest}"]


def _amount(amount: int, unit: str, lang: str) -> list[str]:
    return [*number(amount, lang, common=True), unit if amount == 1 else f"{unit}s"]
