"""Where a dialled number leads, by the rows that Asterisk reads."""

import pytest

from pbx.cli.desk import Desk
from pbx.rules.numbers import Withheld
from pbx.store.values import Outgoing
from tests.calls.cast import Cast, Person, hire, new_number
from tests.calls.steps import WORDS, eventually, in_both_languages, leave_message, received
from tests.calls.switchboard import Switchboard
from tests.phone import ANSWER, BUSY, DEAD, DECLINE, CallRefused, NotRegistered, OutgoingCall, Phone, Policy

HOSTILE = [
    "' OR 1=1 --",
    '" ; & $(id) < > å %',
    "201",
    "${SHELL(id)}",
    "%0d%0aX-Evil:%201",
    "a" * 300,
]


async def test_two_people_talk_and_the_called_one_sees_who_it_is(cast: Cast) -> None:
    async with cast.alva.phone() as alva, cast.bo.phone() as bo:
        call = await _ringing(alva, bo, cast.bo.user.extension)
        other = await bo.incoming()
        assert (other.from_user, other.from_name) == (cast.alva.user.extension, "Alva")
        await other.answer()
        await call.until(lambda: len(call.ear.packets) > 5, what="their silence")
        other.speak(WORDS)
        await call.hear(WORDS)
        await call.hangup()


async def _ringing(caller: Phone, called: Phone, number: str) -> OutgoingCall:
    called.policy = ANSWER
    return await caller.call(number)


async def test_all_phones_of_a_user_ring_and_a_dead_one_costs_nobody_the_call(cast: Cast) -> None:
    async with cast.bo.phone() as caller, cast.alva.phone() as one, cast.alva.phone() as two, cast.alva.phone() as dead:
        dead.policy = DEAD
        call = caller.dial(cast.alva.user.extension)
        first, second = await one.incoming(), await two.incoming()
        await second.answer()
        await call.answered(5)
        await first.hung_up()
        await call.hangup()


@pytest.mark.timeout(90)
async def test_no_answer_in_20_seconds_leads_to_the_mailbox(board: Switchboard, cast: Cast, outside: Phone) -> None:
    async with cast.alva.phone() as phone:
        call = outside.dial(cast.number["Alva"])
        await phone.incoming()
        await call.answered(25)
        await call.hear(board.prompt("beep"), timeout_s=10)
        await call.hangup()


async def test_a_user_without_a_phone_has_a_mailbox_at_once(board: Switchboard, cast: Cast, outside: Phone) -> None:
    await leave_message(outside, board, cast.number["Bo"])


async def test_the_same_extension_of_another_company_does_not_ring(cast: Cast, namesake: Person) -> None:
    async with cast.bo.phone() as caller, cast.alva.phone() as alva, namesake.phone() as other:
        alva.policy = ANSWER
        call = await caller.call(cast.alva.user.extension)
        await call.hangup()
        assert (alva.rung, other.rung) == (1, 0)


@pytest.mark.parametrize("outgoing", ["all", "none"])
async def test_112_goes_out_from_every_phone_with_a_number_that_can_be_called_back(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, outgoing: Outgoing
) -> None:
    company = await desk.companies.add(f"Nöd {outgoing} {cast.access}", outgoing=outgoing, by="test")
    cilla = await hire(desk, board, company, "Cilla", extension="201")
    number = await new_number(desk, company, "user", cilla.user.id)
    await board.knows(number)
    outside.policy = ANSWER
    async with cilla.phone() as phone:
        await (await phone.call("112")).hangup()
        assert (await outside.incoming()).from_user == number
        if outgoing == "none":
            with pytest.raises(CallRefused):
                await phone.call("+46735123456")


async def test_112_goes_out_also_where_a_company_has_no_number(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    company = await desk.companies.add(f"Nöd {cast.access}", by="test")
    cilla = await hire(desk, board, company, "Cilla", extension="201")
    await board.knows(f"{company.id}/201")
    outside.policy = ANSWER
    async with cilla.phone() as phone:
        await (await phone.call("112")).hangup()


@pytest.mark.parametrize("form", ["+46{0}", "0046{0}", "0{0}", "+460{0}"])
async def test_a_public_number_is_dialled_as_people_dial_it(cast: Cast, outside: Phone, form: str) -> None:
    national = cast.number["Alva"].removeprefix("+46")
    async with cast.alva.phone() as phone:
        phone.policy = ANSWER
        await (await outside.call(form.format(national))).hangup()


@pytest.mark.parametrize("form", ["08-465 99 999", "0735-12 34 56", "+46735123456", "0046735123456"])
async def test_an_outside_number_goes_out_however_it_is_written(cast: Cast, outside: Phone, form: str) -> None:
    outside.policy = ANSWER
    async with cast.alva.phone() as phone:
        await (await phone.call(form)).hangup()


@pytest.mark.parametrize("number", ["0900123456", "00460900123456", "0939123456", "+88212345678", "+870776000000"])
async def test_a_number_that_costs_a_fortune_is_refused_by_the_dialplan(
    cast: Cast, outside: Phone, number: str
) -> None:
    async with cast.alva.phone() as phone:
        with pytest.raises(CallRefused):
            await phone.call(number)
    assert outside.rung == 0


@in_both_languages
@pytest.mark.parametrize(("status", "why"), [(404, "not-in-use"), (503, "no-line")])
async def test_a_user_hears_in_their_language_why_nobody_outside_is_reached(
    board: Switchboard, cast: Cast, outside: Phone, status: int, why: str, lang: str
) -> None:
    outside.policy = Policy(refuses=status)
    async with cast.alva.phone() as phone:
        call = phone.dial("+46735123456")
        await call.hear(board.prompt(why, lang)[800:2600])
        assert (await call.hung_up()).by == "refused"


async def test_who_is_busy_outside_is_told_by_the_telephone_and_by_no_sentence(cast: Cast, outside: Phone) -> None:
    outside.policy = BUSY
    async with cast.alva.phone() as phone:
        call = phone.dial("+46735123456")
        end = await call.hung_up()
        assert (end.by, end.status) == ("refused", 486)
        assert not call.ear.packets


@in_both_languages
@pytest.mark.parametrize(("number", "why"), [("0900123456", "not-allowed"), ("299", "not-in-use")])
async def test_a_user_hears_in_their_language_why_a_number_cannot_be_called(
    board: Switchboard, cast: Cast, number: str, why: str, lang: str
) -> None:
    async with cast.alva.phone() as phone:
        call = phone.dial(number)
        await call.hear(board.prompt(why, lang)[800:2600])  # before an answer, a phone may miss how it begins and ends
        assert (await call.hung_up()).by == "refused"


async def test_a_checked_company_asks_us_and_a_foreign_number_is_refused(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    checked = await desk.companies.add(f"Granskat {cast.access}", outgoing="checked", by="test")
    cilla = await hire(desk, board, checked, "Cilla", extension="201")
    await board.knows(f"{checked.id}/201")
    outside.policy = ANSWER
    async with cilla.phone() as phone:
        await (await phone.call("+46735123456")).hangup()
        with pytest.raises(CallRefused):
            await phone.call("+12025550123")


async def test_what_is_nobodys_number_is_refused(cast: Cast, outside: Phone) -> None:
    async with cast.alva.phone() as phone:
        with pytest.raises(CallRefused):
            await phone.call("299")
    with pytest.raises(CallRefused):
        await outside.call(cast.alva.user.extension)


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_caller_is_a_withheld_one(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, name: str
) -> None:
    call = await outside.call(cast.number["Alva"], from_user=name, from_name=name)
    await call.hear(board.prompt("beep"), timeout_s=10)
    await call.say(WORDS)
    await call.hangup()
    [got] = await eventually(lambda: received(desk, cast.alva))
    assert got.caller == Withheld()


async def test_a_new_phone_works_at_once_and_a_wrong_password_never(board: Switchboard, cast: Cast, desk: Desk) -> None:
    made, password = await desk.people.add_phone(cast.alva.company.id, cast.alva.user.id, by="test")
    await board.knows(await new_number(desk, cast.alva.company, "voicemail", None))
    async with Phone(made.sip_user, password, board.sip) as phone:
        await phone.register()
    async with Phone(made.sip_user, "wrong", board.sip) as phone:
        with pytest.raises(NotRegistered):
            await phone.register()


async def test_a_declined_call_from_a_colleague_reaches_the_mailbox(board: Switchboard, cast: Cast) -> None:
    async with cast.alva.phone() as alva, cast.bo.phone() as bo:
        alva.policy = DECLINE
        call = await bo.call(cast.alva.user.extension)
        await call.hear(board.prompt("beep"), timeout_s=10)
        await call.hangup()
