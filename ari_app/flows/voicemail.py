"""333: hear messages (1), record the greeting (5, 0 ends it), hear it (4), delete it (6, 6 again undoes)."""

from ari_app.call import Call
from ari_app.exits import Exit, goodbye
from ari_app.flows.messages import listen
from ari_app.flows.recording import keep, patiently, record
from ari_app.services import Services
from pbx.library.keeping import WAITING
from pbx.rules import spoken
from pbx.store.values import Mailbox, User

MOST_CHOICES = 50
SILENCES = 3
GREETING_MAX_S = 180


async def voicemail(call: Call, svc: Services) -> Exit:
    """From the user's own phone, which is proof enough."""
    user = await svc.people.calling(call.company, call.phone)
    if user is None:
        return goodbye("vm-no-mailbox", call.language)
    return await serve(call, svc, user, own_phone=True)


async def serve(call: Call, svc: Services, user: User, *, own_phone: bool) -> Exit:
    """The mailbox of `user`, in their language; calling back only from their own phone."""
    call.language = user.language
    box = await svc.library.mailboxes.of_user(call.company, user.id)
    new = await svc.library.mailboxes.new_count(call.company, box.id)
    await call.play(*spoken.new_messages(new, call.language))
    cut_off = await svc.library.mailboxes.offered(call.company, box.id)
    if cut_off is not None:
        await call.play("vm-greeting-cut")
    deleted, silences = False, 0
    for _ in range(MOST_CHOICES):
        key = await call.ask("vm-main")
        silences = silences + 1 if key is None else 0
        match key:
            case "1":
                onward = await listen(call, svc, box, own_phone=own_phone)
                if onward is not None:
                    return onward
            case "5":
                await record_greeting(call, svc, box)
                deleted = False
            case "4":
                await hear_greeting(call, svc, box)
            case "6" if deleted:
                await svc.library.mailboxes.restore_greeting(call.company, box.id, by=by(box))
                await call.play("vm-greeting-back")
                deleted = False
            case "6":
                deleted = await delete_greeting(call, svc, box)
            case "7" if cut_off is not None:
                await svc.library.mailboxes.use_version(call.company, cut_off.id, by=by(box))
                await call.play("vm-greeting-used")
                cut_off = None
            case "0" | "#":  # the end of a recording, pressed once more
                continue
            case None if silences == SILENCES:
                break
            case None:
                await call.play("no-key")
            case _:
                await call.play("wrong-key")
    return goodbye("vm-goodbye", call.language)


async def record_greeting(call: Call, svc: Services, box: Mailbox) -> None:
    """The old greeting stays until the new one is safely stored; hanging up keeps what was said."""
    if not await svc.library.takes.has_room(GREETING_MAX_S):
        await call.play("no-room")
        return
    await call.play("vm-greeting-speak")
    expected = svc.library.takes.expect(
        call.company, "greeting", box.id, lang=call.language, channel=call.id, caller=call.caller, by=by(box)
    )
    take = await patiently(call, expected)
    kept = await keep(call, svc, take, await record(call, svc, take, max_s=GREETING_MAX_S))
    if kept.ok:
        await call.play("take-cut" if kept.cut else "vm-greeting-saved")
    else:
        await call.play("vm-greeting-waiting" if kept.says == WAITING else kept.says or "fault")


async def hear_greeting(call: Call, svc: Services, box: Mailbox) -> None:
    if await svc.library.mailboxes.has_greeting(call.company, box.id):
        greeting = await svc.library.messages.playable(call.company, "mailbox", f"{box.id}/greeting", call.language)
        await call.play(*greeting.media)
    else:
        await call.play("vm-no-greeting")


async def delete_greeting(call: Call, svc: Services, box: Mailbox) -> bool:
    """At once and told; the audio stays where it is, so 6 again brings it back."""
    if not await svc.library.mailboxes.has_greeting(call.company, box.id):
        await call.play("vm-no-greeting")
        return False
    await svc.library.mailboxes.delete_greeting(call.company, box.id, by=by(box))
    await call.play("vm-greeting-deleted")
    return True


def by(box: Mailbox) -> str:
    """Who acts, for the audit log: whoever has proved to be the mailbox's user."""
    return f"user:{box.user}"
