"""English numbers in words: `one thousand two hundred and thirty-four`, `twenty-sixth`, `twenty twenty-six`."""

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["", "", *["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]]
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"}
_ORDINALS |= {"twelve": "twelfth"}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
LARGEST = 999_999_999_999


def number(n: int) -> str:
    """0 to 999 999 999 999."""
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        if n >= size:
            over, rest = divmod(n, size)
            joint = " and " if rest < 100 else " "
            return f"{number(over)} {name}" + (joint + number(rest) if rest else "")
    hundreds, rest = divmod(n, 100)
    if hundreds:
        return f"{_ONES[hundreds]} hundred" + (f" and {number(rest)}" if rest else "")
    if n < 20:
        return _ONES[n]
    return _TENS[n // 10] + (f"-{_ONES[n % 10]}" if n % 10 else "")


def ordinal(n: int) -> str:
    head, joint, last = _last(number(n))
    if last in _ORDINALS:
        return head + joint + _ORDINALS[last]
    return f"{head}{joint}{last[:-1]}ieth" if last.endswith("y") else f"{head}{joint}{last}th"


def year(n: int) -> str:
    """`nineteen ninety-eight`, `twenty twenty-six`, `two thousand and five`."""
    century, rest = divmod(n, 100)
    if not 11 <= century <= 99 or n % 1000 < 10:
        return number(n)
    if not rest:
        return f"{number(century)} hundred"
    return f"{number(century)} {'oh ' if rest < 10 else ''}{number(rest)}"


def digits(text: str) -> str:
    """One by one."""
    return " ".join(_ONES[int(digit)] for digit in text)


def _last(said: str) -> tuple[str, str, str]:
    at = max(said.rfind(" "), said.rfind("-"))
    return ("", "", said) if at < 0 else (said[:at], said[at], said[at + 1 :])
