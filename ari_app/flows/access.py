"""333 from any telephone: extension and #, PIN and #, always, since a caller's number can be forged."""

from ari_app.call import Call
from ari_app.exits import Exit, goodbye
from ari_app.flows.voicemail import serve
from ari_app.services import Services
from pbx.company import PinOk, PinWait
from pbx.company.pins import key_of
from pbx.store.values import User

TRIES = 3
DIGIT_WAIT_S = 8.0


async def access(call: Call, svc: Services) -> Exit:
    user = await identified(call, svc)
    if user is None:
        return goodbye("vm-goodbye", call.language)
    return await serve(call, svc, user, own_phone=False)


async def identified(call: Call, svc: Services) -> User | None:
    """Who proves to be whom; an extension that nobody has is told exactly as a wrong PIN is."""
    for _ in range(TRIES):
        extension = await call.digits("vm-enter-extension", most=8, timeout_s=DIGIT_WAIT_S)
        pin = await call.digits("vm-enter-pin", most=10, timeout_s=DIGIT_WAIT_S)
        user = await svc.people.by_extension(call.company, extension)
        match await svc.pins.check(call.company, user.id if user else None, pin, key_of(call.caller)):
            case PinOk():
                return user
            case PinWait():
                await call.play("vm-wait")
                return None
            case _:
                await call.play("vm-wrong")
    return None
