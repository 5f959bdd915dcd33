"""The service is stopped altogether: Asterisk alone serves callers from what was published, and loses no message."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import partial

import pytest

from pbx.cli.desk import Desk, open_desk
from pbx.rules.numbers import Extension, Number, Withheld
from pbx.store.values import Target
from tests.calls.cast import Cast, invite, new_number
from tests.calls.conftest import channels_left
from tests.calls.steps import WORDS, eventually, holds, received, record_greeting, recorded, spoken
from tests.calls.switchboard import Switchboard
from tests.calls.tree import Tree, plant
from tests.phone import ANSWER, Call, Pcm, pseudo_speech

pytestmark = pytest.mark.timeout(300)

GREETING = pseudo_speech("Bo's own greeting", 1.6)
OTHERS = {
    "+46701740651": pseudo_speech("the second one's words", 1.2),
    "x'); DROP TABLE takes;--": pseudo_speech("the hostile one's words", 1.2),
}
NAMES = {
    "+46701740650": "Nils",
    "+46701740651": '", ${SHELL(id)} | %0d%0a',
    "x'); DROP TABLE takes;--": "Robert'); DROP",
}


async def _ready(board: Switchboard, desk: Desk) -> tuple[Cast, Tree]:
    """Bo has a greeting, and the number of the tree has Alva's mailbox; all of it is known to Asterisk."""
    cast = await invite(desk, board)
    tree = await plant(desk, board, cast, "sv", fallback=Target("mailbox", cast.alva.mailbox.id))
    async with cast.bo.phone() as bo:
        call = await bo.call("333")
        await call.hear(board.prompt("vm-main"))
        await record_greeting(call, board, GREETING)
        await call.hangup()
        await bo.unregister()
    company = cast.alva.company.id
    greeting = await desk.library.messages.playable(company, "mailbox", f"{cast.bo.mailbox.id}/greeting", "sv")
    welcome = await desk.library.messages.playable(company, "menu", f"{tree.top.id}/welcome", "sv")
    closed = await spoken(desk, company, "script", (await desk.library.messages.by_ref(company, "closed")).id, "sv")
    heard = (*greeting.media, *welcome.media, closed)

    async def known() -> bool:
        with closing(sqlite3.connect(f"file:{board.settings.routes_db}?mode=ro", uri=True)) as routes:
            files = {row[0] for row in routes.execute("SELECT file FROM sounds")}
            keys = routes.execute("SELECT k9 FROM menus WHERE id = ?", (tree.top.id,)).fetchone()
        return keys == ("hangup:",) and {media.removeprefix("sound:") for media in heard} <= files

    assert greeting.heard == "own"
    await eventually(known, 25)
    return cast, tree


async def test_menus_extensions_numbers_mailboxes_333_and_112_go_on_and_three_messages_come_in(
    doomed: Switchboard,
) -> None:
    async with open_desk(doomed.settings) as desk, doomed.phone() as outside:
        cast, tree = await _ready(doomed, desk)
        doomed.kill()

        began = time.monotonic()
        left_at = datetime.now(UTC)
        call = await outside.call(tree.number, from_user="+46701740650", from_name=NAMES["+46701740650"])
        assert (await call.hear(doomed.prompt("survival"))).at - began < 2
        await call.hear(tree.welcome)
        await call.hear(doomed.prompt("neutral-menu-choices"))
        await call.press("8")
        await call.hear(doomed.prompt("neutral-menu-wrong-key"))
        await call.press("3")
        await call.hear(tree.closed)
        await call.press("4")
        await _leaves(call, doomed, WORDS)

        async with cast.alva.phone() as alva:
            alva.policy = ANSWER
            call = await outside.call(tree.number)
            await call.hear(doomed.prompt("neutral-menu-choices"))
            await call.press("2")
            answered = await alva.incoming(timeout_s=5)
            await call.until(lambda: answered.state == "up")
            answered.speak(WORDS)
            await call.hear(WORDS)
            await call.hangup()
            direct = await outside.call(cast.number["Alva"])
            await alva.incoming(timeout_s=5)
            await direct.hangup()

            outside.policy = ANSWER
            await (await alva.call("112")).hangup()
            assert (await outside.incoming()).from_user.startswith("+46")

            call = await alva.call("333")
            await call.hear(doomed.prompt("survival-voicemail-soon"))
            assert (await call.hung_up()).by == "them"
            await alva.unregister()

        for caller, words in OTHERS.items():
            call = await outside.call(cast.number["Bo"], from_user=caller, from_name=NAMES[caller])
            await _leaves(call, doomed, words)
        assert await channels_left(doomed) == []

        doomed.start()
        messages = await received(desk, cast.bo)
        assert [message.caller for message in messages] == [Withheld(), Number("+46701740651"), Number("+46701740650")]
        assert all(abs((message.at - left_at).total_seconds()) < 90 for message in messages)
        assert abs((messages[-1].at - left_at).total_seconds()) < 15
        for message, words in zip(messages, (*reversed(OTHERS.values()), WORDS), strict=True):
            media = await desk.library.mailboxes.media(message)
            assert media
            assert holds(doomed.published(media), words)
            assert not message.interrupted
        assert list((doomed.settings.spool / "survival").iterdir()) == []


async def _leaves(call: Call, board: Switchboard, words: Pcm) -> None:
    """Bo's greeting, the tone, the words, and hanging up."""
    await call.hear(GREETING, timeout_s=10)
    await call.hear(board.prompt("beep"))
    await call.say(words)
    await call.hangup()


async def test_a_colleague_is_known_by_the_phone_and_who_only_claims_to_be_one_is_not(doomed: Switchboard) -> None:
    async with open_desk(doomed.settings) as desk, doomed.phone() as outside:
        cast = await invite(desk, doomed)
        doomed.kill()
        async with cast.alva.phone() as alva:
            colleague = await alva.call(cast.bo.user.extension)
            await colleague.hear(doomed.prompt("beep"), timeout_s=20)
            await colleague.say(WORDS)
            await colleague.hangup()
        liar = await outside.call(cast.number["Bo"], from_user=cast.alva.user.extension, from_name="Alva")
        await liar.hear(doomed.prompt("beep"), timeout_s=20)
        await liar.say(WORDS)
        await liar.hangup()
        doomed.start()
        messages = await received(desk, cast.bo)
        assert [message.caller for message in messages] == [Withheld(), Extension(cast.alva.user.extension)]


async def test_who_presses_nothing_leaves_a_message_in_the_numbers_mailbox(doomed: Switchboard) -> None:
    async with open_desk(doomed.settings) as desk, doomed.phone() as outside:
        cast, tree = await _ready(doomed, desk)
        number = await new_number(desk, cast.alva.company, "menu", tree.top.id, mailbox=cast.bo.mailbox.id)
        await doomed.knows(number)
        doomed.kill()
        call = await outside.call(number)
        await call.hear(doomed.prompt("neutral-menu-silence"), timeout_s=15)
        await call.hear(doomed.prompt("neutral-menu-choices"))
        await call.hear(doomed.prompt("neutral-menu-silence"))
        await _leaves(call, doomed, WORDS)
        doomed.start()
        assert len(await received(desk, cast.bo)) == 1


async def test_without_rows_and_files_it_is_phrases_and_a_message_without_a_row_comes_in(doomed: Switchboard) -> None:
    async with open_desk(doomed.settings) as desk, doomed.phone() as outside:
        cast, tree = await _ready(doomed, desk)
        number = await new_number(desk, cast.alva.company, "mailbox", cast.bo.mailbox.id)
        await doomed.knows(number)
        doomed.kill()
        for file in doomed.settings.published.rglob("*.*"):
            file.unlink()
        with closing(sqlite3.connect(doomed.settings.takes_db)) as takes:
            takes.execute("DROP TABLE takes")
        call = await outside.call(tree.number)
        await call.hear(doomed.prompt("neutral-menu-choices"))
        await call.hangup()
        call = await outside.call(number)
        await call.hear(doomed.prompt("survival-message"))
        await call.hear(doomed.prompt("beep"))
        await call.say(WORDS)
        await call.press("5")
        await call.hear(doomed.prompt("survival-thanks"))
        await call.hung_up()
        doomed.start()
        [message] = await received(desk, cast.bo)
        assert message.caller == Withheld()
        assert abs((message.at - datetime.now(UTC)).total_seconds()) < 60


async def test_a_greeting_recorded_anew_and_a_key_set_otherwise_are_known_to_asterisk_soon(
    desk: Desk, board: Switchboard, cast: Cast
) -> None:
    company = cast.alva.company.id
    tree = await plant(desk, board, cast, "sv")
    before = {
        "1": f"menu:{tree.sub.id}",
        "2": f"extension:{cast.alva.user.extension}",
        "4": f"mailbox:{cast.bo.mailbox.id}",
    }
    await eventually(lambda: _keys(board, tree.top.id, before), 10)
    await desk.menus.set_choice(company, tree.top.id, "2", Target("hangup"), by="test")
    await eventually(lambda: _keys(board, tree.top.id, {"2": "hangup:"}), 10)
    for words in (GREETING, pseudo_speech("Bo's new greeting", 1.6)):
        assert (await recorded(desk, cast.bo.mailbox, "greeting", words)).ok
        greeting = await desk.library.messages.playable(company, "mailbox", f"{cast.bo.mailbox.id}/greeting", "sv")
        assert holds(board.published(greeting.media[0]), words)
        await eventually(partial(_plays, board, cast.bo.mailbox.greeting, greeting.media[0]), 20)


async def _plays(board: Switchboard, message: str, media: str) -> bool:
    with closing(sqlite3.connect(f"file:{board.settings.routes_db}?mode=ro", uri=True)) as routes:
        row = routes.execute("SELECT file FROM sounds WHERE id = ?", (f"{message}/sv",)).fetchone()
    return bool(row == (media.removeprefix("sound:"),))


async def _keys(board: Switchboard, menu: str, wanted: dict[str, str]) -> bool:
    with closing(sqlite3.connect(f"file:{board.settings.routes_db}?mode=ro", uri=True)) as routes:
        columns = ", ".join(f"k{key}" for key in wanted)
        row = routes.execute(f"SELECT {columns} FROM menus WHERE id = ?", (menu,)).fetchone()  # noqa: S608
    return bool(row == tuple(wanted.values()))
