"""Recording a take, and what follows when a key has ended it: hear it, do it again, or keep it."""

from ari_app.call import Call, HungUp, Recorded
from ari_app.services import Services
from pbx.store.values import Take

END_KEYS = "0#"
REVIEWS = 10
DECIDE_S = 8.0


async def record(call: Call, svc: Services, take: Take, *, max_s: int) -> Recorded:
    """Record what `take` stands for; 0, # or hanging up ends it."""
    try:
        return await call.record(take.id, end_keys=END_KEYS, max_s=max_s)
    except HungUp:  # before the first word, and the take's row has to say so
        await svc.library.takes.keep(call.company, take.id)
        raise


async def reviewed(call: Call, media: str, prompt: str) -> bool:
    """True to keep what `media` holds, False to speak again. Silence keeps it.

    Hanging up keeps it too, so that here a hang-up is an answer; the next verb will raise it.
    """
    try:
        for _ in range(REVIEWS):
            match await call.ask(prompt, timeout_s=DECIDE_S):
                case "1":
                    await call.play(media)
                case "2":
                    return False
                case _:
                    return True
    except HungUp:
        return True
    return True
