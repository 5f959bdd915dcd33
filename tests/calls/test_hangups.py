"""A caller who hangs up at any step leaves no call behind, no job that goes on, and no take that nobody answers for."""

from collections.abc import Iterator

import pytest

from pbx.cli.desk import Desk
from pbx.library.jobs import unfinished
from pbx.store.values import Target
from tests.calls.cast import Cast
from tests.calls.steps import WORDS, announcement, eventually, leave, received, spoken
from tests.calls.switchboard import Switchboard
from tests.calls.tree import CLOSED, plant
from tests.calls.walk import (
    ANSWERED,
    SAY,
    Step,
    Way,
    accounted_for,
    at_every_step,
    begin,
    complaints,
    hear,
    press,
    walk,
)
from tests.phone import Pcm, Phone

GREETING: Way = [
    (None, [
        ANSWERED, hear("vm-no-new"), hear("vm-main"), press("5"), hear("vm-greeting-speak"), hear("beep"), SAY,
        press("0"), hear("vm-greeting-saved"), press("4"), hear("vm-main"), press("6"), hear("vm-greeting-deleted"),
        press("6"), hear("vm-greeting-back"), press("1"), hear("vm-no-messages"),
    ]),
]  # fmt: skip
MESSAGE: Way = [
    (0, [ANSWERED, hear("beep")]),
    (1, [SAY, press("#"), hear("msg-review"), press("1"), hear("msg-review")]),
    (0, [press("2"), hear("msg-after-tone"), hear("beep")]),
    (1, [SAY, press("#"), hear("msg-review"), press("#"), hear("msg-sent")]),
]
ACCESS: Way = [
    (None, [
        ANSWERED, hear("vm-enter-extension"), press("20"), press("1#"), hear("vm-enter-pin"), press("99"),
        press("99#"), hear("vm-wrong"),
    ]),
]  # fmt: skip
MENU: Way = [
    (None, [
        ANSWERED, begin("welcome"), hear("neutral-menu-choices"), press("8", begin("neutral-menu-wrong-key")),
        hear("neutral-menu-choices"), press("3", begin("closed")), hear("neutral-menu-choices"),
        press("1", begin("neutral-menu-welcome")), hear("neutral-menu-choices"),
    ]),
]  # fmt: skip
LISTENING: Way = [
    (["new"], [
        ANSWERED, hear("vm-one-new"), press("1", hear("vm-new-from")), hear("today"), begin("words"),
    ]),
    (["kept"], [
        hear("vm-message-keys-away"), press("5", hear("vm-message-first")), press("2", hear("vm-message-kept")),
        hear("vm-no-more"), press("1", begin("vm-message-from")),
    ]),
    ([], [press("3"), hear("vm-message-deleted"), hear("vm-message-undo")]),
    (["kept"], [press("3"), hear("vm-message-back"), begin("vm-message-from")]),
    ([], [press("3", hear("vm-message-undo")), hear("vm-no-more"), hear("vm-main")]),
]  # fmt: skip
ASKED: Way = [
    ("unconfirmed", [
        ANSWERED, begin("introduction"), hear("rec-press-1"), press("2", begin("script")), hear("rec-press-1"),
    ]),
]  # fmt: skip
READING_IN: Way = [
    ("unconfirmed", [begin("introduction")]),
    ("nothing_recorded", [press("1"), hear("rec-speak"), hear("beep")]),
    ("saved", [SAY, press("#"), hear("rec-review"), press("1", begin("words"))]),
    ("nothing_recorded", [press("2", hear("rec-speak")), hear("beep")]),
    ("saved", [SAY, press("0", hear("rec-review")), press("#", hear("rec-saved"))]),
]
ROUND_ASKED: Way = [
    (("unconfirmed", 2), [
        ANSWERED, begin("round-intro"), hear("rec-press-1-only"), press("2", begin("round-intro")),
    ]),
]  # fmt: skip
ROUND: Way = [
    (("unconfirmed", 2), [begin("round-intro")]),
    (("nothing_recorded", 2), [press("1"), begin("one"), press("2", begin("script")), hear("beep")]),
    (("saved", 1), [SAY, press("0", hear("round-after"))]),
    (("nothing_recorded", 2), [press("2", hear("round-before")), hear("beep")]),
    (("saved", 1), [SAY, press("1", hear("round-saved")), begin("two"), hear("round-before"), hear("beep")]),
    (("saved", 0), [SAY, press("3", hear("round-done"))]),
]
TRIAL: Way = [
    ({"unconfirmed", "done"}, [ANSWERED]),
    ({"done"}, [
        begin("test-intro"), begin("welcome"), hear("neutral-menu-choices"), press("3", begin("closed")),
        hear("neutral-menu-choices"), press("4", hear("beep")),
    ]),
]  # fmt: skip
TRIAL_OF_A_MESSAGE: Way = [({"done"}, [hear("test-intro"), begin("closed"), hear("goodbye")])]


@pytest.fixture(autouse=True)
def _nobody_complains(board: Switchboard) -> Iterator[None]:
    before = len(board.log)
    yield
    assert complaints(board, before) == [], board.log[before:][-8000:]


@at_every_step(GREETING)
async def test_hanging_up_at_any_step_of_333(
    board: Switchboard, cast: Cast, desk: Desk, steps: list[Step], left: None
) -> None:
    async with cast.alva.phone() as phone:
        await walk(await phone.call("333"), board.prompt, steps)
    await accounted_for(board, desk)


@at_every_step(MESSAGE)
async def test_hanging_up_at_any_step_of_leaving_a_message_keeps_what_was_said_and_not_taken_back(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, steps: list[Step], left: int
) -> None:
    await walk(await outside.call(cast.number["Alva"]), board.prompt, steps)
    await accounted_for(board, desk)
    assert len(await received(desk, cast.alva)) == left


@at_every_step(ACCESS)
async def test_hanging_up_at_any_step_of_proving_who_one_is(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, steps: list[Step], left: None
) -> None:
    await walk(await outside.call(cast.access), board.prompt, steps)
    await accounted_for(board, desk)


@at_every_step(MENU)
async def test_hanging_up_at_any_step_of_a_menu(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, steps: list[Step], left: None
) -> None:
    tree = await plant(desk, board, cast, "sv", timeout_s=3.0)
    own = {"welcome": tree.welcome, "closed": tree.closed}
    await walk(await outside.call(tree.number), lambda name: _known(board, own, name), steps)
    await accounted_for(board, desk)


@at_every_step(LISTENING)
async def test_hanging_up_at_any_step_of_listening_leaves_the_message_as_it_was_last_told(
    board: Switchboard, cast: Cast, desk: Desk, steps: list[Step], left: list[str]
) -> None:
    await leave(desk, cast.alva)
    async with cast.alva.phone() as phone:
        await walk(await phone.call("333"), lambda name: _known(board, {"words": WORDS}, name), steps)
    await accounted_for(board, desk)

    async def as_left() -> bool:
        return [message.state for message in await received(desk, cast.alva)] == left

    await eventually(as_left)


@at_every_step(ASKED, READING_IN)
async def test_hanging_up_at_any_step_of_reading_a_prompt_in_keeps_what_was_said_and_ends_the_job(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, steps: list[Step], left: str
) -> None:
    company = cast.alva.company.id
    message = await announcement(desk, company, "avbrott", {"sv": "Läs det här, tack."})
    own = {
        "introduction": board.published(await spoken(desk, company, "record", message.id, "sv")),
        "script": board.published(await spoken(desk, company, "script", message.id, "sv")),
        "words": WORDS,
    }
    asked = await desk.library.jobs.request(company, message.id, "sv", cast.alva.mobile, asked_by=cast.alva.user.id)
    call = await outside.incoming(timeout_s=10)
    await call.answer()
    await walk(call, lambda name: _known(board, own, name), steps)
    await accounted_for(board, desk)
    assert (await desk.library.jobs.get(company, asked.id)).state == left


@at_every_step(ROUND_ASKED, ROUND)
async def test_hanging_up_at_any_step_of_a_round_keeps_what_was_said_and_leaves_the_rest_to_be_taken_up(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, steps: list[Step], left: tuple[str, int]
) -> None:
    company = cast.alva.company.id
    one, two = [await announcement(desk, company, f"runda {name}", {"sv": "Läs det."}) for name in ("ett", "två")]
    own = {
        "one": board.published(await spoken(desk, company, "record", one.id, "sv")),
        "two": board.published(await spoken(desk, company, "record", two.id, "sv")),
        "script": board.published(await spoken(desk, company, "script", one.id, "sv")),
    }
    asked = await desk.library.jobs.request_round(
        company, [(one.id, "sv"), (two.id, "sv")], cast.alva.mobile, asked_by=cast.alva.user.id
    )
    call = await outside.incoming(timeout_s=10)
    await call.answer()
    await walk(call, lambda name: _known(board, own, name), steps)
    await accounted_for(board, desk)
    job = await desk.library.jobs.get(company, asked.id)
    assert (job.state, len(unfinished(job))) == left


@at_every_step(TRIAL)
async def test_hanging_up_at_any_step_of_a_test_call_to_a_menu(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, steps: list[Step], left: set[str]
) -> None:
    tree = await plant(desk, board, cast, "sv", timeout_s=3.0)
    own = {"welcome": tree.welcome, "closed": tree.closed}
    await _tried(board, cast, outside, desk, Target("menu", tree.top.id), own, steps, left)


@at_every_step(TRIAL_OF_A_MESSAGE)
async def test_hanging_up_at_any_step_of_a_test_call_to_a_message(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, steps: list[Step], left: set[str]
) -> None:
    closed = await announcement(desk, cast.alva.company.id, "closed", CLOSED)
    own = {"closed": board.published(await spoken(desk, cast.alva.company.id, "script", closed.id, "sv"))}
    await _tried(board, cast, outside, desk, Target("message", closed.id), own, steps, left)


async def _tried(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, aim: Target, own: dict[str, Pcm], steps: list[Step],
    left: set[str],
) -> None:  # fmt: skip
    company = cast.alva.company.id
    asked = await desk.library.jobs.request_test(company, aim, "sv", cast.alva.mobile, asked_by=cast.alva.user.id)
    call = await outside.incoming(timeout_s=10)
    await call.answer()
    await walk(call, lambda name: _known(board, own, name), steps)
    await accounted_for(board, desk)
    assert (await desk.library.jobs.get(company, asked.id)).state in left


def _known(board: Switchboard, own: dict[str, Pcm], name: str) -> Pcm:
    return own[name] if name in own else board.prompt(name)
