"""What should be said is gone, or cannot be played: a caller hears something all the same."""

from collections.abc import Callable
from pathlib import Path

from tests.calls.cast import invited
from tests.calls.steps import TONE, WORDS
from tests.calls.switchboard import Switchboard
from tests.phone import Call

NEUTRAL = "neutral-announcement"


async def _loses(call: Call, board: Switchboard, away: Callable[[Path], None], *phrases: tuple[str, str]) -> None:
    """One after the other; each is heard in the place of the one before, and at last a tone: after a wrong key the
    mailbox says what there is to press."""
    sounds = [board.prompt(key, lang) for lang, key in phrases]
    await call.hear(sounds[0])
    for (lang, key), instead in zip(phrases, [*sounds[1:], TONE], strict=True):
        for file in (board.settings.sounds / lang).glob(f"{key}.*"):
            away(file)
        await call.press("9")
        await call.hear(board.prompt("wrong-key"))
        await call.hear(instead)


async def test_a_phrase_that_is_gone_is_heard_in_the_other_language_then_a_neutral_one_and_at_last_a_tone(
    doomed: Switchboard,
) -> None:
    cast = await invited(doomed)
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        gone = [("sv", "vm-main"), ("en", "vm-main"), ("sv", NEUTRAL), ("en", NEUTRAL)]
        await _loses(call, doomed, lambda file: file.unlink(), *gone)
        for file in doomed.settings.sounds.glob("*/beep.*"):
            file.unlink()
        await call.press("5")
        await call.hear(doomed.prompt("vm-greeting-speak"))
        await call.hear(TONE)
        await call.say(WORDS)
        await call.press("0")
        await call.hear(doomed.prompt("vm-greeting-saved"))
        await call.hangup()


async def test_a_phrase_that_asterisk_may_not_read_is_a_neutral_one_and_without_that_a_tone(
    doomed: Switchboard,
) -> None:
    cast = await invited(doomed)
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        barred = [("sv", "vm-main"), ("sv", NEUTRAL), ("en", NEUTRAL)]
        await _loses(call, doomed, lambda file: file.chmod(0), *barred)
        await call.hangup()
