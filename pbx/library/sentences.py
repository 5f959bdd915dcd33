"""Which sentence is meant, in its words: for what is spoken about a message or for a mailbox."""

from typing import Literal

from pbx.library.words import Words
from pbx.store import companies, mailboxes, messages, people
from pbx.store.tx import Reading

Sentence = Literal["script", "record", "greeting"]


async def sentence(tx: Reading, words: Words, kind: Sentence, of: str, lang: str) -> str:
    """A message's script; what those hear who are to record it; the default greeting of a mailbox. `of`: id of the
    message or mailbox. Empty if there is none."""
    if kind == "greeting":
        user = await people.get(tx, (await mailboxes.get(tx, of)).user)
        return words.greeting(lang, user.name)
    heard = await messages.heard(tx, of)
    if heard is None:
        return ""
    if kind == "script":
        return heard.texts[lang].script if lang in heard.texts else ""
    return words.record(lang, heard.message.name, (await companies.this(tx)).name)
