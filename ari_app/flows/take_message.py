"""A mailbox takes a message: greeting, tone, speak; #, 0 or hanging up ends it."""

from ari_app.call import Call
from ari_app.exits import Exit, goodbye
from ari_app.flows.recording import keep, patiently, record, reviewed
from ari_app.services import Services
from pbx.library.keeping import WAITING

TRIES = 3


async def take_message(call: Call, svc: Services) -> Exit:
    box = await svc.library.mailboxes.get(call.company, call.target)
    if await svc.library.mailboxes.is_full(call.company, box.id):
        return goodbye("msg-full", call.language)
    greeting = await svc.library.messages.playable(call.company, "mailbox", f"{box.id}/greeting", call.language)
    await call.play(*greeting.media)
    for attempt in range(TRIES):
        if attempt:
            await call.play("msg-after-tone")
        if not await svc.library.takes.has_room(box.max_s):
            await call.play("no-room")
            break
        expected = svc.library.takes.expect(
            call.company, "voice", box.id, lang=call.language, channel=call.id, caller=call.caller
        )
        take = await patiently(call, expected)
        recorded = await record(call, svc, take, max_s=box.max_s)
        if recorded.by == "key" and not await reviewed(call, take.media, "msg-review"):
            await svc.library.takes.replace(call.company, take.id)
            continue
        kept = await keep(call, svc, take, recorded)
        if kept.ok or kept.says == WAITING:
            await call.play("take-cut" if kept.cut else "msg-sent" if kept.ok else "msg-waiting")
            break
        if await call.ask(kept.says or "msg-not-kept", "take-again") != "1":
            break
    return goodbye("goodbye", call.language)
