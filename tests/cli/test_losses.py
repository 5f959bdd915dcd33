"""What the operator asks at the command line after a loss, and before an erasure."""

import json
from typing import Any

import pytest

from pbx.errors import Refused
from tests.cli.desk import desk_in, vaxel
from tests.library.erasure import BY, erasable
from tests.library.house import House


async def told(house: House, capsys: pytest.CaptureFixture[str], act: str, *words: str) -> Any:
    capsys.readouterr()
    assert await vaxel(desk_in(house), act, *words, "--json") == 0
    return json.loads(capsys.readouterr().out)


async def lose(house: House) -> str:
    """Alva's greeting, which a caller has heard, in both copies."""
    await house.recorded("hello")
    (stored,) = house.objects()
    for copy in (0, 1):
        house.objects(copy)[0].unlink()
    await house.library.proof.sweep()
    return stored.name


async def test_a_loss_is_told_by_name_with_what_callers_hear(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    sha256 = await lose(house)
    (row,) = await told(house, capsys, "losses.losses", "losses")
    assert row["sha256"] == sha256
    expected = {
        "company": "Exempel AB", "kind": "greeting", "name": "greeting-201", "lang": "sv", "version": 1,
        "how": "missing", "lost": True, "copies": ["1", "2"], "heard": "own", "healed": None,
    }  # fmt: skip
    assert expected.items() <= row.items()
    assert await told(house, capsys, "losses.losses", "losses", "--company", "Annat AB") == []
    assert await vaxel(desk_in(house), "losses.losses", "losses") == 0
    assert "greeting-201" in capsys.readouterr().out


async def test_what_is_whole_again_is_told_unless_only_open_ones_are_asked_for(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256 = await lose(house)
    await house.library.ledger.healed(house.world.exempel.id, sha256, "2")
    (row,) = await told(house, capsys, "losses.losses", "losses")
    assert (row["healed_from"], row["healed"]) == ("2", house.world.clock.now.isoformat(timespec="seconds"))
    assert await told(house, capsys, "losses.losses", "losses", "--open") == []


async def test_an_order_is_told_until_every_copy_has_obeyed(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    lunch = await erasable(house, "one")
    await house.library.erasing.order_message(house.world.exempel.id, lunch.message, by=BY, because="for good")
    (row,) = await told(house, capsys, "erasing.orders", "vault", "orders")
    assert (row["what"], row["because"], row["by"]) == (lunch.objects[0], "for good", BY)
    assert (row["obeyed_by"], row["waits_for"]) == ([], ["1", "2"])
    await house.library.erasing.work()
    assert await told(house, capsys, "erasing.orders", "vault", "orders") == []


async def test_only_the_operators_yes_lets_deleting_go_on(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    made = [await erasable(house, name=f"m{n}") for n in range(22)]
    desk = desk_in(house)
    for n in range(20):
        assert await vaxel(desk, "messages.delete", "messages", "delete", f"m{n}") == 0
    with pytest.raises(Refused, match="brake-on"):
        await vaxel(desk, "messages.delete", "messages", "delete", "m20")
    capsys.readouterr()
    assert await vaxel(desk, "erasing.orders", "vault", "orders") == 0
    assert "Exempel AB: stopped since" in capsys.readouterr().out
    assert await vaxel(desk, "erasing.release", "vault", "release") == 2
    assert await house.library.brake.is_on(house.world.exempel.id)
    assert await vaxel(desk, "erasing.release", "vault", "release", "--company", "Exempel AB") == 0
    assert "21 within an hour" in capsys.readouterr().out
    assert await vaxel(desk, "messages.delete", "messages", "delete", "m20") == 0
    assert len(made) == 22
