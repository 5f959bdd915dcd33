"""What callers hear now of messages whose audio is gone, for the ledger."""

import asyncio
from collections.abc import Mapping, Sequence

from pbx.library.ledger import Hears
from pbx.library.messages import Messages
from pbx.store.losses import Use


def heard_instead(messages: Messages) -> Hears:
    """By the same choice that a call makes. Of a voice message nothing is heard but who called, and when; of a picture
    nothing at all."""

    async def heard(company: str, uses: Sequence[Use]) -> Mapping[str, str]:
        told: dict[tuple[str, str], str] = {}
        for use in uses:
            key = use.subject, use.lang
            if use.kind not in {"voice", "picture"} and key not in told:
                told[key] = (await messages.playable_message(company, *key)).heard
                await asyncio.sleep(0)  # so that no call waits for all of them
        return {use.of: told.get((use.subject, use.lang), "nothing") for use in uses}

    return heard
