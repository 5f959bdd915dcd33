"""The switchboard rings somebody up to read a message in: 1, speak, hang up; and nobody else's voice gets in."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from itertools import count

import pytest

from ari_app.flows.record_prompt import CONFIRM_S, KEY_WAIT_S
from pbx.cli.desk import Desk
from pbx.errors import Refused
from pbx.phrases import Phrases
from pbx.store.values import Message, Target
from tests.calls.cast import Cast
from tests.calls.steps import WORDS, holds, in_both_languages, spoken
from tests.calls.switchboard import Switchboard, clean
from tests.cli.desk import vaxel
from tests.phone import BUSY, DECLINE, Phone, answering_machine, audio, pseudo_speech
from tests.phone.ear import RATE

_names = count()
SCRIPTS = {"sv": "Läs det här.", "en": "Read this, please."}


class Recording:
    """`vaxel record … --follow`, as an administrator runs it."""

    def __init__(self, board: Switchboard, company: str, message: str, to: str, lang: str = "sv") -> None:
        self._words = ["record", message, "--to", to, "--company", company, "--lang", lang, "--follow"]
        self._board = board

    async def __aenter__(self) -> "Recording":
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "pbx", *self._words, env={**clean(), **self._board.environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def end(self, limit_s: float = 60) -> tuple[int, list[str], str]:
        """Exit status, the states in order, what it complained of."""
        async with asyncio.timeout(limit_s):
            out, err = await self._process.communicate()
        return self._process.returncode or 0, out.decode().split("\n")[:-1], err.decode()


@pytest.fixture
async def message(desk: Desk, cast: Cast) -> Message:
    """An announcement of Alva's company with a script; Cilla's has one of the same name."""
    name = f"besked-{next(_names)}"
    await desk.library.messages.add(cast.cilla.company.id, name, scripts={"sv": "Annat."}, by="test")
    made = await desk.library.messages.add(cast.alva.company.id, name, scripts=SCRIPTS, by="test")
    for lang in SCRIPTS:
        await spoken(desk, cast.alva.company.id, "script", made.id, lang)
    return made


@in_both_languages
async def test_a_prompt_is_read_in_and_hanging_up_saves_it(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, message: Message, lang: str
) -> None:
    async with Recording(board, cast.alva.company.name, message.name, cast.alva.mobile, lang) as job:
        call = await outside.incoming(timeout_s=30)
        await call.answer()
        await call.hear(board.prompt("rec-press-1", lang), timeout_s=15)
        await call.press("1")
        await call.hear(board.prompt("rec-speak", lang))
        await call.hear(board.prompt("beep", lang))
        await call.say(WORDS)
        await call.hangup()
        status, states, _ = await job.end(20)
    assert status == 0
    assert [state for state in states if state != "ringing"] == [
        "queued", "claimed", "dialling", "answered", "recording", "judging", "saved",
    ]  # fmt: skip
    playable = await desk.library.messages.playable_message(cast.alva.company.id, message.id, lang)
    assert playable.heard == "own"
    assert holds(board.published(playable.media[0]), WORDS)


@pytest.mark.parametrize("key", ["0", "#"])
async def test_a_prompt_is_ended_by_a_key_heard_done_again_and_kept(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, message: Message, key: str
) -> None:
    better = pseudo_speech("better words", 1.2)
    async with Recording(board, cast.alva.company.name, message.name, cast.alva.mobile) as job:
        call = await outside.incoming(timeout_s=30)
        await call.answer()
        await call.hear(board.prompt("rec-press-1"), timeout_s=15)
        await call.press("1")
        await call.hear(board.prompt("beep"))
        await call.say(WORDS)
        await call.press(key)
        await call.hear(board.prompt("rec-review"))
        await call.press("1")
        await call.hear(WORDS)
        await call.press("2")
        await call.hear(board.prompt("beep"))
        await call.say(better)
        await call.press(key)
        await call.hear(board.prompt("rec-review"))
        await call.press("#")
        await call.hear(board.prompt("rec-saved"))
        await call.hung_up()
        assert (await job.end(20))[0] == 0
    playable = await desk.library.messages.playable_message(cast.alva.company.id, message.id, "sv")
    assert holds(board.published(playable.media[0]), better)


async def test_key_2_reads_the_script_out(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, message: Message
) -> None:
    media = await spoken(desk, cast.alva.company.id, "script", message.id, "sv")
    async with Recording(board, cast.alva.company.name, message.name, cast.alva.mobile):
        call = await outside.incoming(timeout_s=30)
        await call.answer()
        await call.hear(board.prompt("rec-press-1"), timeout_s=15)
        await call.press("2")
        await call.hear(board.published(media))
        await call.hangup()


@pytest.mark.timeout(240)
async def test_a_long_script_is_read_out_to_its_end_and_1_starts_the_recording_all_the_same(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    """We wait 45 s for somebody who does nothing, and not for somebody who listens."""
    company = cast.alva.company
    points = " ".join(f"Punkt {n} är att vi svarar alla som ringer så snart som vi kan." for n in range(1, 16))
    scripts = {"sv": f"{points} Nu är texten slut, och du kan börja tala."}
    message = await desk.library.messages.add(company.id, f"besked-{next(_names)}", scripts=scripts, by="test")
    script = board.published(await spoken(desk, company.id, "script", message.id, "sv"))
    reading_s = len(script) / RATE
    assert reading_s > CONFIRM_S
    async with Recording(board, company.name, message.name, cast.alva.mobile) as job:
        call = await outside.incoming(timeout_s=30)
        await call.answer()
        await call.hear(board.prompt("rec-press-1"), timeout_s=15)
        await call.press("2")
        await call.hear(script[-3 * RATE :], timeout_s=reading_s + 15)
        await call.hear(board.prompt("rec-press-1"), timeout_s=15)
        await call.press("1")
        await call.hear(board.prompt("beep"), timeout_s=15)
        await call.say(WORDS)
        await call.hangup()
        assert (await job.end(30))[1][-1] == "saved"


@pytest.mark.timeout(180)
async def test_who_presses_nothing_hears_the_goodbye_as_soon_as_the_time_is_up(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    """Also in the midst of being told once more what it is about."""
    company = cast.alva.company
    name = f"{next(_names)} för dem som ringer på kvällar och helger och vill veta om vi öppnar på måndag"
    message = await desk.library.messages.add(company.id, name, by="test")
    told = board.published(await spoken(desk, company.id, "record", message.id, "sv"))
    once_s = len(told) / RATE + KEY_WAIT_S + len(board.prompt("rec-press-1-only")) / RATE
    assert 2 * once_s + 1 < CONFIRM_S < 2 * once_s + len(told) / RATE - 1
    async with Recording(board, company.name, message.name, cast.alva.mobile) as job:
        call = await outside.incoming(timeout_s=30)
        await call.answer()
        for _ in range(2):
            await call.hear(told[-RATE:], timeout_s=30)
        since = call.mark()
        await call.hear(board.prompt("rec-goodbye"), timeout_s=40)
        assert audio.score(call.heard_since(since), told[-RATE:])[0] < audio.SAME
        assert (await job.end(20))[1][-1] == "unconfirmed"


async def test_no_text_is_offered_where_there_is_none(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    message = await desk.library.messages.add(cast.alva.company.id, f"besked-{next(_names)}", by="test")
    async with Recording(board, cast.alva.company.name, message.name, cast.alva.mobile):
        call = await outside.incoming(timeout_s=30)
        await call.answer()
        await call.hear(board.prompt("rec-press-1-only"), timeout_s=15)
        await call.press("2")
        await call.hear(board.prompt("rec-no-script"))
        await call.hangup()


async def _hangs_up_at_once(outside: Phone) -> None:
    call = await outside.incoming(timeout_s=30)
    await call.answer()
    await call.hangup()


async def _says_nothing(outside: Phone, board: Switchboard) -> None:
    call = await outside.incoming(timeout_s=30)
    await call.answer()
    await call.hear(board.prompt("rec-press-1"), timeout_s=15)
    await call.press("1")
    await call.hear(board.prompt("beep"))
    await call.quiet(1.5)
    await call.hangup()


@pytest.mark.parametrize(
    ("policy", "state"),
    [(BUSY, "busy"), (DECLINE, "declined"), (answering_machine(pseudo_speech("leave a message", 3.0)), "unconfirmed")],
    ids=["busy", "declined", "an answering machine that speaks and records"],
)
async def test_who_does_not_press_1_changes_nothing_and_the_job_says_why(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, message: Message, policy: object, state: str
) -> None:
    outside.policy = policy  # type: ignore[assignment]
    async with Recording(board, cast.alva.company.name, message.name, cast.alva.mobile) as job:
        status, states, _ = await job.end(70)
    assert (status, states[-1]) == (1, state)
    assert (await desk.library.messages.playable_message(cast.alva.company.id, message.id, "sv")).heard != "own"


@pytest.mark.parametrize(
    ("person", "state"),
    [(_hangs_up_at_once, "unconfirmed"), (_says_nothing, "nothing_recorded")],
    ids=["hangs up at once", "says nothing"],
)
async def test_who_records_nothing_leaves_the_old_prompt(
    board: Switchboard,
    cast: Cast,
    outside: Phone,
    desk: Desk,
    message: Message,
    person: Callable[..., object],
    state: str,
) -> None:
    async with Recording(board, cast.alva.company.name, message.name, cast.alva.mobile) as job:
        await (person(outside) if person is _hangs_up_at_once else person(outside, board))  # type: ignore[misc]
        status, states, _ = await job.end(30)
    assert (status, states[-1]) == (1, state)
    assert (await desk.library.messages.playable_message(cast.alva.company.id, message.id, "sv")).heard != "own"


@pytest.mark.timeout(90)
@pytest.mark.parametrize("answered", [False, True], ids=["while it rings", "while somebody reads"])
async def test_a_call_that_is_called_off_ends_at_once_and_changes_nothing(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, message: Message, answered: bool
) -> None:
    company = cast.alva.company.id
    job = await desk.library.jobs.request(company, message.id, "sv", cast.alva.mobile, asked_by="test")
    call = await outside.incoming(timeout_s=30)
    if answered:
        await call.answer()
        await call.hear(board.prompt("rec-press-1"), timeout_s=15)
        await call.press("1")
        await call.hear(board.prompt("beep"), timeout_s=15)
        await call.say(WORDS)
    await desk.library.jobs.cancel(company, job.id, by="test")
    await call.hung_up(timeout_s=3)
    assert (await desk.library.jobs.get(company, job.id)).state == "cancelled"
    heard = await desk.library.messages.playable_message(company, message.id, "sv")
    assert heard.heard != "own"


async def test_a_test_call_that_is_called_off_stops_ringing(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, message: Message
) -> None:
    company = cast.alva.company.id
    aim = Target("message", message.id)
    job = await desk.library.jobs.request_test(company, aim, "sv", cast.alva.mobile, asked_by="test")
    call = await outside.incoming(timeout_s=30)
    await desk.library.jobs.cancel(company, job.id, by="test")
    await call.hung_up(timeout_s=3)
    assert (await desk.library.jobs.get(company, job.id)).state == "cancelled"


async def test_nobody_answering_is_told_after_half_a_minute(
    board: Switchboard, cast: Cast, outside: Phone, message: Message
) -> None:
    async with Recording(board, cast.alva.company.name, message.name, cast.alva.mobile) as job:
        call = await outside.incoming(timeout_s=30)
        _, states, _ = await job.end(50)
    assert states[-2:] == ["ringing", "no_answer"]
    await call.hung_up()


BAD = {
    "+4673": "number-form", "abc": "number-form", "": "number-form", "112": "number-emergency",
    "0900123456": "number-premium", "+12025550123": "number-country", "+46701740699": "number-unknown",
    "+46735123456&PJSIP/201": "number-form",
}  # fmt: skip


async def test_a_bad_number_is_refused_in_words_and_rings_nobody(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, message: Message
) -> None:
    """By what the command does; one of them by the command itself, which says it in the words of that refusal."""
    words = ("record", message.name, "--company", cast.alva.company.name, "--to")
    for to, about in BAD.items():
        with pytest.raises(Refused, match=about):
            await vaxel(desk, "record.record", *words, to)
    done = await asyncio.to_thread(board.cli, *words, "112", check=False)
    assert done.returncode == 1
    assert Phrases(board.settings.sounds).words(BAD["112"], "en") in done.stderr
    assert outside.rung == 0


async def test_two_administrators_on_one_message_ring_once(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, message: Message
) -> None:
    async with Recording(board, cast.alva.company.name, message.name, cast.alva.mobile):
        call = await outside.incoming(timeout_s=30)
        with pytest.raises(Refused, match="message-busy"):
            await vaxel(
                desk, "record.record", "record", message.name, "--to", cast.bo.mobile,
                "--company", cast.alva.company.name,
            )  # fmt: skip
        call.refuse(486)
    assert outside.rung == 0


async def test_a_number_as_people_write_it_is_accepted(
    board: Switchboard, cast: Cast, outside: Phone, message: Message
) -> None:
    outside.policy = DECLINE
    written = f"0{cast.alva.mobile[3:5]}-{cast.alva.mobile[5:8]} {cast.alva.mobile[8:10]} {cast.alva.mobile[10:]}"
    async with Recording(board, cast.alva.company.name, message.name, written) as job:
        assert (await job.end(40))[1][-1] == "declined"
