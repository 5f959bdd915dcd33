"""Ten messages are read in during one call; what was said is kept however it ends, and the rest can be done later."""

import asyncio
from itertools import count

import pytest

from pbx.cli.desk import Desk
from pbx.library.jobs import unfinished
from pbx.rules.jobs import JobState
from pbx.store.values import Job, Message, Target
from tests.calls.cast import Cast
from tests.calls.steps import WORDS, eventually, holds, in_both_languages, spoken
from tests.calls.switchboard import Switchboard
from tests.phone import Call, Phone, pseudo_speech

_names = count()


async def messages(desk: Desk, cast: Cast, many: int) -> list[Message]:
    """Of Alva's company, with a script and no recording."""
    return [
        await desk.library.messages.add(
            cast.alva.company.id, f"runda-{next(_names)}", scripts={"sv": "Läs det här.", "en": "Read this."}, by="test"
        )
        for _ in range(many)
    ]


async def begin(desk: Desk, board: Switchboard, cast: Cast, outside: Phone, of: list[Message], lang: str) -> Call:
    """The round is asked for, the phone rings, is answered, and 1 is pressed."""
    company = cast.alva.company.id
    await desk.library.jobs.request_round(
        company, [(message.id, lang) for message in of], cast.alva.mobile, asked_by="test"
    )
    call = await outside.incoming(timeout_s=30)
    await call.answer()
    await call.hear(board.prompt("rec-press-1-only"), timeout_s=15)
    await call.press("1")
    return call


async def ended(desk: Desk, cast: Cast) -> Job:
    async def over() -> Job | None:
        job = (await desk.library.jobs.recent(cast.alva.company.id, 1))[0]
        return None if job.live else job

    job = await eventually(over, 10)
    assert job is not None
    return job


@pytest.mark.timeout(240)
async def test_ten_messages_are_restored_in_one_call(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    made = await messages(desk, cast, 10)
    words = [pseudo_speech(f"words of message {message.name}", 1.2) for message in made]
    call = await begin(desk, board, cast, outside, made, "sv")
    for said in words:
        await call.hear(board.prompt("beep"), timeout_s=20)
        await call.say(said)
        await call.press("1")
        await call.hear(board.prompt("round-saved"), timeout_s=10)
    await call.hear(board.prompt("round-done"), timeout_s=10)
    await call.hung_up()
    job = await ended(desk, cast)
    assert (job.state, {item.state for item in job.items}) == (JobState.SAVED, {JobState.SAVED})
    assert outside.rung == 0
    for message, said in zip(made, words, strict=True):
        heard = await desk.library.messages.playable_message(cast.alva.company.id, message.id, "sv")
        assert heard.heard == "own"
        assert holds(board.published(heard.media[0]), said)


async def test_keys_before_and_after_the_words_do_what_they_say(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    read, skipped, again = await messages(desk, cast, 3)
    better = pseudo_speech("better words", 1.2)
    script = await spoken(desk, cast.alva.company.id, "script", read.id, "sv")
    call = await begin(desk, board, cast, outside, [read, skipped, again], "sv")
    await call.hear(board.prompt("round-before"), timeout_s=20)
    await call.press("2")
    await call.hear(board.published(script))
    await call.hear(board.prompt("beep"))
    await call.say(WORDS)
    await call.press("0")
    await call.hear(board.prompt("round-after"))
    await call.press("1")
    await call.hear(board.prompt("round-saved"), timeout_s=10)
    await call.hear(board.prompt("round-before"), timeout_s=20)
    await call.press("3")
    await call.hear(board.prompt("beep"), timeout_s=20)
    await call.say(WORDS)
    await call.press("2")
    await call.hear(board.prompt("beep"), timeout_s=20)
    await call.say(better)
    await call.press("1")
    await call.hear(board.prompt("round-done"), timeout_s=10)
    await call.hung_up()
    job = await ended(desk, cast)
    assert [item.state for item in job.items] == [JobState.SAVED, JobState.SKIPPED, JobState.SAVED]
    heard = await desk.library.messages.playable_message(cast.alva.company.id, again.id, "sv")
    assert holds(board.published(heard.media[0]), better)
    assert unfinished(job) == []


async def test_a_round_that_is_called_off_ends_at_once_and_keeps_what_was_saved(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    company = cast.alva.company.id
    read, unread = await messages(desk, cast, 2)
    call = await begin(desk, board, cast, outside, [read, unread], "sv")
    await call.hear(board.prompt("beep"), timeout_s=20)
    await call.say(WORDS)
    await call.press("1")
    await call.hear(board.prompt("round-saved"), timeout_s=10)
    await call.hear(board.prompt("beep"), timeout_s=20)
    job = (await desk.library.jobs.recent(company, 1))[0]
    await desk.library.jobs.cancel(company, job.id, by="test")
    await call.hung_up(timeout_s=3)
    job = await desk.library.jobs.get(company, job.id)
    assert (job.state, job.items[0].state) == (JobState.CANCELLED, JobState.SAVED)
    assert [item.message for item in unfinished(job)] == [unread.id]
    assert [(await desk.library.messages.playable_message(company, one.id, "sv")).heard for one in (read, unread)] == [
        "own",
        "spoken-script",
    ]


async def test_hanging_up_keeps_what_was_said_and_the_rest_is_taken_up_again(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    made = await messages(desk, cast, 3)
    company = cast.alva.company.id
    call = await begin(desk, board, cast, outside, made, "sv")
    await call.hear(board.prompt("beep"), timeout_s=20)
    await call.say(WORDS)
    await call.press("1")
    await call.hear(board.prompt("beep"), timeout_s=20)
    await call.say(pseudo_speech("the second message", 1.2))
    await call.hangup()
    job = await ended(desk, cast)
    assert job.state is JobState.SAVED
    assert [item.state for item in job.items] == [JobState.SAVED, JobState.SAVED, JobState.CANCELLED]
    broken_off = await desk.library.jobs.open_round(company)
    assert broken_off is not None
    rest = unfinished(broken_off)
    assert [item.message for item in rest] == [made[2].id]
    call = await begin(desk, board, cast, outside, [made[2]], "sv")
    await call.hear(board.prompt("beep"), timeout_s=20)
    await call.say(WORDS)
    await call.press("1")
    await call.hear(board.prompt("round-done"), timeout_s=10)
    await call.hung_up()
    await ended(desk, cast)
    assert await desk.library.jobs.open_round(company) is None


async def test_whoever_presses_nothing_records_nothing(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    made = await messages(desk, cast, 2)
    await desk.library.jobs.request_round(
        cast.alva.company.id, [(message.id, "sv") for message in made], cast.alva.mobile, asked_by="test"
    )
    call = await outside.incoming(timeout_s=30)
    await call.answer()
    await call.hear(board.prompt("rec-press-1-only"), timeout_s=15)
    await call.hangup()
    job = await ended(desk, cast)
    assert (job.state, {item.state for item in job.items}) == (JobState.UNCONFIRMED, {JobState.CANCELLED})


@in_both_languages
async def test_a_test_call_leads_to_the_very_place(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, lang: str
) -> None:
    company = cast.alva.company.id
    menu = await desk.menus.add(company, f"Prov {next(_names)}", fallback=Target("hangup"), by="test")
    await desk.menus.set_choice(company, menu.id, "1", Target("mailbox", cast.bo.mailbox.id), by="test")
    await desk.library.jobs.request_test(company, Target("menu", menu.id), lang, cast.alva.mobile, asked_by="test")
    call = await outside.incoming(timeout_s=30)
    await call.answer()
    await call.hear(board.prompt("test-intro", lang), timeout_s=15)
    await call.hear(board.prompt("neutral-menu-choices", lang))
    await call.press("1")
    await call.hear(board.prompt("beep", lang), timeout_s=15)
    await call.hangup()
    assert (await ended(desk, cast)).state is JobState.DONE
    async with asyncio.timeout(5):
        await call.hung_up()
