"""Rules that rewrite a text, one after the other. What a rule has put into words, no later one finds again."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, and what to say instead; to leave it as it is, `say` gives back the whole match. `needs`: without one
    of these characters nothing is found, so that nobody looks; empty where that cannot be told."""

    pattern: re.Pattern[str]
    say: Callable[[re.Match[str]], str]
    needs: str = ""


def rule(pattern: str, say: Callable[[re.Match[str]], str] | str, flags: int = re.IGNORECASE) -> Rule:
    """A plain string is said as it stands: a backslash in it means nothing."""
    if isinstance(say, str):
        fixed = say
        return Rule(re.compile(pattern, flags), lambda match: fixed, pattern if len(pattern) == 1 else "")
    return Rule(re.compile(pattern, flags), say)


def numeric(*rules: Rule) -> tuple[Rule, ...]:
    """The same, for texts with digits in them."""
    return tuple(replace(each, needs=DIGITS) for each in rules)


def rewrite(text: str, rules: Sequence[Rule]) -> str:
    there = set(text)
    for each in rules:
        if not each.needs or not there.isdisjoint(each.needs):
            text = each.pattern.sub(each.say, text)
    return text


def short_forms(forms: Mapping[str, str], enders: frozenset[str] = frozenset()) -> Rule:
    """Abbreviations in one rule: `bl.a.` also finds `bl. a.`, in any case. Those that may end a sentence keep its
    full stop where a new one begins, so that the voice falls."""
    by_key = {_key(form): (said, form in enders) for form, said in forms.items()}
    longest_first = sorted(forms, key=len, reverse=True)
    found = "|".join(re.escape(form).replace(r"\.", r"\.[ ]?").removesuffix("[ ]?") for form in longest_first)

    def say(match: re.Match[str]) -> str:
        said, may_end = by_key[_key(match[1])]
        rest = match.string[match.end() :]
        ends = may_end and match[1].endswith(".") and (not rest.strip() or re.match(r"\s+[A-ZÅÄÖ]", rest))
        return said + "." if ends else said

    return rule(rf"(?<![\w.])({found})(?!\w)", say)


def _key(form: str) -> str:
    return form.replace(" ", "").casefold()
