"""What is typed is spoken, placed and heard: times, telephone numbers, kronor and abbreviations as Swedes say them."""

import asyncio
import time

from pbx.cli.desk import Desk, open_desk
from pbx.store.values import Menu, Target
from tests.calls.cast import Cast, new_number
from tests.calls.steps import eventually
from tests.calls.switchboard import Switchboard, part
from tests.phone import NotHeard, Phone, audio
from tests.setup.machine import on_this_machine

TEXT = (
    "Välkommen åter på Ängö… Vi öppnar kl. 13.30, ring 08-123 45 67."
    "\n\nDet kostar 1 234 kr, bl.a. för växeln. Tryck # för hjälp."
)
OTHER = "Det här är något helt annat, som tar ungefär lika lång tid att säga."


async def menu_with_number(desk: Desk, cast: Cast, board: Switchboard, name: str) -> tuple[Menu, str]:
    company = cast.alva.company
    menu = await desk.menus.add(company.id, name, fallback=Target("hangup"), tries=1, timeout_s=0.5, by="test")
    number = await new_number(desk, company, "menu", menu.id)
    await board.knows(number)
    return menu, number


async def test_a_typed_text_is_heard_by_a_caller_within_ten_seconds_and_a_changed_script_is_told(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    company, name = cast.alva.company, f"typed {cast.access}"
    menu, number = await menu_with_number(desk, cast, board, name)
    began = time.monotonic()
    message = await desk.library.messages.add(company.id, name, "welcome", by="test")
    await asyncio.to_thread(board.cli, "speak", name, "--company", company.name, "--text", TEXT)
    await desk.library.messages.place(company.id, "menu", f"{menu.id}/welcome", message.id, by="test")
    playable = await desk.library.messages.playable(company.id, "menu", f"{menu.id}/welcome", "sv")
    assert playable.heard == "own"
    call = await outside.call(number)
    await call.hear(part(board.published(playable.media[0]), 2.0))
    assert time.monotonic() - began < on_this_machine(10)
    whole = board.published(playable.media[0])
    await call.hear(whole[-32_000:], timeout_s=25)
    await call.hangup()
    for script, matches in ((f"{TEXT} ", True), (OTHER, False)):
        await asyncio.to_thread(board.cli, "script", name, script, "--lang", "sv", "--company", company.name)
        views = {view.name: view for view in await desk.library.messages.all(company.id)}
        assert views[name].matches["sv"] is matches


async def test_a_word_of_the_list_changes_what_is_heard(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    company, name, word = cast.alva.company, f"word {cast.access}", f"Qvarn{cast.access[-4:]}"
    menu, number = await menu_with_number(desk, cast, board, name)
    place = f"{menu.id}/welcome"
    message = await desk.library.messages.add(
        company.id, name, "welcome", scripts={"sv": f"{word} {word}. {OTHER}"}, by="test"
    )
    await desk.library.messages.place(company.id, "menu", place, message.id, by="test")

    async def spoken(at: Desk) -> str:
        playable = await at.library.messages.playable(company.id, "menu", place, "sv")
        return playable.media[0] if playable.heard == "spoken-script" else ""

    before = await eventually(lambda: spoken(desk), 20)
    await asyncio.to_thread(board.cli, "pronounce", word, "en papegoja på en gunga", "--company", company.name)
    async with open_desk(board.settings) as later:
        after = await eventually(lambda: spoken(later), 20)
    assert after != before
    reference = part(board.published(after), 2.5)

    async def heard() -> bool:
        call = await outside.call(number)
        try:
            await call.hear(reference, timeout_s=8)
        except NotHeard:
            return False
        finally:
            await call.hangup()
        return True

    assert audio.score(board.published(before), reference)[0] < 0.9
    await eventually(heard, 5)
