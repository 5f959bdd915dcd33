"""From JSON that anybody may have written to values: what does not fit is named, and never guessed."""

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pbx.errors import Refused

T = TypeVar("T")
LONGEST_TEXT = 10_000
LARGEST_NUMBER = 10**12
MOST_VALUES = 3_000_000


def parse(data: bytes) -> Any:
    """Refused: `archive-unreadable`; `archive-too-big` for more values than any company has."""
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        raise Refused("archive-too-big", "manifest.json")
    try:
        return json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused("archive-unreadable", "manifest.json") from None


def decode(kind: type[T], value: Any, where: str) -> T:
    """`value` as that dataclass; what has a default may be missing. Refused: `archive-field`, with the place and what
    is wrong there."""
    result: T = _as(kind, value, where)
    return result


def _no_number(text: str) -> float:
    raise ValueError(text)


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _as(kind: Any, value: Any, where: str) -> Any:
    if kind is Any:
        return value
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return None if value is None else _as(inner[0], value, where)
    if origin is tuple:
        return tuple(_as(inner[0], one, f"{where}[{at}]") for at, one in enumerate(_of(list, value, where)))
    if origin is Mapping:
        found = _of(dict, value, where)
        return {_text(key, where): _as(inner[1], one, f"{where}.{key[:20]}") for key, one in found.items()}
    if is_dataclass(kind):
        found = _of(dict, value, where)
        hints = _hints(kind)  # type: ignore[arg-type]
        if lacking := {one.name for one in fields(kind) if one.default is MISSING} - found.keys():
            raise Refused("archive-field", f"{where}: {', '.join(sorted(lacking))}")
        given = {name: hint for name, hint in hints.items() if name in found}
        return kind(**{name: _as(hint, found[name], f"{where}.{name}") for name, hint in given.items()})  # type: ignore[operator]
    return _simple(kind, value, where)


def _simple(kind: type, value: Any, where: str) -> Any:
    if kind is str:
        return _text(value, where)
    if kind is float and type(value) is int:
        value = float(_number(value, where))
    return _number(value, where) if kind in {int, float} and type(value) is kind else _of(kind, value, where)


def _number(value: Any, where: str) -> Any:
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise Refused("archive-field", where)
    return value


def _text(value: Any, where: str) -> str:
    text = _of(str, value, where)
    if len(text) > LONGEST_TEXT:
        raise Refused("archive-field", where)
    return str(text).encode("utf-8", "replace").decode()


def _of(kind: type, value: Any, where: str) -> Any:
    if type(value) is not kind:
        raise Refused("archive-field", where)
    return value
