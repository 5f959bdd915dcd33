"""How long one is signed in, and how long a link works."""

import pytest

from pbx.company import Accounts, SigningIn
from pbx.errors import Refused
from pbx.store.accounts import Account
from tests.store.world import World

ALVA, OPERATOR = "alva@exempel.example", "drift@vaxel.example"


@pytest.fixture
async def signing_in(world: World) -> SigningIn:
    accounts = Accounts(world.store)
    await accounts.put(world.exempel.id, world.alva.id, ALVA, by="test")
    await accounts.add_operator("Olle Operatör", OPERATOR, "sex gula ugglor")
    return SigningIn(world.store)


async def signed_in(signing_in: SigningIn, email: str) -> str:
    person = await signing_in._person(email)
    assert person
    return (await signing_in.begin(person, address="127.0.0.1", agent="test")).token


async def test_a_users_session_lasts_while_it_is_used_and_an_operators_twelve_hours(
    world: World, signing_in: SigningIn
) -> None:
    alvas, operators = [await signed_in(signing_in, email) for email in (ALVA, OPERATOR)]
    world.clock.pass_(hours=11)
    assert await signing_in.session(alvas)
    assert await signing_in.session(operators)
    world.clock.pass_(hours=2)
    assert await signing_in.session(operators) is None
    for _ in range(3):
        assert await signing_in.session(alvas)
        world.clock.pass_(days=13)
    world.clock.pass_(days=2)
    assert await signing_in.session(alvas) is None


async def test_an_invitation_lasts_a_week_and_a_link_for_who_forgot_two_hours(
    world: World, signing_in: SigningIn
) -> None:
    account = await signing_in._person(ALVA)
    assert isinstance(account, Account)
    invited = await signing_in.invitation(account)
    world.clock.pass_(days=6)
    await signing_in.link(invited)
    world.clock.pass_(days=2)
    with pytest.raises(Refused, match="link-used"):
        await signing_in.use_link(invited)
    mailed = await signing_in.forgotten(ALVA, address="127.0.0.1")
    assert mailed
    world.clock.pass_(hours=3)
    with pytest.raises(Refused, match="link-used"):
        await signing_in.use_link(mailed.token)
