"""What people telephone for, each to its end; whoever does not hear what they must raises."""

import asyncio
from collections.abc import Awaitable, Callable

from pbx.library.jobs import Jobs
from tests.calls.steps import WORDS, eventually, leave_message, prove, received, record_greeting
from tests.soak.people import People

_LATE_S = 15.0


async def chooses_in_a_menu(people: People) -> None:
    board, tree = people.board, people.tree
    call = await people.outside.call(tree.number)
    await call.hear(tree.welcome, timeout_s=_LATE_S)
    await call.hear(board.prompt("neutral-menu-choices"))
    await call.press("8")
    await call.hear(board.prompt("neutral-menu-wrong-key"))
    await call.press("3")
    await call.hear(tree.closed)
    await call.hangup()


async def leaves_a_message_that_is_heard(people: People) -> None:
    async with people.busy.one() as somebody:
        await leave_message(people.outside, people.board, somebody.number)
        await eventually(lambda: received(people.desk, somebody.person))
        call = await somebody.phone.call("333")
        await call.hear(people.board.prompt("vm-one-new"), timeout_s=_LATE_S)
        await call.press("1")
        await call.hear(WORDS, timeout_s=_LATE_S)
        await call.press("3")
        await call.hear(people.board.prompt("vm-message-deleted"))
        await call.hangup()


async def has_a_greeting_for_a_moment(people: People) -> None:
    async with people.busy.one() as somebody:
        call = await somebody.phone.call("333")
        await call.hear(people.board.prompt("vm-main"), timeout_s=_LATE_S)
        await record_greeting(call, people.board)
        caller = await people.outside.call(somebody.number)
        await caller.hear(WORDS, timeout_s=_LATE_S)
        await caller.hangup()
        await call.press("6")
        await call.hear(people.board.prompt("vm-greeting-deleted"))
        await call.hangup()


async def talks_to_somebody(people: People) -> None:
    async with people.there.one() as somebody:
        call = await people.outside.call(somebody.number, timeout_s=_LATE_S)
        answered = await somebody.phone.incoming(timeout_s=_LATE_S)
        await answered.until(lambda: answered.state == "up")
        answered.speak(WORDS)
        await call.hear(WORDS)
        await call.hangup()
        await answered.hung_up()


async def listens_from_another_telephone(people: People) -> None:
    async with people.busy.one() as somebody:
        call = await people.outside.call(somebody.access)
        await prove(call, people.board, somebody.person.user.extension, somebody.person.pin)
        await call.hear(people.board.prompt("vm-main"), timeout_s=_LATE_S)
        await call.hangup()


async def reads_a_message_in(people: People) -> None:
    jobs, message = people.desk.library.jobs, people.script
    async with people.rung, people.busy.one() as somebody:
        asks = somebody.person
        asked = await jobs.request(asks.company.id, message.id, "sv", asks.mobile, asked_by=asks.user.id)
        call = await people.outside.incoming(timeout_s=_LATE_S)
        await call.answer()
        await call.hear(people.introduction, timeout_s=_LATE_S)
        await call.press("1")
        await call.hear(people.board.prompt("beep"), timeout_s=_LATE_S)
        await call.say(WORDS)
        await call.hangup()
        await eventually(lambda: _saved(jobs, asks.company.id, asked.id))


async def _saved(jobs: Jobs, company: str, job: str) -> bool:
    return (await jobs.get(company, job)).state == "saved"


async def gives_up(people: People) -> None:
    async with people.busy.one() as somebody:
        call = await people.outside.call(people.chance.choice((people.tree.number, somebody.access)))
        await asyncio.sleep(people.chance.uniform(0, 3))
        await call.hangup()


STORIES: dict[Callable[[People], Awaitable[None]], int] = {
    chooses_in_a_menu: 30,
    leaves_a_message_that_is_heard: 25,
    talks_to_somebody: 15,
    has_a_greeting_for_a_moment: 10,
    gives_up: 10,
    listens_from_another_telephone: 5,
    reads_a_message_in: 5,
}
"""Of a hundred."""
