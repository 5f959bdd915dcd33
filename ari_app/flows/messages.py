"""Received messages, newest first: who, when, and what was said; then what to do with it."""

from zoneinfo import ZoneInfo

from ari_app.call import Call
from ari_app.exits import Exit, to_dialled
from ari_app.services import Services
from pbx.rules import spoken
from pbx.rules.numbers import Extension, Number, Withheld
from pbx.store.values import Mailbox, VoiceMessage, VoiceState

MOST_CHOICES = 500
DECIDE_S = 6.0
UNDO_S = 2.0

# The keys that are offered, by whether the audio can be had, and whether the caller can be called back.
OFFERS = {
    (True, True): "vm-message-keys",
    (True, False): "vm-message-keys-away",
    (False, True): "vm-lost-keys",
    (False, False): "vm-lost-keys-away",
}


async def listen(call: Call, svc: Services, box: Mailbox, *, own_phone: bool) -> Exit | None:
    """The way onward when the caller wants to call somebody back, else None: back to the mailbox."""
    messages = await svc.library.mailboxes.messages(call.company, box.id)
    if not messages:
        await call.play("vm-no-messages")
        return None

    async def mark(state: VoiceState) -> None:
        messages[at] = await svc.library.mailboxes.mark(call.company, messages[at].id, state, by=f"user:{box.user}")

    at = 0
    for _ in range(MOST_CHOICES):
        if at == len(messages):
            await call.play("vm-no-more")
            return None
        message = messages[at]
        audio = await svc.library.mailboxes.media(message)
        await call.play(*await introduction(call, svc, message), *contents(message, audio))
        if message.state == "new" and audio is not None:  # nobody has heard one whose audio is gone: it stays new
            await mark("kept")
        back = number_of(message) if own_phone else None
        match await call.ask(OFFERS[audio is not None, back is not None], timeout_s=DECIDE_S):
            case "1":
                continue
            case "2":
                await mark("kept")
                await call.play("vm-message-kept")
                at += 1
            case "3":
                before = messages[at].state
                await mark("deleted")
                # Any other key cuts this short: it cannot be meant for a message that has not been told yet.
                if await call.ask("vm-message-deleted", "vm-message-undo", timeout_s=UNDO_S) == "3":
                    await mark(before)
                    await call.play("vm-message-back")
                else:
                    del messages[at]
            case "4":
                at += 1
            case "5" if at == 0:
                await call.play("vm-message-first")
            case "5":
                at -= 1
            case "8" if back is not None:
                await call.play("vm-calling-back")
                return to_dialled(back)
            case "8":
                await call.play("vm-call-back-withheld" if own_phone else "vm-call-back-own-phone")
            case None | "#" | "*":
                return None
            case _:
                await call.play("wrong-key")
    return None


async def introduction(call: Call, svc: Services, message: VoiceMessage) -> list[str]:
    """Who left it, and when."""
    zone = ZoneInfo((await svc.companies.get(call.company)).time_zone)
    who = spoken.phone(message.caller, call.language)
    when = spoken.when(message.at.astimezone(zone), svc.now().astimezone(zone), call.language)
    return ["vm-new-from" if message.state == "new" else "vm-message-from", *who, "pause", *when]


def contents(message: VoiceMessage, audio: str | None) -> list[str]:
    """What was said; its absence is told, not passed over."""
    if audio is None:
        return ["vm-message-lost"]
    return [*(["vm-message-cut"] if message.interrupted else []), audio]


def number_of(message: VoiceMessage) -> str | None:
    match message.caller:
        case Number(e164=digits) | Extension(digits=digits):
            return digits
        case Withheld():
            return None
