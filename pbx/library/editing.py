"""Two people who edit at once: the second is told, and nothing is overwritten."""

from zoneinfo import ZoneInfo

from pbx.errors import Refused
from pbx.store import audit, companies
from pbx.store.messages import Heard
from pbx.store.tx import Reading


async def as_seen(tx: Reading, heard: Heard, lang: str, expected: int | None) -> None:
    """`expected`: the revision that the editor saw, 0 for a text that was not there; None if nobody looked.
    Refused: `edited-meanwhile`, with who it was and when, in the company's time, as far as that was written down."""
    text = heard.texts.get(lang)
    if expected is None or expected == (text.revision if text else 0):
        return
    if text is None:
        raise Refused("edited-meanwhile")
    at = text.changed_at.astimezone(ZoneInfo((await companies.this(tx)).time_zone))
    who = await audit.who_at(tx, text.changed_at)
    raise Refused("edited-meanwhile", f"{who}, {at:%Y-%m-%d %H:%M}" if who else f"{at:%Y-%m-%d %H:%M}")
