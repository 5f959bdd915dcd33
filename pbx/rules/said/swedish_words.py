"""Swedish numbers in words: `ett tusen två hundra trettiofyra`, `tjugosjätte`, `tjugohundratjugosex`."""

_ONES = [
    "noll",
    "ett",
    "två",
    "tre",
    "fyra",
    "fem",
    "sex",
    "sju",
    "åtta",
    "nio",
    "tio",
    "elva",
    "tolv",
    "tretton",
    "fjorton",
    "femton",
    "sexton",
    "sjutton",
    "arton",
    "nitton",
]
_TENS = ["", "", *["tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio"]]
_ORDINALS = [
    "nollte",
    "första",
    "andra",
    "tredje",
    "fjärde",
    "femte",
    "sjätte",
    "sjunde",
    "åttonde",
    "nionde",
    "tionde",
    "elfte",
    "tolfte",
    "trettonde",
    "fjortonde",
    "femtonde",
    "sextonde",
    "sjuttonde",
    "artonde",
    "nittonde",
]
MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
LARGEST = 999_999_999_999


def number(n: int, *, common: bool = False) -> str:
    """0 to 999 999 999 999. `common`: before an en-word, as in `en krona`, `tjugoen minuter`."""
    for size, one, many in ((10**9, "en miljard", "miljarder"), (10**6, "en miljon", "miljoner")):
        if n >= size:
            over, rest = divmod(n, size)
            said = one if over == 1 else f"{number(over, common=True)} {many}"
            return f"{said} {number(rest, common=common)}" if rest else said
    thousands, rest = divmod(n, 1000)
    said = f"{number(thousands)} tusen" if thousands else ""
    if not rest and thousands:
        return said
    return f"{said} {_below_thousand(rest, common)}".strip()


def ordinal(n: int) -> str:
    """1 to 99 in words; above that as the number and its ending, which every voice reads well enough."""
    if n < 20:
        return _ORDINALS[n]
    if n > 99:
        return f"{number(n)}:e"
    return f"{_TENS[n // 10]}nde" if n % 10 == 0 else f"{_TENS[n // 10]}{_ORDINALS[n % 10]}"


def year(n: int) -> str:
    """`nittonhundranittioåtta`, `tjugohundratjugosex`; `två tusen fem`."""
    century, rest = divmod(n, 100)
    if not 11 <= century <= 20 or (century == 20 and rest < 10):
        return number(n)
    return f"{_ONES[century] if century < 20 else 'tjugo'}hundra{_below_hundred(rest, False) if rest else ''}"


def digits(text: str) -> str:
    """One by one."""
    return " ".join(_ONES[int(digit)] for digit in text)


def group(text: str) -> str:
    """Of a telephone number: two digits as a number, others one by one."""
    return number(int(text)) if len(text) == 2 and text[0] != "0" else digits(text)


def _below_thousand(n: int, common: bool) -> str:
    hundreds, rest = divmod(n, 100)
    said = f"{_ONES[hundreds]} hundra" if hundreds else ""
    return said if hundreds and not rest else f"{said} {_below_hundred(rest, common)}".strip()


def _below_hundred(n: int, common: bool) -> str:
    one = "en" if common else "ett"
    if n < 20:
        return one if n == 1 else _ONES[n]
    ones = n % 10
    return _TENS[n // 10] + ("" if not ones else one if ones == 1 else _ONES[ones])
