"""The words of the pages: Swedish where they are used, English in the `en.po` beside each page.

Whatever can also be spoken, refusals above all, is in the phrase catalogue and not here.
"""

import io
from collections.abc import Callable
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Words = Callable[[str], str]
HERE = Path(__file__).parent
LANGUAGE = "vaxel-language"
"""The cookie with the language of a browser in which nobody has signed in yet."""


def catalogues(folder: Path = HERE) -> list[Path]:
    return sorted(folder.rglob("en.po"))


def english(folder: Path = HERE) -> Catalog:
    """All of them as one. ValueError for a text that is translated in two ways."""
    whole = Catalog(locale="en")
    for file in catalogues(folder):
        with file.open("rb") as opened:
            for message in read_po(opened, locale="en"):
                if not message.id:
                    continue
                before = whole.get(message.id)
                if before is not None and before.string != message.string:
                    raise ValueError(f"{file}: {message.id!r} is translated otherwise elsewhere")
                whole[message.id] = message
    return whole


def translations() -> dict[str, NullTranslations]:
    made = io.BytesIO()
    write_mo(made, english())
    made.seek(0)
    return {"sv": NullTranslations(), "en": GNUTranslations(made)}


def chosen(accepted: str) -> str:
    """The language for somebody of whom we know only what their browser asks for."""
    wishes = []
    for at, wish in enumerate(accepted[:200].split(",")):
        name, _, quality = wish.strip().partition(";q=")
        try:
            wishes.append((-float(quality or 1), at, name.partition("-")[0].casefold()))
        except ValueError:
            continue
    names = [name for weight, _, name in sorted(wishes) if weight < 0]
    return next((name for name in names if name in {"sv", "en"}), "en" if names and names[0] not in {"", "*"} else "sv")
