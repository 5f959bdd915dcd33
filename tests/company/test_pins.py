"""A PIN is chosen by its owner, and whoever guesses has to wait; the owner's own phone never has to."""

import asyncio
import time

import pytest

from pbx.company import PinOk, Pins, PinWait, PinWrong
from pbx.company.pins import key_of
from pbx.errors import Refused
from pbx.rules.numbers import Extension, Number, Withheld
from tests.store.world import HOSTILE, World

PIN, WRONG = "7391", "8462"
MOBILE, STRANGER = "+46701740605", "+46701740606"


@pytest.fixture
async def pins(world: World) -> Pins:
    pins = Pins(world.store)
    await pins.set(world.exempel.id, world.alva.id, PIN, by="test")
    await pins.set(world.annat.id, world.cilla.id, "9517", by="test")
    return pins


async def wrong(pins: Pins, world: World, caller: str, times: int) -> None:
    for _ in range(times):
        assert await pins.check(world.exempel.id, world.alva.id, WRONG, caller) == PinWrong()


async def test_the_right_pin_opens_and_another_does_not(pins: Pins, world: World) -> None:
    assert await pins.check(world.exempel.id, world.alva.id, PIN, MOBILE) == PinOk()
    for other in (WRONG, "", PIN + "0", " " + PIN, HOSTILE, "9517"):
        assert await pins.check(world.exempel.id, world.alva.id, other, "ext:202", own_phone=True) == PinWrong()


async def test_a_pin_belongs_to_its_company(pins: Pins, world: World) -> None:
    assert await pins.check(world.annat.id, world.cilla.id, PIN, "ext:201") == PinWrong()
    with pytest.raises(Refused, match="mailbox-unknown"):
        await pins.check(world.annat.id, world.alva.id, PIN, "ext:201")


async def test_who_guesses_waits_and_the_wait_is_told_and_not_looked_at(pins: Pins, world: World) -> None:
    await wrong(pins, world, MOBILE, 3)
    answer = await pins.check(world.exempel.id, world.alva.id, PIN, MOBILE)
    assert isinstance(answer, PinWait)
    assert 0 < answer.seconds <= 10
    world.clock.pass_(seconds=answer.seconds)
    assert await pins.check(world.exempel.id, world.alva.id, PIN, MOBILE) == PinOk()


async def test_the_wait_grows_to_a_quarter_of_an_hour_and_no_further(pins: Pins, world: World) -> None:
    waits = []
    for _ in range(14):
        answer = await pins.check(world.exempel.id, world.alva.id, WRONG, MOBILE)
        if isinstance(answer, PinWait):
            waits.append(answer.seconds)
            world.clock.pass_(seconds=answer.seconds)
    assert waits == sorted(waits)
    for _ in range(20):
        answer = await pins.check(world.exempel.id, world.alva.id, WRONG, MOBILE)
        if isinstance(answer, PinWait):
            assert answer.seconds <= 900
            world.clock.pass_(seconds=answer.seconds)


async def test_a_forged_number_gains_nothing(pins: Pins, world: World) -> None:
    for n in range(3):
        await wrong(pins, world, f"+4670174060{n}", 1)
    assert isinstance(await pins.check(world.exempel.id, world.alva.id, PIN, STRANGER), PinWait)
    assert isinstance(await pins.check(world.exempel.id, world.alva.id, PIN, "withheld"), PinWait)


async def test_a_colleagues_guesses_lock_out_the_colleague_alone(pins: Pins, world: World) -> None:
    await wrong(pins, world, "ext:202", 3)
    assert isinstance(await pins.check(world.exempel.id, world.alva.id, PIN, "ext:202"), PinWait)
    assert await pins.check(world.exempel.id, world.alva.id, PIN, MOBILE) == PinOk()


async def test_the_own_phone_is_never_locked_out(pins: Pins, world: World) -> None:
    await wrong(pins, world, STRANGER, 3)
    for _ in range(6):
        assert await pins.check(world.exempel.id, world.alva.id, WRONG, "ext:201", own_phone=True) == PinWrong()
    assert await pins.check(world.exempel.id, world.alva.id, PIN, "ext:201", own_phone=True) == PinOk()


async def test_guesses_at_one_mailbox_lock_no_other(pins: Pins, world: World) -> None:
    await wrong(pins, world, STRANGER, 3)
    assert await pins.check(world.annat.id, world.cilla.id, "9517", STRANGER) == PinOk()


async def test_many_guesses_at_the_same_moment_are_no_more_than_so_many_one_by_one(pins: Pins, world: World) -> None:
    guesses = [pins.check(world.exempel.id, world.alva.id, f"84{n:02}", STRANGER) for n in range(20)]
    answers = await asyncio.gather(*guesses)
    assert sum(answer == PinWrong() for answer in answers) == 3


async def test_nobodys_extension_and_no_pin_yet_answer_as_a_wrong_pin_does(pins: Pins, world: World) -> None:
    async def taken(user: str | None, pin: str) -> float:
        begun = time.process_time()
        assert await pins.check(world.exempel.id, user, pin, "ext:202", own_phone=user is not None) == PinWrong()
        return time.process_time() - begun

    await taken(None, PIN)
    known = min([await taken(world.alva.id, WRONG) for _ in range(5)])
    assert min([await taken(None, PIN) for _ in range(5)]) > known / 4
    assert min([await taken(world.bo.id, PIN) for _ in range(5)]) > known / 4
    assert not await pins.has(world.exempel.id, world.bo.id)


async def test_an_easy_pin_is_refused_and_the_old_one_stays(pins: Pins, world: World) -> None:
    for easy, says in (("1234", "pin-easy"), ("2010", "pin-easy"), ("1", "pin-length"), ("12345678901", "pin-length")):
        with pytest.raises(Refused, match=says):
            await pins.set(world.exempel.id, world.alva.id, easy, by="test")
    assert await pins.check(world.exempel.id, world.alva.id, PIN, MOBILE) == PinOk()


async def test_a_new_pin_forgets_the_wrong_attempts_and_the_old_pin(pins: Pins, world: World) -> None:
    await wrong(pins, world, MOBILE, 3)
    await pins.set(world.exempel.id, world.alva.id, "5827", by="call:201")
    assert await pins.check(world.exempel.id, world.alva.id, "5827", MOBILE) == PinOk()
    assert await pins.check(world.exempel.id, world.alva.id, PIN, MOBILE) == PinWrong()


async def test_no_pin_is_in_the_database(pins: Pins, world: World) -> None:
    await pins.set(world.exempel.id, world.alva.id, "8351974620", by="test")
    await world.store.close()
    assert b"8351974620" not in world.store.path.read_bytes()


def test_callers_are_told_apart_by_what_is_known_of_them() -> None:
    assert key_of(Extension("201")) == "ext:201"
    assert key_of(Number(MOBILE)) == MOBILE
    assert key_of(Withheld()) == "withheld"
