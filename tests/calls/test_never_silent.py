"""What should be said is gone, or cannot be played: a caller hears something all the same."""

from tests.calls.cast import invited
from tests.calls.steps import TONE, WORDS
from tests.calls.switchboard import Switchboard
from tests.phone import Call, Pcm

NEUTRAL = "neutral-announcement"


async def _hears(call: Call, wrong_key: Pcm, instead: Pcm) -> None:
    """A wrong key, after which the mailbox says what there is to press."""
    await call.press("9")
    await call.hear(wrong_key)
    await call.hear(instead)


async def test_a_phrase_that_is_gone_is_heard_in_the_other_language_then_a_neutral_one_and_at_last_a_tone(
    doomed: Switchboard,
) -> None:
    cast = await invited(doomed)
    gone = [("sv", "vm-main"), ("en", "vm-main"), ("sv", NEUTRAL), ("en", NEUTRAL)]
    sounds = [doomed.prompt(key, lang) for lang, key in gone]
    wrong_key = doomed.prompt("wrong-key")
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await call.hear(sounds[0])
        for (lang, key), instead in zip(gone, [*sounds[1:], TONE], strict=True):
            for file in (doomed.settings.sounds / lang).glob(f"{key}.*"):
                file.unlink()
            await _hears(call, wrong_key, instead)
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
    barred = [("sv", "vm-main"), ("sv", NEUTRAL), ("en", NEUTRAL)]
    sounds = [doomed.prompt(key, lang) for lang, key in barred]
    wrong_key = doomed.prompt("wrong-key")
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await call.hear(sounds[0])
        for (lang, key), instead in zip(barred, [*sounds[1:], TONE], strict=True):
            for file in (doomed.settings.sounds / lang).glob(f"{key}.*"):
                file.chmod(0)
            await _hears(call, wrong_key, instead)
        await call.hangup()
