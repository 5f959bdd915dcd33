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


async def listen(call: Call, svc: Services, box: Mailbox, *, own_phone: bool) -> Exit | None:
    """The way onward when the caller wants to call somebody back, else None: back to the mailbox."""
    messages = await svc.library.mailboxes.messages(call.company, box.id)
    if not messages:
        await call.play("vm-no-messages")
        return None

    async def mark(message: VoiceMessage, state: VoiceState) -> None:
        await svc.library.mailboxes.mark(call.company, message.id, state, by=f"user:{box.user}")

    keys = "vm-message-keys" if own_phone else "vm-message-keys-away"
    at = 0
    for _ in range(MOST_CHOICES):
        if at == len(messages):
            await call.play("vm-no-more")
            return None
        message = messages[at]
        key = await call.ask(*await told(call, svc, message), keys, timeout_s=DECIDE_S)
        if message.state == "new":
            await mark(message, "kept")
        match key:
            case "1":
                continue
            case "2":
                await mark(message, "kept")
                await call.play("vm-message-kept")
                at += 1
            case "3":
                await mark(message, "deleted")
                await call.play("vm-message-deleted")
                at += 1
            case "4":
                at += 1
            case "5":
                at = max(at - 1, 0)
            case "8":
                digits = number_of(message)
                if own_phone and digits:
                    await call.play("vm-calling-back")
                    return to_dialled(digits)
                await call.play("vm-call-back-withheld" if own_phone else "vm-call-back-own-phone")
            case None | "#" | "*":
                return None
            case _:
                await call.play("wrong-key")
    return None


async def told(call: Call, svc: Services, message: VoiceMessage) -> list[str]:
    """Who left it and when, then the message itself; its absence is told, not passed over."""
    zone = ZoneInfo((await svc.companies.get(call.company)).time_zone)
    who = spoken.phone(message.caller, call.language)
    when = spoken.when(message.at.astimezone(zone), svc.now().astimezone(zone), call.language)
    sounds = ["vm-message-from", *who, "pause", *when]
    audio = await svc.library.mailboxes.media(message)
    if audio is None:
        return [*sounds, "vm-message-lost"]
    return [*sounds, *(["vm-message-cut"] if message.interrupted else []), audio]


def number_of(message: VoiceMessage) -> str | None:
    match message.caller:
        case Number(e164=digits) | Extension(digits=digits):
            return digits
        case Withheld():
            return None
