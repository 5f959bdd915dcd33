"""Every word of the pages is there in both languages."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pbx.rules.brake import BrakeState, must_stop
from pbx.store.clock import utc_now
from pbx.store.logged import LOGGED
from pbx.web.extract import texts, untranslated
from pbx.web.live import TOPICS
from pbx.web.texts import HERE, chosen, english
from pbx.web.vault.actions import words_of
from pbx.web.vault.details import keys_of
from pbx.web.vault.reasons import reason

_NAMES = {"Växel", "English", "Svenska"}
_FIELD = re.compile(r"%\((\w+)\)s")


def test_no_text_is_untranslated() -> None:
    assert untranslated() == {}


def test_nothing_is_translated_that_no_page_says() -> None:
    said = {text if isinstance(text, str) else text[0] for _, text in texts()}
    kept = {message.id if isinstance(message.id, str) else message.id[0] for message in english() if message.id}
    assert kept - said == set()


def test_a_translation_fills_in_the_same_fields() -> None:
    for message in english():
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        assert {field for text in ids for field in _FIELD.findall(text)} == {
            field for text in strings for field in _FIELD.findall(text)
        }, message.id


class _Bare(HTMLParser):
    """Words that stand in a template without being marked for translation."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self._look(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"title", "alt", "placeholder", "aria-label"}:
                self._look(value or "")

    def _look(self, text: str) -> None:
        if re.search(r"[^\W\d_]{2}", text) and text.strip() not in _NAMES:
            self.found.append(text.strip())


@pytest.mark.parametrize("file", sorted(HERE.rglob("*.html")), ids=lambda file: str(file.relative_to(HERE)))
def test_no_word_stands_in_a_template_unmarked(file: Path) -> None:
    text = re.sub(r"{%-?\s*trans.*?endtrans\s*-?%}", "", file.read_text(), flags=re.DOTALL)
    bare = _Bare()
    bare.feed(re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL))
    assert bare.found == []


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"), ("en-GB,en;q=0.9", "en"), ("de,fr", "en"), ("", "sv"), ("*", "sv"),
        ("en;q=0.1,sv;q=0.2", "sv"), ("nb,sv;q=0.5,en;q=0.4", "sv"), ("sv;q=x", "sv"),
    ],
)  # fmt: skip
def test_the_language_is_the_browsers_first_one_that_we_speak(accepted: str, lang: str) -> None:
    assert chosen(accepted) == lang


def _keys() -> Iterator[str]:
    """What a line of the log tells besides, as far as that is named where it is written."""
    for file in HERE.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("audit.write"):
                yield from (keyword.arg for keyword in node.keywords if keyword.arg)


def test_everything_that_the_log_tells_is_named_in_words() -> None:
    ids = {"job", "menu", "message", "phone", "picture", "place", "user", "voice_message"}
    assert set(_keys()) - keys_of(str).keys() == ids


def _frozen() -> Iterator[str]:
    """Why the vault freezes a copy, with a 1 where something varies."""
    for file in (HERE.parent / "vault").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(func=func, args=args) if ast.unparse(func).endswith(("Frozen", ".freeze")):
                    yield from map(_text, args)
                case ast.Assign(targets=[ast.Name("why")], value=ast.IfExp(body=one, orelse=other)):
                    yield from (_text(one), _text(other))


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in parts)
    return ""


def test_why_a_copy_is_frozen_or_erasing_stopped_is_told_in_words() -> None:
    written = {*filter(None, _frozen()), must_stop(BrakeState(), utc_now(), 30, 20, 1)}
    assert len(written) == 8
    for text in written:
        assert text
        assert reason(str, text) != text


def _actions() -> Iterator[str]:
    """What is written into the log of changes, wherever that is a plain text."""
    for file in HERE.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(func=func, args=[_, _, ast.Constant(value=str(action)), *_]):
                    if ast.unparse(func).endswith("audit.write"):
                        yield action


def test_every_action_of_the_log_is_told_in_words() -> None:
    assert set(_actions()) - words_of(str).keys() == set()


def test_every_table_that_can_change_has_a_topic() -> None:
    assert TOPICS.keys() == LOGGED
