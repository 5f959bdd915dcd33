"""A caller who hangs up at any step leaves no call behind, and no take that nobody answers for."""

from collections.abc import Awaitable, Callable

import pytest

from pbx.cli.desk import Desk
from pbx.store import takes
from tests.calls.cast import Cast
from tests.calls.conftest import channels_left
from tests.calls.steps import WORDS, eventually
from tests.calls.switchboard import Switchboard
from tests.phone import Call, Phone

Step = Callable[[Call, Switchboard], Awaitable[object]]


def hear(key: str) -> Step:
    return lambda call, board: call.hear(board.prompt(key), timeout_s=10)


def press(keys: str) -> Step:
    return lambda call, board: call.press(keys)


def say(call: Call, board: Switchboard) -> Awaitable[object]:
    return call.say(WORDS)


GREETING: list[Step] = [
    hear("vm-no-new"), hear("vm-main"), press("5"), hear("vm-greeting-speak"), hear("beep"), say, press("0"),
    hear("vm-greeting-saved"), press("4"), hear("vm-main"), press("6"), hear("vm-greeting-deleted"), press("6"),
    hear("vm-greeting-back"), press("1"), hear("vm-no-messages"),
]  # fmt: skip
MESSAGE: list[Step] = [
    hear("beep"), say, press("#"), hear("msg-review"), press("1"), hear("msg-review"), press("2"), hear("beep"), say,
    press("#"), hear("msg-review"), press("#"), hear("msg-sent"),
]  # fmt: skip
ACCESS: list[Step] = [
    hear("vm-enter-extension"), press("20"), press("1#"), hear("vm-enter-pin"), press("99"), press("99#"),
    hear("vm-wrong"),
]  # fmt: skip


async def walk(call: Call, board: Switchboard, steps: list[Step]) -> None:
    for step in steps:
        await step(call, board)
    if not call.ended.is_set():
        await call.hangup()


@pytest.mark.parametrize("step", range(len(GREETING) + 1))
async def test_hanging_up_at_any_step_of_333(board: Switchboard, cast: Cast, desk: Desk, step: int) -> None:
    async with cast.alva.phone() as phone:
        await walk(await phone.call("333"), board, GREETING[:step])
    await _accounted_for(board, cast, desk)


@pytest.mark.parametrize("step", range(len(MESSAGE) + 1))
async def test_hanging_up_at_any_step_of_leaving_a_message(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, step: int
) -> None:
    await walk(await outside.call(cast.number["Alva"]), board, MESSAGE[:step])
    await _accounted_for(board, cast, desk)
    kept = await desk.library.mailboxes.messages(cast.alva.company.id, cast.alva.mailbox.id)
    said_and_not_taken_back = step in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)
    assert len(kept) == said_and_not_taken_back


@pytest.mark.parametrize("step", range(len(ACCESS) + 1))
async def test_hanging_up_at_any_step_of_proving_who_one_is(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, step: int
) -> None:
    await walk(await outside.call(cast.access), board, ACCESS[:step])
    await _accounted_for(board, cast, desk)


async def _accounted_for(board: Switchboard, cast: Cast, desk: Desk) -> None:
    """No channel, and every take of the call has been judged, kept or set aside."""
    assert await channels_left(board) == []

    async def no_take_is_open() -> bool:
        async with desk.store.across() as tx:
            return not [take for take in await takes.unfinished(tx) if take.state == "open"]

    await eventually(no_take_is_open)
