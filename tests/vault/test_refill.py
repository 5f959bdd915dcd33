"""A person has a copy filled again, adds one, or retires one; nothing that was erased comes back by it."""

import errno
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from pbx.vault import Broken, Held, Refilled, Vault
from pbx.vault.errors import CannotAdd, CannotRefill, CannotRetire, UnknownCopy
from pbx.vault.layout import entry_path, object_path, sidecar_path
from tests.vault.faulty import Faults, flipped, overwrite
from tests.vault.logs import head_of_another_format, log
from tests.vault.test_scrub import content, filled, findings


async def frozen(vault: Vault) -> dict[str, str | None]:
    return {state.name: state.frozen for state in await vault.states()}


def another(copies: list[Path]) -> Vault:
    return Vault(copies, register=copies[0].parent / "vault.json")


@pytest.mark.parametrize("how", ["all of it", "its content", "its mark", "not mounted"])
async def test_a_copy_that_was_emptied_is_made_whole_file_for_file(
    vault: Vault, copies: list[Path], company: str, how: str
) -> None:
    await filled(vault, company, 25)
    whole = content(copies[0])
    match how:
        case "all of it":
            shutil.rmtree(copies[1])
        case "not mounted":
            shutil.rmtree(copies[1])
            copies[1].mkdir()
        case "its content":
            shutil.rmtree(copies[1] / "companies")
            assert len(await findings(vault)) > 20
        case "its mark":
            (copies[1] / "vaxel-copy.json").unlink()
    assert (await frozen(vault))["2"]
    told: list[tuple[int, int]] = []
    done = await vault.refill("2", lambda done, of: told.append((done, of)))
    assert content(copies[1]) == content(copies[0]) == whole
    if how == "its mark":
        assert done == Refilled("2", right=25 * 2 + 5)
    else:
        assert done == Refilled("2", objects=25, sidecars=25, entries=5, bytes=sum(map(len, whole.values())))
    assert told[-1][0] == told[-1][1] == len(told)
    assert await frozen(vault) == {"1": None, "2": None}
    assert await frozen(another(copies)) == {"1": None, "2": None}
    assert await findings(vault) == []
    assert (await vault.put(company, b"and on", {})).copies == 2


async def test_both_emptied_both_take_writes_again_and_what_is_gone_stays_gone(
    vault: Vault, copies: list[Path], company: str
) -> None:
    held = [Held(company, sha256, 9, lost=True) for sha256 in await filled(vault, company, 25)]
    for copy in copies:
        shutil.rmtree(copy)
    assert not await vault.writable()
    assert await vault.refill(copies[0]) == Refilled("1")
    assert await vault.writable()
    stored = await vault.put(company, b"recorded anew", {})
    assert stored.copies == 1
    assert (await vault.refill("2")).objects == 1
    assert await vault.holders(company, [(stored.sha256, stored.size)]) == [2]
    assert await vault.look(held) == [{"1": "missing", "2": "missing"}] * 25
    assert await frozen(vault) == {"1": None, "2": None}


async def test_what_is_damaged_is_mended_and_what_only_this_copy_has_is_left(
    vault: Vault, copies: list[Path], company: str
) -> None:
    first, _, third = await filled(vault, company, 3)
    (copies[0] / object_path(company, third)).unlink()
    overwrite(copies[1] / object_path(company, first), flipped)
    (copies[1] / "vaxel-copy.json").unlink()
    await vault.put(company, b"meanwhile", {})
    done = await vault.refill("2")
    assert (done.objects, done.lacking) == (2, 0)
    assert (copies[1] / object_path(company, third)).exists()
    (found,) = await findings(vault)
    assert (found.name, found.copy, found.how) == (third, "1", "missing")


async def test_what_no_copy_has_whole_is_counted(vault: Vault, copies: list[Path], company: str) -> None:
    (sha256,) = await filled(vault, company, 1)
    overwrite(copies[0] / object_path(company, sha256), flipped)
    shutil.rmtree(copies[1])
    assert (await vault.refill("2")).lacking == 1
    assert not (copies[1] / object_path(company, sha256)).exists()


async def test_what_was_erased_or_trimmed_meanwhile_does_not_come_back(
    frail: Vault, faults: Faults, copies: list[Path], company: str
) -> None:
    kept, gone, held_back = await filled(frail, company, 3)
    (copies[1] / "vaxel-copy.json").unlink()
    assert await frail.erase(company, gone) == {"1"}
    assert await frail.catalogue.trim(company, 3) == {"1"}
    shutil.rmtree(copies[1])
    await frail.refill("2", erased=lambda c, sha256: sha256 == held_back)
    assert (copies[1] / object_path(company, kept)).exists()
    assert not (copies[1] / object_path(company, gone)).exists()
    assert not (copies[1] / object_path(company, held_back)).exists()
    assert await frail.catalogue.read(company, copy="2") == log(5, images=(3,))[2:]
    assert not (copies[1] / entry_path(company, f"{2:012d}")).exists()


async def test_a_disk_that_comes_back_after_another_had_its_place_gives_up_what_was_erased_meanwhile(
    frail: Vault, faults: Faults, copies: list[Path], company: str, tmp_path: Path
) -> None:
    kept, gone, here_alone = await filled(frail, company, 3)
    copies[1].rename(tmp_path / "away")
    await frail.refill("2")
    assert await frail.erase(company, gone) == {"1", "2"}
    assert await frail.catalogue.trim(company, 3) == {"1", "2"}
    shutil.rmtree(copies[1])
    (tmp_path / "away").rename(copies[1])
    (copies[0] / object_path(company, here_alone)).unlink()
    await frail.refill("2", erased=lambda c, sha256: sha256 == gone)
    assert (copies[1] / object_path(company, kept)).exists()
    assert (copies[1] / object_path(company, here_alone)).exists()
    assert not (copies[1] / object_path(company, gone)).exists()
    assert not (copies[1] / sidecar_path(company, gone)).exists()
    assert await frail.catalogue.read(company, copy="2") == log(5, images=(3,))[2:]
    assert not (copies[1] / entry_path(company, f"{2:012d}")).exists()


async def test_a_refill_decides_between_two_whole_entries(vault: Vault, copies: list[Path], company: str) -> None:
    await vault.catalogue.write(company, log(3))
    other = log(3, text=" of another database")[2]
    overwrite(copies[1] / entry_path(company, other.name), lambda _: other.file)
    with pytest.raises(Broken):
        await vault.catalogue.read(company)
    assert (await vault.refill("2")).entries == 1
    assert await vault.catalogue.read(company) == log(3)


@pytest.mark.parametrize("harmed", [(0,), (1,), (0, 1)], ids=["in-its-source", "in-it", "in-both"])
async def test_an_entry_whose_head_alone_is_harmed_is_filled_in_whole(
    vault: Vault, copies: list[Path], company: str, harmed: tuple[int, ...]
) -> None:
    await vault.catalogue.write(company, log(3))
    path = entry_path(company, f"{2:012d}")
    whole = (copies[1] / path).read_bytes()
    for copy in harmed:
        overwrite(copies[copy] / path, head_of_another_format)
    assert (await vault.refill("2")).entries == (1 if 1 in harmed else 0)
    assert (copies[1] / path).read_bytes() == whole


async def test_a_copy_that_cannot_be_filled_stays_frozen(
    frail: Vault, faults: Faults, copies: list[Path], company: str
) -> None:
    await filled(frail, company, 3)
    shutil.rmtree(copies[1])
    await frail.states()
    faults["b"].broken(put=errno.ENOSPC)
    with pytest.raises(CannotRefill, match="No space"):
        await frail.refill("2")
    assert (await frozen(frail))["2"] == "its mark is not there"
    faults["b"].broken()
    await frail.refill("2")
    assert content(copies[0]) == content(copies[1])


async def test_a_folder_that_is_swapped_while_it_is_filled_gets_nothing_more(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await filled(vault, company, 9)
    shutil.rmtree(copies[1])

    def swap(done: int, of: int) -> None:
        if done == 2:
            copies[1].rename(copies[1].with_name("aside"))
            copies[1].mkdir()

    with pytest.raises(CannotRefill, match="has lost its mark meanwhile"):
        await vault.refill("2", swap)
    assert list(copies[1].iterdir()) == []
    assert (await frozen(vault))["2"]


async def test_what_is_kept_while_a_copy_is_filled_is_in_it_afterwards(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await filled(vault, company, 4)
    shutil.rmtree(copies[1])
    late = object_path(company, hashlib.sha256(b"late").hexdigest())

    def keep(done: int, of: int) -> None:
        if done == of:
            (copies[0] / late).parent.mkdir(exist_ok=True)
            (copies[0] / late).write_bytes(b"late")
            (copies[0] / entry_path(company, f"{6:012d}")).write_bytes(log(6, images=(3,))[5].file)

    done = await vault.refill("2", keep)
    assert (done.objects, done.entries) == (5, 6)
    assert content(copies[0]) == content(copies[1])


async def test_the_folder_of_another_copy_is_not_filled_over(vault: Vault, copies: list[Path], company: str) -> None:
    await filled(vault, company, 2)
    shutil.rmtree(copies[1])
    copies[0].rename(copies[1])
    with pytest.raises(CannotRefill, match="carries the mark of copy 1"):
        await vault.refill("2")


async def test_a_copy_that_is_not_known_is_answered_with_those_that_are(vault: Vault, copies: list[Path]) -> None:
    for which in ("3", "/nowhere", ""):
        with pytest.raises(UnknownCopy, match=re.escape(f"is none of 1 ({copies[0]}), 2 ({copies[1]})")):
            await vault.refill(which)


async def test_a_folder_with_content_and_no_mark_is_taken_in_by_a_person(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await filled(vault, company, 3)
    (copies[0].parent / "vault.json").unlink()
    for copy in copies:
        (copy / "vaxel-copy.json").unlink()
    later = another(copies)
    assert not await later.writable()
    assert (await later.refill("1")).lacking == 0
    assert (await later.refill("2")).right == 3 * 2 + 5
    assert (await later.put(company, b"object 0", {})).copies == 2


async def test_a_copy_is_added_filled_and_used_by_every_process(vault: Vault, copies: list[Path], company: str) -> None:
    await filled(vault, company, 4)
    other = another(copies)
    await other.open()
    third = copies[0].parent / "c"
    assert await vault.add_copy(third) == "3"
    assert (await frozen(vault))["3"] == "it is new and not filled yet"
    assert (await vault.put(company, b"before it is filled", {})).copies == 2
    await vault.refill("3")
    assert content(third) == content(copies[0])
    assert vault.copies == 3
    assert (await other.put(company, b"and on", {})).copies == 3
    assert other.copies == 3
    with pytest.raises(CannotAdd, match="is a copy already"):
        await vault.add_copy(third)


async def test_a_folder_that_is_no_new_copy_is_not_added(vault: Vault, copies: list[Path], company: str) -> None:
    await filled(vault, company, 1)
    third = copies[0].parent / "c"
    shutil.copytree(copies[0], third)
    with pytest.raises(CannotAdd, match="carries the mark of copy 1"):
        await vault.add_copy(third)
    (third / "vaxel-copy.json").unlink()
    with pytest.raises(CannotAdd, match="has content and no mark"):
        await vault.add_copy(third)
    shutil.rmtree(third)
    third.write_text("a file")
    with pytest.raises(CannotAdd):
        await vault.add_copy(third)
    assert await frozen(vault) == {"1": None, "2": None}


async def test_a_retired_copy_is_never_touched_again_and_its_name_not_used(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await filled(vault, company, 4)
    other = another(copies)
    await other.open()
    before = content(copies[0])
    await vault.retire_copy("1")
    for one in (vault, other):
        await one.put(company, b"after", {})
        assert [state.name for state in await one.states()] == ["2"]
        assert one.copies == 1
    assert content(copies[0]) == before
    assert [state.name for state in await another(copies).states()] == ["2"]
    with pytest.raises(UnknownCopy):
        await vault.refill("1")
    with pytest.raises(CannotAdd, match="mark of copy 1"):
        await vault.add_copy(copies[0])
    assert await vault.add_copy(copies[0].parent / "c") == "3"
    told = json.loads((copies[0].parent / "vault.json").read_text())["copies"]
    assert [bool(one["retired"]) for one in told] == [True, False, False]


async def test_too_few_would_be_left(vault: Vault, copies: list[Path], company: str) -> None:
    await filled(vault, company, 2)
    (copies[1] / "vaxel-copy.json").unlink()
    with pytest.raises(CannotRetire, match="only 0 take writes of 1 needed"):
        await vault.retire_copy("1")
    await vault.retire_copy("2")
    with pytest.raises(CannotRetire):
        await vault.retire_copy("1")


async def test_a_copy_that_alone_has_something_is_not_retired(vault: Vault, copies: list[Path], company: str) -> None:
    first, _ = await filled(vault, company, 2)
    (copies[1] / object_path(company, first)).unlink()
    (copies[1] / entry_path(company, f"{4:012d}")).unlink()
    with pytest.raises(CannotRetire, match="2 files of copy 1 are in no other"):
        await vault.retire_copy("1")
