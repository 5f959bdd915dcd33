"""The list of messages, as an administrator sees it."""

import shutil

import pytest

from pbx.errors import Refused
from pbx.library import MessageView
from pbx.library.ledger import Ledger
from pbx.store import audit
from pbx.store.tables import MessageRow
from pbx.store.uses import Use
from pbx.store.values import Target
from tests.library.house import House
from tests.store.world import HOSTILE


async def view(house: House, name: str) -> MessageView:
    (found,) = [one for one in await house.library.messages.all(house.world.exempel.id) if one.name == name]
    return found


async def test_a_message_without_a_recording_is_a_stand_in_whose_script_is_spoken(house: House) -> None:
    company, message, menu = house.world.exempel.id, house.world.welcome, house.world.menu
    await house.library.messages.place(company, "menu", f"{menu.id}/welcome", message.id, by="test")
    before = await view(house, "welcome")
    assert (before.state, before.heard) == ("stand-in", "neutral")
    await house.library.published.mend()
    after = await view(house, "welcome")
    assert after == MessageView(
        id=message.id,
        number=message.number,
        name="welcome",
        kind="welcome",
        script={"sv": "Välkommen till Exempel AB.", "en": "Welcome to Exempel AB."},
        state="stand-in",
        heard="spoken-script",
        uses=(Use("menu", "Huvudmeny", "welcome"),),
        duration_s=None,
        changed=message.changed_at,
        revision={"sv": 1, "en": 1},
        deleted=None,
        matches={"sv": None, "en": None},
        owner="",
        copies=None,
        lagging=False,
    )


async def test_a_recording_is_ok_by_proof_and_missing_when_both_copies_have_lost_it(house: House) -> None:
    house.world.clock.pass_(minutes=5)
    await house.recorded("hello")
    ok = await view(house, "greeting-201")
    assert (ok.state, ok.heard, ok.places) == ("ok", "own", ("mailbox 201/greeting",))
    assert ok.duration_s == pytest.approx(4.0, abs=0.5)
    assert ok.changed == house.world.clock()
    house.objects(0)[0].unlink()
    assert (await view(house, "greeting-201")).state == "ok"
    shutil.rmtree(house.copies[1])
    missing = await view(house, "greeting-201")
    assert (missing.state, missing.heard) == ("missing", "own")
    shutil.rmtree(house.root / "published")
    assert (await view(house, "greeting-201")).heard == "neutral"


async def test_damage_that_the_ledger_has_in_every_copy_is_told_until_it_is_healed(house: House) -> None:
    await house.recorded("hello")
    company, ledger, sha256 = house.world.exempel.id, Ledger(house.world.store), house.objects()[0].name
    for lost, state in ((False, "ok"), (True, "corrupt")):
        await ledger.found(
            company, sha256, how="corrupt", lost=lost, copies=("a", "b")[: 1 + lost], proved_at=None, heard="neutral"
        )
        assert (await view(house, "greeting-201")).state == state
    await ledger.healed(company, sha256, "spool")
    assert (await view(house, "greeting-201")).state == "ok"


async def test_a_take_that_waits_for_the_vault_is_heard_and_told_as_healing(house: House) -> None:
    for copy in house.copies:
        copy.write_text("a file where the folder should be")
    take = await house.greeting()
    house.speak(take, "hello")
    assert not (await house.keep(take)).ok
    waiting = await view(house, "greeting-201")
    assert (waiting.state, waiting.heard) == ("healing", "own")
    for copy in house.copies:
        copy.unlink()
    await house.library.takes.adopt()
    assert (await view(house, "greeting-201")).state == "ok"


async def test_in_two_languages_the_worse_recording_is_told(house: House) -> None:
    await house.recorded("hej")
    lost = house.objects()[0].name
    take = await house.greeting(lang="en")
    house.speak(take, "hello")
    assert (await house.keep(take)).ok
    for path in [path for copy in (0, 1) for path in house.objects(copy) if path.name == lost]:
        path.unlink()
    assert (await view(house, "greeting-201")).state == "missing"


async def test_a_menus_key_is_a_place_too(house: House) -> None:
    from pbx.company import Menus

    company = house.world.exempel.id
    closed = await house.library.messages.add(company, "closed", by="test")
    await Menus(house.world.store).set_choice(
        company, house.world.menu.id, "3", Target("message", closed.id), by="test"
    )
    assert (await view(house, "closed")).places == ("menu Huvudmeny/key 3",)


async def test_each_company_sees_its_own_messages_by_number(house: House) -> None:
    for company, people in ((house.world.exempel.id, 2), (house.world.annat.id, 1)):
        views = await house.library.messages.all(company)
        assert [one.number for one in views] == list(range(1, people + 2))
        assert views[-1].name == "welcome"


async def test_a_message_is_found_by_name_or_number(house: House) -> None:
    company, messages = house.world.exempel.id, house.library.messages
    for asked in ("welcome", " welcome ", str(house.world.welcome.number)):
        assert (await messages.by_ref(company, asked)).id == house.world.welcome.id
    named = await messages.add(company, "1", by="test")
    assert (await messages.by_ref(company, "1")).id == named.id
    for nothing in ("", "99", "0", "-1", "9" * 40, "²", HOSTILE, "WELCOME "):
        with pytest.raises(Refused, match="message-unknown"):
            await messages.by_ref(company, nothing)


async def test_what_cannot_be_a_message_is_refused_in_words(house: House) -> None:
    company, messages = house.world.exempel.id, house.library.messages
    for arguments, says in (
        ({"name": ""}, "name-form"),
        ({"name": "welcome"}, "message-name-taken"),
        ({"name": "x", "kind": "nonsense"}, "message-kind"),
        ({"name": "x", "number": house.world.welcome.number}, "message-number-taken"),
        ({"name": "x", "number": 0}, "message-number-form"),
        ({"name": "x", "number": 10**30}, "message-number-form"),
        ({"name": "x", "scripts": {"de": "Hallo"}}, "language-unknown"),
        ({"name": "x", "scripts": {"sv": "a" * 2_001}}, "script-too-long"),
    ):
        with pytest.raises(Refused) as refused:
            await messages.add(company, **arguments, by="test")
        assert refused.value.says == says
    await messages.add(house.world.annat.id, "x", by="test")


async def test_a_message_of_another_company_can_be_neither_changed_nor_placed(house: House) -> None:
    company, messages = house.world.exempel.id, house.library.messages
    with pytest.raises(Refused, match="message-unknown"):
        await messages.set_script(company, house.world.other_welcome.id, "sv", "x", by="test")
    with pytest.raises(Refused, match="message-unknown"):
        await messages.place(company, "announcement", "x", house.world.other_welcome.id, by="test")


async def test_a_place_can_be_emptied_and_remembers_that_it_is_one(house: House) -> None:
    company, messages, slot = house.world.exempel.id, house.library.messages, f"{house.world.menu.id}/welcome"
    placed = await messages.place(company, "menu", slot, house.world.welcome.id, by="cli:alva")
    assert [place.id for place in await messages.places(company, house.world.welcome.id)] == [placed.id]
    emptied = await messages.place(company, "menu", slot, None, by="cli:alva")
    assert (emptied.id, emptied.message) == (placed.id, None)
    async with house.world.store.read(company) as tx:
        newest = (await audit.recent(tx, 1))[0]
    assert (newest.actor, newest.action, newest.details["slot"]) == ("cli:alva", "message placed", slot)


async def test_of_two_who_write_a_script_at_once_the_second_is_told_who_was_first(house: House) -> None:
    company, message, write = house.world.exempel.id, house.world.welcome, house.library.messages.set_script
    seen = (await view(house, "welcome")).revision["sv"]
    house.world.clock.pass_(minutes=5)
    await write(company, message.id, "sv", "Alvas ord.", expected=seen, by="cli:alva")
    house.world.clock.pass_(minutes=5)
    with pytest.raises(Refused) as refused:
        await write(company, message.id, "sv", "Bos ord.", expected=seen, by="cli:bo")
    assert (refused.value.says, refused.value.details) == ("edited-meanwhile", "cli:alva, 2026-03-02 14:10")
    now = await view(house, "welcome")
    assert (now.script["sv"], now.revision) == ("Alvas ord.", {"sv": seen + 1, "en": 1})
    await write(company, message.id, "en", "Bo's words.", expected=now.revision["en"], by="cli:bo")
    await write(company, message.id, "sv", "Bos ord.", expected=now.revision["sv"], by="cli:bo")
    assert (await view(house, "welcome")).script == {"sv": "Bos ord.", "en": "Bo's words."}


async def test_a_text_that_is_not_there_yet_has_revision_nought(house: House) -> None:
    company, messages = house.world.exempel.id, house.library.messages
    empty = await messages.add(company, "empty", by="test")
    with pytest.raises(Refused, match="edited-meanwhile"):
        await messages.set_script(company, empty.id, "sv", "x", expected=3, by="test")
    await messages.set_script(company, empty.id, "sv", "x", expected=0, by="test")


async def test_what_a_terminal_sends_that_is_no_text_does_no_harm(house: House) -> None:
    await house.library.messages.set_script(
        house.world.exempel.id, house.world.welcome.id, "sv", "Hej\udcff", by="test"
    )
    assert (await view(house, "welcome")).script["sv"] == "Hej?"


async def test_a_long_list_is_read_in_pages_and_whole(house: House) -> None:
    company = house.world.exempel.id
    async with house.world.store.begin(company) as tx:
        for n in range(450):
            tx._session.add(
                MessageRow(company_id=company, number=1_000 + n, name=f"m{n}", kind="menu", changed_at=tx.now)
            )
    views = await house.library.messages.all(company)
    assert [one.number for one in views][-450:] == list(range(1_000, 1_450))
    assert len({one.id for one in views}) == len(views) == 453
