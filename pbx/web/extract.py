"""Finding every text of the pages, for whoever translates and for the test that none was forgotten.

`python -m pbx.web.extract` prints what has no English yet, as it goes into the `en.po` beside the page.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file

from pbx.web.texts import HERE, english

Text = str | tuple[str, str]
_PLURAL = {"_": None, "gettext": None, "ngettext": (1, 2), "words": None}


def texts(folder: Path = HERE) -> Iterator[tuple[Path, Text]]:
    """Of each template, what stands in `_(…)`, `ngettext(…)` and `trans`; of each module, what stands in `words(…)`."""
    for file in sorted([*folder.rglob("*.html"), *folder.rglob("*.txt")]):
        for _, found, _, _ in extract_from_file(
            "jinja2.ext:babel_extract", file, keywords=_PLURAL, options={"trimmed": "true", "trim_blocks": "true"}
        ):
            yield file, found if isinstance(found, str) else (found[0], found[1])
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and _is_words(node.func):
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield file, argument.value


def _is_words(function: ast.expr) -> bool:
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name == "words"


def untranslated() -> dict[Path, list[Text]]:
    """By folder: what the pages say and `en.po` does not."""
    known = english()
    found: dict[Path, list[Text]] = {}
    for file, text in texts():
        if not _complete(
            known.get(text if isinstance(text, str) else text[0]), isinstance(text, tuple)
        ) and text not in (missing := found.setdefault(file.parent, [])):
            missing.append(text)
    return {folder: missing for folder, missing in found.items() if missing}


def _complete(message: Message | None, plural: bool) -> bool:
    if message is None or message.fuzzy or message.pluralizable != plural:
        return False
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


if __name__ == "__main__":
    for folder, missing in untranslated().items():
        print(f"# {folder.relative_to(HERE)}/en.po")
        for text in missing:
            if isinstance(text, str):
                print(f'msgid {_quoted(text)}\nmsgstr ""\n')
            else:
                print(f'msgid {_quoted(text[0])}\nmsgid_plural {_quoted(text[1])}\nmsgstr[0] ""\nmsgstr[1] ""\n')
