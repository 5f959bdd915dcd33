"""Making what callers hear, from the command line."""

import pytest

from tests.cli.desk import desk_in, vaxel
from tests.library.house import House


async def test_what_is_there_stays_unless_everything_is_asked_for(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.recorded("hello")
    await house.library.published.mend()
    desk = desk_in(house)
    greeting = house.file((await house.at_alvas_mailbox()).media[0])
    inode = greeting.stat().st_ino
    assert await vaxel(desk, "publish.publish", "publish") == 0
    assert capsys.readouterr().out == "0 files made\n"
    assert greeting.stat().st_ino == inode
    assert await vaxel(desk, "publish.publish", "publish", "--all") == 0
    assert capsys.readouterr().out != "0 files made\n"
    assert greeting.stat().st_ino != inode


async def test_what_can_not_be_made_is_told_and_stays_as_it_is(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.recorded("hello")
    greeting = house.file((await house.at_alvas_mailbox()).media[0])
    was = greeting.read_bytes()
    for copy in (0, 1):
        house.objects(copy)[0].unlink()
    assert await vaxel(desk_in(house), "publish.publish", "publish", "--all") == 1
    assert "1 could not be" in capsys.readouterr().out
    assert greeting.read_bytes() == was
