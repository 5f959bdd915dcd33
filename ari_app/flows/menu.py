"""A menu: welcome, choices, a key; wrong keys and silence have their own prompt, and a limit."""

from ari_app.call import Call
from ari_app.exits import Exit, goodbye, to_extension, to_mailbox
from ari_app.services import Services
from pbx.store.values import Menu, Target

# No way through menus that lead into each other is longer than this, so none can trap a caller.
MOST_STEPS = 20


async def menu(call: Call, svc: Services) -> Exit:
    here = await svc.menus.get(call.company, call.target)
    greet = not call.again
    if here is None:
        return goodbye("not-in-use", call.language)
    for _ in range(MOST_STEPS):
        target = await chosen(call, svc, here, greet=greet)
        match target.kind:
            case "extension":
                return to_extension(target.value)
            case "mailbox":
                return to_mailbox(target.value)
            case "menu":
                here, greet = await svc.menus.get(call.company, target.value) or here, True
            case "message":
                announcement = await svc.library.messages.playable_message(call.company, target.value, call.language)
                await call.play(*announcement.media)
                greet = False
            case "hangup":
                break
    return goodbye("goodbye", call.language)


async def chosen(call: Call, svc: Services, here: Menu, *, greet: bool) -> Target:
    """What the caller wants; the menu's fallback when we cannot learn it."""

    async def prompt(slot: str) -> tuple[str, ...]:
        return (await svc.library.messages.playable(call.company, "menu", f"{here.id}/{slot}", call.language)).media

    sounds = (*(await prompt("welcome") if greet else ()), *await prompt("choices"))
    for _ in range(here.tries):
        key = await call.ask(*sounds, timeout_s=here.timeout_s)
        if key is not None and key in here.choices:
            return here.choices[key]
        await call.play(*await prompt("silence" if key is None else "wrong-key"))
        sounds = await prompt("choices")
    if here.fallback.kind == "extension":  # nobody chose it, so its ringing would come as a surprise
        await call.play("menu-to-someone")
    return here.fallback
