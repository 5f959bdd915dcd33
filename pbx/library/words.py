"""Sentences with somebody's name in them, which are spoken when the name changes and never during a call."""

from pbx.phrases import Phrases

LONGEST_SCRIPT = 2_000


class Words:
    """The catalogue's templates, filled in. A name is put in as it is: braces and the like in it mean nothing."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def greeting(self, lang: str, user_name: str) -> str:
        """What callers hear in a mailbox whose owner has recorded nothing."""
        return self._phrases.words("template-greeting", lang).replace("{name}", user_name)

    def record(self, lang: str, message_name: str, company_name: str) -> str:
        """What somebody hears whom the switchboard has rung up."""
        before, after = self._phrases.words("template-record", lang).split("{message}")
        return before + message_name + after.replace("{company}", company_name)
