"""An administrator enters companies, users, their numbers and phones."""

import hashlib
import re

import pytest

from pbx.company import BrowserPhones, Companies, Directory, Numbers, People, Pins
from pbx.company.names import clean, slug
from pbx.errors import Refused
from pbx.rules.numbers import Number
from pbx.store import audit, mailboxes
from pbx.store import messages as stored_messages
from pbx.store.values import NumberKind
from tests.store.world import COUNTRIES, HOSTILE, World


@pytest.fixture
def people(world: World) -> People:
    return People(world.store)


async def test_a_new_user_has_a_mailbox_and_a_place_where_a_greeting_is_heard(world: World, people: People) -> None:
    user = await people.add(world.exempel.id, "Disa Dal", "203", by="cli:root")
    assert (user.language, user.role, user.extension) == ("sv", "user", "203")
    async with world.store.read(world.exempel.id) as tx:
        box = await mailboxes.of_user(tx, user.id)
        heard = await stored_messages.heard_at(tx, "mailbox", f"{box.id}/greeting")
        newest = (await audit.recent(tx, 1))[0]
    assert heard is not None
    assert (heard.message.id, heard.message.kind) == (box.greeting, "greeting")
    assert (newest.actor, newest.action, newest.subject) == ("cli:root", "user added", "Disa Dal")


@pytest.mark.parametrize(
    "extension", ["1", "1234567", "2O1", "", "112", "333", "0201", "20 1", "+46", "２０１", "201\n"]
)
async def test_an_extension_that_is_none_is_refused(world: World, people: People, extension: str) -> None:
    with pytest.raises(Refused, match="extension-form"):
        await people.add(world.exempel.id, "X", extension, by="test")


async def test_an_extension_is_free_in_each_company_once(world: World, people: People) -> None:
    with pytest.raises(Refused, match="extension-taken"):
        await people.add(world.exempel.id, "X", "201", by="test")
    await people.add(world.annat.id, "Ny", "202", by="test")
    found = await people.by_extension(world.annat.id, "202")
    assert found is not None
    assert found.name == "Ny"


async def test_a_user_is_found_by_extension_name_or_a_first_name_that_one_has(world: World, people: People) -> None:
    for asked in ("201", "alva alm", "ALVA", " Alva "):
        assert (await people.by_name(world.exempel.id, asked)).id == world.alva.id
    await people.add(world.exempel.id, "Alva Ek", "204", by="test")
    with pytest.raises(Refused, match="user-ambiguous"):
        await people.by_name(world.exempel.id, "Alva")
    with pytest.raises(Refused, match="user-unknown"):
        await people.by_name(world.exempel.id, "Cilla")


async def test_a_hostile_name_is_one_shown_line_and_its_quotes_stay(world: World, people: People) -> None:
    user = await people.add(world.exempel.id, HOSTILE[:60], "205", by="test")
    assert user.name.startswith("'\"; DROP TABLE user;-- & $(id)")
    assert not re.search(r"[\x00-\x1f\u202e]", user.name)
    assert clean("  a\u0301 \r\n b ") == "á b"
    for nothing in ("", " \r\n", "\u200b", "x" * 81):
        with pytest.raises(Refused, match="name-form"):
            clean(nothing)


def test_a_name_in_an_address_is_plain() -> None:
    assert slug("Åkeri & Söner AB") == "akeri-soner-ab"
    assert slug("株式会社") == "company"


@pytest.mark.parametrize("raw", ["070-174 06 05", "+46701740605", "0046701740605", "+46 (0)70-174 06 05", "0701740605"])
async def test_a_number_is_the_same_however_it_is_written(world: World, people: People, raw: str) -> None:
    added = await people.add_number(world.exempel.id, world.alva.id, raw, COUNTRIES, by="test")
    assert added.number == Number("+46701740605")
    assert [one.number for one in await people.numbers(world.exempel.id, world.alva.id)] == [added.number]
    owner = await people.owner(world.exempel.id, added.number)
    assert owner is not None
    assert owner.id == world.alva.id
    assert await people.owner(world.annat.id, added.number) is None


@pytest.mark.parametrize(
    ("raw", "says"),
    [("112", "number-emergency"), ("0900-123 45 67", "number-premium"), ("+4479460123", "number-form"),
     ("+442079460123", "number-country"), ("abc", "number-form"), ("+881612345678", "number-premium"),
     (HOSTILE, "number-form")],
)  # fmt: skip
async def test_a_number_that_is_never_rung_cannot_be_entered(world: World, people: People, raw: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        await people.add_number(world.exempel.id, world.alva.id, raw, COUNTRIES, by="test")
    assert refused.value.says == says


async def test_a_number_has_one_owner_in_a_company_and_can_be_taken_away(world: World, people: People) -> None:
    await people.add_number(world.exempel.id, world.alva.id, "0701740605", COUNTRIES, by="test")
    with pytest.raises(Refused, match="number-taken"):
        await people.add_number(world.exempel.id, world.bo.id, "0701740605", COUNTRIES, by="test")
    await people.add_number(world.annat.id, world.cilla.id, "0701740605", COUNTRIES, by="test")
    await people.remove_number(world.exempel.id, world.alva.id, "070-174 06 05", by="test")
    with pytest.raises(Refused, match="number-unknown"):
        await people.remove_number(world.exempel.id, world.alva.id, "070-174 06 05", by="test")
    assert await people.numbers(world.annat.id, world.cilla.id) != []


async def test_somebody_elses_user_cannot_be_given_anything(world: World, people: People) -> None:
    with pytest.raises(Refused, match="user-unknown"):
        await people.add_number(world.exempel.id, world.cilla.id, "0701740605", COUNTRIES, by="test")
    with pytest.raises(Refused, match="user-unknown"):
        await people.add_phone(world.exempel.id, world.cilla.id, by="test")


async def test_a_phones_password_is_told_once_and_kept_as_a_digest(world: World, people: People) -> None:
    phone, password = await people.add_phone(world.exempel.id, world.alva.id, "Skrivbordet", by="test")
    assert "201" not in phone.sip_user
    assert re.fullmatch("[a-z0-9]{12}", phone.sip_user)
    assert re.fullmatch("[a-z0-9]{24}", password)
    assert phone.ha1 == hashlib.md5(f"{phone.sip_user}:asterisk:{password}".encode(), usedforsecurity=False).hexdigest()
    assert password.encode() not in world.store.path.read_bytes() + (
        world.store.path.with_name("vaxel.db-wal").read_bytes()
    )
    caller = await people.calling(world.exempel.id, phone.sip_user)
    assert caller is not None
    assert caller.id == world.alva.id
    assert await people.calling(world.annat.id, phone.sip_user) is None


async def test_companies_have_names_of_their_own(world: World) -> None:
    companies = Companies(world.store)
    for name in ("Exempel AB", "EXEMPEL  ab"):
        with pytest.raises(Refused, match="company-name-taken"):
            await companies.add(name, by="test")
    for asked in ("Exempel AB", "exempel ab", "exempel-ab"):
        assert (await companies.by_name(asked)).id == world.exempel.id
    first = await companies.first()
    assert first is not None
    assert first.id == world.exempel.id
    with pytest.raises(Refused, match="company-unknown"):
        await companies.by_name("Tredje AB")
    with pytest.raises(Refused, match="language-unknown"):
        await companies.add("Tredje AB", language="de", by="test")
    with pytest.raises(Refused, match="time-zone-unknown"):
        await companies.add("Tredje AB", time_zone="../../etc/passwd", by="test")


async def test_a_companys_number_leads_to_something_of_its_own(world: World) -> None:
    numbers = Numbers(world.store)
    added = await numbers.add(
        world.exempel.id, "070-174 06 20", "menu", target=world.menu.id, mailbox=world.box.id, by="test"
    )
    assert (added.number.e164, added.target, added.mailbox) == ("+46701740620", world.menu.id, world.box.id)
    assert await numbers.by_e164(world.exempel.id, "+46701740620") == added
    assert await numbers.by_e164(world.annat.id, "+46701740620") is None
    access = await numbers.add(world.exempel.id, "070-174 06 33", "voicemail", by="test")
    assert (access.kind, access.target) == ("voicemail", None)
    refused: tuple[tuple[NumberKind, str | None, str], ...] = (
        ("menu", world.other_menu.id, "target-unknown"),
        ("menu", None, "target-unknown"),
        ("user", world.cilla.id, "user-unknown"),
        ("mailbox", world.other_box.id, "mailbox-unknown"),
        ("voicemail", world.menu.id, "target-unknown"),
    )
    for kind, target, says in refused:
        with pytest.raises(Refused, match=says):
            await numbers.add(world.exempel.id, "070-174 06 21", kind, target=target, by="test")
    with pytest.raises(Refused, match="number-taken"):
        await numbers.add(world.annat.id, "+46701740620", "menu", target=world.other_menu.id, by="test")


async def test_the_directory_has_everything_of_everybody_and_keeps_companies_apart(
    world: World, people: People
) -> None:
    phone, _ = await people.add_phone(world.annat.id, world.cilla.id, by="test")
    number = await Numbers(world.store).add(world.exempel.id, "0701740620", "user", target=world.bo.id, by="test")
    one, other = await Directory(world.store).everything()
    assert (one.company, other.company) == (world.exempel, world.annat)
    assert {user.name for user in one.users} == {"Alva Alm", "Bo Berg"}
    assert (one.phones, one.numbers, len(one.mailboxes)) == ((), (number,), 2)
    assert (other.users, other.phones, other.numbers) == ((world.cilla,), (phone,), ())
    assert [box.id for box in other.mailboxes] == [world.other_box.id]


async def test_the_directory_is_read_anew_for_phones_and_extensions_and_not_for_what_calls_write(
    world: World, people: People
) -> None:
    directory, company = Directory(world.store), world.exempel.id
    assert await directory.may_have_changed()
    assert not await directory.may_have_changed()
    await Pins(world.store).set(company, world.bo.id, "7391", by="test")
    assert not await directory.may_have_changed()
    await people.add_phone(company, world.bo.id, by="test")
    assert await directory.may_have_changed()
    await BrowserPhones(world.store).lend(company, world.bo.id, "session")
    assert await directory.may_have_changed()
    assert not await directory.may_have_changed()
    world.clock.pass_(minutes=6)
    assert await directory.may_have_changed()
