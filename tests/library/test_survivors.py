"""Messages that the dialplan took while nobody of us was there: each comes into its own mailbox, whatever lies by."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pbx.company import Directory
from pbx.node import takes_db
from pbx.node.survivors import Survivors
from pbx.rules.numbers import Number, Withheld
from pbx.store.values import Mailbox, VoiceMessage
from tests.audio.takes import telephone_speech
from tests.library.house import House

AT = 1_772_456_000


class Survival:
    """What Asterisk leaves. `talking`: channels that are not over."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.takes = house.root / "takes.db"
        self.talking: set[str] = set()
        takes_db.prepare(self.takes)
        directory = Directory(house.world.store)
        self.survivors = Survivors(house.library, directory, self.takes, house.spool / "survival")

    def message(self, channel: str, box: Mailbox, seconds: float = 2.0) -> Path:
        name = f"survival/{channel}_{box.id}_{AT}.sln16"
        self._house.write(name, telephone_speech(channel, seconds))
        return self._house.spool / name

    def row(
        self, channel: str, box: Mailbox, caller: str = "+46701740606", status: str = "HANGUP", at: int = AT
    ) -> None:
        with closing(sqlite3.connect(self.takes)) as asterisk, asterisk:
            asterisk.execute(
                "INSERT OR REPLACE INTO takes (id, company, box, phone, caller, lang, at, status)"
                " VALUES (?, ?, ?, '', ?, 'sv', ?, ?)",
                (channel, box.company, box.id, caller, str(at), status),
            )

    @property
    def rows(self) -> set[str]:
        return set(takes_db.read(self.takes))

    async def bring_in(self) -> None:
        await self.survivors.bring_in(self.finished)

    async def finished(self, channel: str) -> bool:
        return channel not in self.talking

    async def messages(self, box: Mailbox) -> list[VoiceMessage]:
        return await self._house.library.mailboxes.messages(box.company, box.id)


@pytest.fixture
def survival(house: House) -> Survival:
    return Survival(house)


async def test_a_file_that_cannot_be_read_keeps_no_other_from_its_mailbox(house: House, survival: Survival) -> None:
    box = house.world.box
    (house.spool / "survival" / f"1.0_{box.id}_{AT}.sln16").mkdir(parents=True)
    survival.message("1.1", box)
    survival.row("1.1", box)
    for _ in range(2):
        await survival.bring_in()
        [message] = await survival.messages(box)
    assert (message.caller, message.interrupted) == (Number("+46701740606"), False)


async def test_a_row_of_another_call_is_not_believed_though_its_channel_has_the_same_name(
    house: House, survival: Survival
) -> None:
    box, other = house.world.box, house.world.other_box
    survival.message("1.1", box)
    survival.row("1.1", other)
    survival.message("1.2", box)
    survival.row("1.2", box, at=AT - 86_400)
    await survival.bring_in()
    assert [message.caller for message in await survival.messages(box)] == [Withheld(), Withheld()]
    assert await survival.messages(other) == []


async def test_how_a_message_ended_is_read_when_its_call_is_over(house: House, survival: Survival) -> None:
    box = house.world.box
    survival.message("1.1", box)
    survival.row("1.1", box, status="")

    async def finished(channel: str) -> bool:
        survival.row("1.1", box)
        return True

    await survival.survivors.bring_in(finished)
    [message] = await survival.messages(box)
    assert not message.interrupted


async def test_a_row_goes_after_its_file_and_stays_while_its_call_goes_on(house: House, survival: Survival) -> None:
    box = house.world.box
    file = survival.message("1.1", box)
    survival.row("1.1", box)
    survival.row("1.2", box)  # whose file could not be made
    survival.row("1.3", box, status="")
    survival.talking.add("1.3")
    await survival.bring_in()
    assert not file.exists()
    assert survival.rows == {"1.3"}
    survival.takes.unlink()
    await survival.bring_in()
    assert survival.rows == set()


async def test_while_the_vault_takes_nothing_the_row_stays_with_its_file(house: House, survival: Survival) -> None:
    box = house.world.box
    file = survival.message("1.1", box)
    survival.row("1.1", box)
    for copy in house.copies:
        copy.write_text("a file where the folder should be")
    await survival.bring_in()
    assert file.exists()
    assert survival.rows == {"1.1"}
