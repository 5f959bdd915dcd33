"""Everything in use is looked at and read again: what is wrong is told by name, then healed from where it is whole."""

import shutil
from contextlib import suppress
from pathlib import Path

from prometheus_client import generate_latest

from pbx import metrics
from pbx.store.values import Take
from tests.library.house import House


async def kept(house: House, words: str = "hello") -> Take:
    take = await house.greeting()
    house.speak(take, words)
    assert (await house.keep(take)).ok
    return take


def damage(file: Path) -> None:
    """One bit, the length as before."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(data)


async def test_nothing_wrong_is_told_as_nothing(house: House) -> None:
    await kept(house)
    swept = await house.library.proof.sweep()
    assert (swept.looked, swept.lost, swept.healed) == (1, 0, 0)
    scrubbed = await house.library.proof.scrub()
    assert (scrubbed.healed, scrubbed.unhealed) == (0, [])
    assert scrubbed.files > 4
    assert await house.library.ledger.all() == []


async def test_a_line_whose_healer_died_before_it_was_closed_is_closed_by_the_next_scrub(house: House) -> None:
    await kept(house)
    name = house.objects(0)[0].name
    await house.library.ledger.found(
        house.world.exempel.id, name, how="corrupt", lost=False, copies=["1"], proved_at=None, heard="own"
    )
    await house.library.proof.sweep()
    assert len(await house.library.ledger.all(only_open=True)) == 1
    await house.library.proof.scrub()
    (line,) = await house.library.ledger.all()
    assert line.healed_at is not None


async def test_an_object_gone_from_one_copy_is_told_and_comes_back_from_the_other(house: House) -> None:
    await kept(house)
    (file,) = house.objects(0)
    before = file.read_bytes()
    file.unlink()
    swept = await house.library.proof.sweep()
    assert (swept.lost, swept.healed) == (0, 1)
    assert file.read_bytes() == before
    (line,) = await house.library.ledger.all()
    assert (line.kind, line.how, line.lost, line.copies, line.healed_from) == (
        "greeting",
        "missing",
        False,
        ("1",),
        "2",
    )
    assert line.healed_at is not None
    assert line.proved_at is not None


async def test_a_flipped_bit_is_found_by_reading_and_healed(house: House) -> None:
    await kept(house)
    (file,) = house.objects(1)
    before = file.read_bytes()
    damage(file)
    assert (await house.library.proof.sweep()).healed == 0
    scrubbed = await house.library.proof.scrub()
    assert (scrubbed.healed, scrubbed.unhealed) == (1, [])
    assert file.read_bytes() == before
    (line,) = await house.library.ledger.all()
    assert (line.how, line.lost, line.copies) == ("corrupt", False, ("2",))
    assert line.healed_at is not None


async def test_what_no_copy_has_is_lost_by_name_once_and_for_as_long_as_it_is(house: House) -> None:
    await kept(house)
    for copy in house.copies:
        shutil.rmtree(copy / "companies" / house.world.exempel.id / "objects")
    for _ in range(2):
        assert (await house.library.proof.sweep()).lost == 1
    (line,) = await house.library.ledger.all(house.world.exempel.id)
    assert (line.kind, line.how, line.lost, line.healed_at) == ("greeting", "missing", True, None)
    (view,) = [
        one
        for one in await house.library.messages.all(house.world.exempel.id)
        if one.kind == "greeting" and one.state != "stand-in"
    ]
    assert view.state == "missing"


async def test_what_is_recorded_anew_and_lost_again_is_told_by_its_own_name(house: House) -> None:
    first = await kept(house)
    for copy in (0, 1):
        house.objects(copy)[0].unlink()
    await house.library.proof.sweep()
    second = await house.voice_message()
    house.speak(second, "hello")
    assert (await house.keep(second)).ok
    for copy in (0, 1):
        house.objects(copy)[0].unlink()
    assert (await house.library.proof.sweep()).lost == 1
    lines = await house.library.ledger.all(only_open=True)
    assert {(line.kind, line.lost) for line in lines} == {("greeting", True), ("voice", True)}
    assert first.id != second.id


async def test_what_comes_back_by_itself_closes_its_line(house: House) -> None:
    await kept(house)
    kept_aside = house.root / "aside"
    objects = [copy / "companies" / house.world.exempel.id / "objects" for copy in house.copies]
    for number, folder in enumerate(objects):
        folder.rename(kept_aside.with_suffix(f".{number}"))
    assert (await house.library.proof.sweep()).lost == 1
    kept_aside.with_suffix(".1").rename(objects[1])
    assert (await house.library.proof.sweep()).lost == 0
    (line,) = await house.library.ledger.all()
    assert line.healed_at is not None
    assert house.objects(0)


async def test_damaged_in_both_copies_it_is_lost_and_both_are_left_as_they_are(house: House) -> None:
    await kept(house)
    files = [*house.objects(0), *house.objects(1)]
    for file in files:
        damage(file)
    scrubbed = await house.library.proof.scrub()
    assert len(scrubbed.unhealed) == 2
    assert all(file.exists() for file in files)
    (line,) = await house.library.ledger.all()
    assert (line.how, line.lost, line.healed_at) == ("corrupt", True, None)


async def test_a_lost_recording_of_which_damaged_bytes_come_back_is_not_told_to_be_well(house: House) -> None:
    await kept(house)
    (one,), (other,) = house.objects(0), house.objects(1)
    data = one.read_bytes()
    one.unlink()
    other.unlink()
    await house.library.proof.sweep()
    one.write_bytes(data)
    damage(one)
    await house.library.proof.sweep()
    await house.library.proof.scrub()
    (line,) = await house.library.ledger.all(only_open=True)
    assert (line.how, line.lost) == ("corrupt", True)
    views = await house.library.messages.all(house.world.exempel.id)
    assert [view.state for view in views if view.duration_s] == ["corrupt"]


async def test_a_take_that_the_spool_still_has_heals_what_both_copies_lost(house: House) -> None:
    shutil.rmtree(house.copies[1], ignore_errors=True)
    house.copies[1].write_text("a file where a folder was")
    take = await house.greeting()
    house.speak(take, "hello")
    assert (await house.keep(take)).ok
    assert house.spooled()
    (file,) = house.objects(0)
    file.unlink()
    swept = await house.library.proof.sweep()
    assert (swept.lost, swept.healed) == (0, 1)
    (line,) = await house.library.ledger.all()
    assert line.healed_from == "spool"
    assert file.exists()


async def test_a_damaged_catalogue_entry_is_healed_from_the_other_copy_and_else_from_the_database(house: House) -> None:
    await kept(house)
    entries = [sorted((copy / "companies" / house.world.exempel.id / "catalogue").iterdir()) for copy in house.copies]
    whole = entries[0][3].read_bytes()
    damage(entries[0][3])
    assert (await house.library.proof.scrub()).unhealed == []
    assert entries[0][3].read_bytes() == whole
    for of in entries:
        damage(of[3])
    assert (await house.library.proof.scrub()).unhealed == []
    assert [of[3].read_bytes() for of in entries] == [whole, whole]


async def test_a_catalogue_entry_that_no_copy_has_any_more_comes_back_from_the_database(house: House) -> None:
    await kept(house)
    entries = [
        copy / "companies" / house.world.exempel.id / "catalogue" / f"{number:012d}"
        for copy in house.copies
        for number in (1, 2, 4)
    ]
    whole = [entry.read_bytes() for entry in entries]
    for entry in entries:
        entry.unlink()
    assert (await house.library.proof.scrub()).unhealed == []
    assert [entry.read_bytes() for entry in entries] == whole


async def test_a_scrub_that_was_broken_off_goes_on_where_it_was(house: House) -> None:
    await kept(house)
    whole = (await house.library.proof.scrub()).files

    class Enough(Exception):
        pass

    def stop(_: object) -> None:
        raise Enough

    with suppress(Enough):
        await house.library.proof.scrub(told=stop, resumable=True)
    state = house.library.proof._progress.done().scrub
    assert state.cursor
    assert 0 < (await house.library.proof.scrub(cursor=state.cursor, began=state.began)).files < whole


def gauges() -> dict[str, float]:
    """What Prometheus would read of the vault."""
    lines = generate_latest(metrics.REGISTRY).decode().splitlines()
    told = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}
    return {name: value for name, value in told.items() if name.startswith(("vaxel_vault_", "vaxel_losses_"))}


async def test_a_copy_that_is_out_is_told_with_what_it_lacks_until_it_has_everything(house: House) -> None:
    await kept(house)
    await house.library.proof.sweep()
    assert (await house.library.proof.last()).lacking == {}
    house.copies[1].rename(house.root / "away")
    await kept(house, "another")
    await house.library.proof.sweep()
    assert (await house.library.proof.last()).lacking == {"2": 2}
    standing = house.library.proof.standing
    assert standing is not None
    assert (standing.copies, standing.lacking, standing.losses) == ({"1": "ok", "2": "frozen"}, {"2": 2}, 0)
    assert gauges() == {
        'vaxel_vault_objects_lacking{copy="1"}': 0, 'vaxel_vault_objects_lacking{copy="2"}': 2,
        "vaxel_vault_copies_out": 1, "vaxel_losses_open": 0,
    }  # fmt: skip
    await house.vault.refill("2")
    await house.library.proof.sweep()
    assert (await house.library.proof.last()).lacking == {}
    assert gauges()["vaxel_vault_copies_out"] == 0


async def test_what_no_copy_has_is_a_loss_and_no_copy_lags_for_it(house: House) -> None:
    await kept(house)
    for copy in (0, 1):
        house.objects(copy)[0].unlink()
    await house.library.proof.sweep()
    assert (await house.library.proof.last()).lacking == {}
    assert gauges()["vaxel_losses_open"] == 1
