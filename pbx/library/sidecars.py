"""What an object of the vault is, in words that a person understands who has nothing but the vault."""

from collections.abc import Mapping

from pbx.rules.numbers import shown
from pbx.store import companies, mailboxes, messages, people, places
from pbx.store.messages import Heard
from pbx.store.tx import Reading
from pbx.store.values import Mailbox, Take

_PURPOSE = {"greeting": "a personal greeting", "prompt": "a message of the company", "voice": "a voice message"}


async def about(tx: Reading, take: Take) -> Mapping[str, object]:
    """Company, purpose, whose it is, where it is heard, its script, who spoke it, when; all as text."""
    told: dict[str, object] = {
        "company_name": (await companies.this(tx)).name,
        "purpose": _PURPOSE[take.kind],
        "take": take.id,
        "language": take.lang,
        "recorded_at": take.at.isoformat(),
        "recorded_by": take.made_by,
        "caller": shown(take.caller, "en"),
    }
    if take.kind == "prompt":
        heard = await messages.heard(tx, await messages.of_text(tx, take.text or ""))
        return {**told, **(await _of_message(tx, heard, take.lang))}
    box = await mailboxes.get(tx, take.owner)
    told |= await _of_owner(tx, box)
    if take.kind == "greeting":
        told |= await _of_message(tx, await messages.heard(tx, box.greeting), take.lang)
    return told


async def about_file(tx: Reading, heard: Heard, lang: str, by: str) -> Mapping[str, object]:
    """Of a message's audio that somebody hands in: company, message, where it is heard, its script, by whom, when."""
    return {
        "company_name": (await companies.this(tx)).name,
        "purpose": _PURPOSE["greeting" if heard.message.kind == "greeting" else "prompt"],
        "source": "upload",
        "language": lang,
        "uploaded_at": tx.now.isoformat(),
        "uploaded_by": by,
        **(await _of_message(tx, heard, lang)),
    }


async def about_speech(tx: Reading, heard: Heard, lang: str, by: str) -> Mapping[str, object]:
    """The same of what a voice has said; its script and the voice are told by who knows them."""
    told = dict(await about_file(tx, heard, lang, by))
    at, who = told.pop("uploaded_at"), told.pop("uploaded_by")
    return {**told, "source": "speech", "spoken_at": at, "asked_by": who}


async def _of_owner(tx: Reading, box: Mailbox) -> dict[str, object]:
    user = await people.get(tx, box.user)
    return {"mailbox": box.id, "owner": user.name, "extension": user.extension}


async def _of_message(tx: Reading, heard: Heard | None, lang: str) -> dict[str, object]:
    if heard is None:
        return {}
    text = heard.texts.get(lang)
    return {
        "message": heard.message.name,
        "message_number": heard.message.number,
        "script": text.script if text else "",
        "places": [f"{place.kind} {place.slot}" for place in await places.of(tx, heard.message.id)],
    }
