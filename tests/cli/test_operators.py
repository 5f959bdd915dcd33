"""Another operator, invited at the command line."""

import pytest

from pbx.company import SigningIn
from tests.cli.desk import desk_in, vaxel
from tests.library.house import House


async def test_a_link_is_told_that_works_until_the_next_one(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    tokens = []
    for _ in range(2):
        assert await vaxel(desk_in(house), "operators.invite", "operators", "invite") == 0
        site, _, token = capsys.readouterr().out.strip().rpartition("/link/")
        assert site.startswith("http")
        tokens.append(token)
    signing_in = SigningIn(house.world.store)
    assert (await signing_in.link(tokens[1])).kind == "first"
    with pytest.raises(Exception, match="link"):
        await signing_in.link(tokens[0])
