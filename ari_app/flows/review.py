"""After a recording that a key has ended: hear it, do it again, or keep it."""

from ari_app.call import Call, HungUp

REVIEWS = 10
DECIDE_S = 8.0


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
