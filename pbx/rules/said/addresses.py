"""Addresses of mail and of the web, briefly: a listener writes down the name and not the path."""

import re
from dataclasses import dataclass

from pbx.rules.said.rewriting import Rule, rule

_NAME = r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}"
_MAIL = rf"(?<![\w.+-])([\w.+-]{{1,64}})@({_NAME}\.[a-z]{{2,10}})(?!\w)"
_WEB = rf"(?<![\w@])(?:https?://(?:www\.)?|www\.)({_NAME})(?::\d+)?((?:/[^\s?#]*)?)(?:[?#]\S*)?"
_BARE = r"(?<![\w.@-])([\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.(?:se|nu|com|org|net|eu|info))((?:/[\w/-]*)?)(?![\w@])"


@dataclass(frozen=True, slots=True)
class Signs:
    """What the signs in an address are called."""

    at: str
    dot: str
    dash: str
    underscore: str
    slash: str
    plus: str = "plus"


def rules(signs: Signs) -> tuple[Rule, ...]:
    def web(match: re.Match[str]) -> str:
        # A full stop after an address belongs to the sentence.
        host, path = match[1], (match[2] or "").rstrip("/")
        end = path[len(path.rstrip(".,;:!")) :]
        steps = [_spelled(step, signs) for step in path.rstrip(".,;:!").split("/") if step][:2]
        return f" {signs.slash} ".join([_spelled(host, signs), *steps]) + end

    def mail(match: re.Match[str]) -> str:
        return f"{_spelled(match[1], signs)} {signs.at} {_spelled(match[2], signs)}"

    return rule(_MAIL, mail), rule(_WEB, web), rule(_BARE, web)


def _spelled(part: str, signs: Signs) -> str:
    named = {".": signs.dot, "-": signs.dash, "_": signs.underscore, "+": signs.plus}
    return " ".join("".join(f" {named[c]} " if c in named else c for c in part).split())
