"""The languages that we speak."""

from pbx.errors import Refused

LANGUAGES = ("sv", "en")


def known(lang: str) -> str:
    """The language itself. Refused: `language-unknown`."""
    if lang not in LANGUAGES:
        raise Refused("language-unknown", lang[:20])
    return lang
