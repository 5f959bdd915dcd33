"""The catalogue: what was written is in the copies, and what is read back has no gap, no damage and no foreign link."""

import errno
import hashlib
import json
import multiprocessing
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from pbx.vault import Broken, Diverged, Entry, TooFewCopies, Vault
from pbx.vault.errors import BadEntry, UnknownCopy, WrongBytes
from pbx.vault.layout import BadName
from tests.vault.faulty import Faults, flipped, overwrite
from tests.vault.logs import body, head_of_another_format, log


def file_of(copy: Path, company: str, number: int) -> Path:
    return copy / "companies" / company / "catalogue" / f"{number:012d}"


async def test_an_entry_is_a_file_that_a_person_can_read_and_prove(
    vault: Vault, copies: list[Path], company: str
) -> None:
    (entry,) = log(1)
    assert await vault.catalogue.write(company, [entry]) == 2
    for copy in copies:
        header, _, text = file_of(copy, company, 1).read_bytes().partition(b"\n")
        assert header == b"vaxel-catalogue 1 " + hashlib.sha256(text).hexdigest().encode()
        assert json.loads(text)["rows"] == ["row 1"]


async def test_what_was_written_is_read_in_order(vault: Vault, company: str) -> None:
    entries = log(12)
    await vault.catalogue.write(company, entries[:5])
    await vault.catalogue.write(company, entries[5:])
    assert await vault.catalogue.read(company) == entries
    assert await vault.catalogue.read(company, after=9) == entries[9:]
    assert await vault.catalogue.read(company, after=12) == []
    assert await vault.catalogue.heads(company) == {"1": 12, "2": 12}
    assert await vault.catalogue.companies() == [company]


async def test_a_company_without_entries_has_none(vault: Vault, company: str) -> None:
    assert await vault.catalogue.read(company) == []
    assert await vault.catalogue.heads(company) == {"1": 0, "2": 0}
    assert await vault.catalogue.companies() == []
    assert await vault.catalogue.write(company, []) == 2


async def test_reading_begins_at_the_newest_image(vault: Vault, company: str) -> None:
    entries = log(9, images=(3, 6))
    await vault.catalogue.write(company, entries)
    assert await vault.catalogue.read(company) == entries[5:]
    assert await vault.catalogue.read(company, after=1) == entries[1:]


async def test_writing_the_same_again_changes_nothing(vault: Vault, copies: list[Path], company: str) -> None:
    await vault.catalogue.write(company, log(3))
    before = [file_of(copy, company, 2).stat().st_ino for copy in copies]
    assert await vault.catalogue.write(company, log(3)) == 2
    assert [file_of(copy, company, 2).stat().st_ino for copy in copies] == before


async def test_another_entry_under_the_same_number_is_refused_and_the_first_stays(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.catalogue.write(company, log(3))
    with pytest.raises(Diverged) as refused:
        await vault.catalogue.write(company, log(3, text=" of another database"))
    assert (refused.value.copy, refused.value.number) == ("1", 1)
    assert await vault.catalogue.read(company) == log(3)


async def test_an_entry_of_a_later_format_is_not_taken_for_damage(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.catalogue.write(company, log(1))
    text = b'{"format": 2}'
    overwrite(
        file_of(copies[0], company, 1),
        lambda _: b"vaxel-catalogue 2 " + hashlib.sha256(text).hexdigest().encode() + b"\n" + text,
    )
    with pytest.raises(Diverged):
        await vault.catalogue.write(company, log(1))


async def test_an_entry_with_another_number_in_its_head_is_the_same_entry_and_made_whole_by_the_next_write(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.catalogue.write(company, log(3))
    file = file_of(copies[0], company, 2)
    whole = file.read_bytes()
    overwrite(file, head_of_another_format)
    assert await vault.catalogue.read(company, copy=copies[0]) == log(3)
    assert await vault.catalogue.write(company, log(3)) == 2
    assert file.read_bytes() == whole


@pytest.mark.parametrize("damage", [flipped, lambda data: data[:-3], lambda data: b"", lambda data: data[:10]])
async def test_a_damaged_entry_is_read_from_another_copy_and_replaced_by_the_next_write(
    vault: Vault, copies: list[Path], company: str, damage: Any
) -> None:
    await vault.catalogue.write(company, log(3))
    overwrite(file_of(copies[0], company, 2), damage)
    assert await vault.catalogue.read(company) == log(3)
    with pytest.raises(Broken, match="at 2: copy 1: it is damaged"):
        await vault.catalogue.read(company, copy="1")
    assert await vault.catalogue.write(company, log(3)) == 2
    assert await vault.catalogue.read(company, copy=copies[0]) == log(3)


async def test_entries_that_only_one_copy_has_are_taken_from_it(vault: Vault, copies: list[Path], company: str) -> None:
    await vault.catalogue.write(company, log(4))
    file_of(copies[0], company, 2).unlink()
    file_of(copies[1], company, 3).unlink()
    file_of(copies[1], company, 4).unlink()
    assert await vault.catalogue.read(company) == log(4)
    assert await vault.catalogue.heads(company) == {"1": 4, "2": 2}
    assert await vault.catalogue.unbroken(company, 1) == {"1": 1, "2": 2}
    assert await vault.catalogue.unbroken(company, 2) == {"1": 1, "2": 2}


@pytest.mark.parametrize("number", [1, 3, 5])
async def test_a_gap_in_every_copy_is_told_by_number(
    vault: Vault, copies: list[Path], company: str, number: int
) -> None:
    await vault.catalogue.write(company, log(6))
    for copy in copies:
        file_of(copy, company, number).unlink()
    with pytest.raises(Broken) as broken:
        await vault.catalogue.read(company)
    assert (broken.value.company, broken.value.number) == (company, number)


async def test_damage_in_every_copy_is_told_also_where_an_older_image_would_begin(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.catalogue.write(company, log(6, images=(2, 5)))
    for copy in copies:
        overwrite(file_of(copy, company, 5), flipped)
    with pytest.raises(Broken, match="at 5"):
        await vault.catalogue.read(company)


async def test_a_link_that_does_not_hold_is_told(vault: Vault, company: str) -> None:
    foreign = log(4, text=" of another database")
    await vault.catalogue.write(company, [*log(2), *foreign[2:]])
    with pytest.raises(Broken, match="at 3: it does not follow"):
        await vault.catalogue.read(company)
    assert await vault.catalogue.read(company, after=2) == foreign[2:]


async def test_a_log_whose_beginning_is_gone_is_told(vault: Vault, copies: list[Path], company: str) -> None:
    await vault.catalogue.write(company, log(4))
    for copy in copies:
        file_of(copy, company, 1).unlink()
    with pytest.raises(Broken, match="at 1"):
        await vault.catalogue.read(company)
    await vault.catalogue.write(company, [Entry.of(body(1, "0" * 64))])
    with pytest.raises(Broken):
        await vault.catalogue.read(company)


async def test_two_copies_that_hold_different_logs_are_told_apart_by_nobody_but_a_person(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.catalogue.write(company, log(3))
    other = log(3, text=" of another database")
    for entry in other:
        overwrite(file_of(copies[1], company, entry.number), lambda _, entry=entry: entry.file)  # type: ignore[misc]
    with pytest.raises(Broken, match="copies 1, 2 do not hold the same"):
        await vault.catalogue.read(company)
    assert await vault.catalogue.read(company, copy="2") == other


async def test_an_entry_under_another_number_is_not_taken(vault: Vault, copies: list[Path], company: str) -> None:
    await vault.catalogue.write(company, log(3))
    for copy in copies:
        shutil.copy(file_of(copy, company, 3), file_of(copy, company, 4))
    with pytest.raises(Broken, match="it says that it is 3"):
        await vault.catalogue.read(company)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
async def test_a_copy_that_fails_keeps_nothing_from_the_others_and_catches_up(
    frail: Vault, faults: Faults, company: str, error: int
) -> None:
    await frail.open()
    faults["a"].broken(create=error)
    assert await frail.catalogue.write(company, log(3)) == 1
    faults["b"].broken(create=error)
    with pytest.raises(TooFewCopies):
        await frail.catalogue.write(company, log(4))
    faults["a"].broken()
    faults["b"].broken()
    assert await frail.catalogue.heads(company) == {"1": 0, "2": 3}
    assert await frail.catalogue.write(company, log(4)) == 2
    assert await frail.catalogue.read(company, copy="1") == log(4)


async def test_a_copy_that_is_frozen_or_away_has_no_head_and_gives_no_entry(
    frail: Vault, faults: Faults, copies: list[Path], company: str
) -> None:
    await frail.catalogue.write(company, log(3))
    (copies[0] / "vaxel-copy.json").unlink()
    faults["b"].away()
    assert await frail.catalogue.heads(company) == {"1": None, "2": None}
    with pytest.raises(TooFewCopies):
        await frail.catalogue.read(company)
    faults["b"].broken()
    assert await frail.catalogue.write(company, log(4)) == 1
    assert not file_of(copies[0], company, 4).exists()


async def test_an_entry_that_is_not_made_of_its_body_is_not_written(vault: Vault, company: str) -> None:
    entry = log(1)[0]
    with pytest.raises(WrongBytes):
        await vault.catalogue.write(company, [Entry(1, "", entry.sha, "change", entry.body + b" ")])


async def test_names_that_are_none_become_no_path(vault: Vault) -> None:
    with pytest.raises(BadName):
        await vault.catalogue.read("../..")
    with pytest.raises(UnknownCopy, match=re.escape("9 is none of 1 (")):
        await vault.catalogue.read("x", copy="9")


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": 2}, {"format": None}, {"number": 0}, {"number": "1"}, {"number": True}, {"number": 10**12},
        {"prev": None}, {"prev": "x"}, {"kind": "gone"}, {"kind": None}, {"revision": 1}, {"at": None},
    ],
)  # fmt: skip
def test_what_is_no_entry_is_not_taken_for_one(wrong: dict[str, object]) -> None:
    with pytest.raises(BadEntry):
        Entry.of(json.dumps({**json.loads(body(1, "")), **wrong}).encode())


@pytest.mark.parametrize("data", [b"", b"x", b"[]", b"null", b"\xff", b'{"format": 1'])
def test_bytes_that_are_no_entry_are_not_taken_for_one(data: bytes) -> None:
    with pytest.raises(BadEntry):
        Entry.of(data)
    with pytest.raises(BadEntry):
        Entry.parse(data)


async def test_an_erasure_removes_what_came_before_an_image(vault: Vault, copies: list[Path], company: str) -> None:
    entries = log(8, images=(6,))
    await vault.catalogue.write(company, entries)
    assert await vault.catalogue.trim(company, 6) == {"1", "2"}
    assert sorted(path.name for path in file_of(copies[0], company, 1).parent.iterdir()) == [
        entry.name for entry in entries[5:]
    ]
    assert await vault.catalogue.read(company) == entries[5:]
    assert await vault.catalogue.trim(company, 6) == {"1", "2"}
    with pytest.raises(Broken):
        await vault.catalogue.read(company, after=2)


async def test_nothing_is_removed_where_no_whole_image_would_stay(
    frail: Vault, faults: Faults, copies: list[Path], company: str
) -> None:
    entries = log(8, images=(6,))
    await frail.catalogue.write(company, entries)
    assert await frail.catalogue.trim(company, 5) == set()
    overwrite(file_of(copies[0], company, 6), flipped)
    faults["b"].broken(remove=errno.EIO)
    assert await frail.catalogue.trim(company, 6) == set()
    faults["b"].broken()
    assert await frail.catalogue.trim(company, 6) == {"2"}
    assert await frail.catalogue.trim(company, 9) == set()
    assert file_of(copies[0], company, 1).exists()


def _write(root: Path, company: str, text: str) -> None:
    import asyncio

    async def work() -> None:
        vault = Vault([root / "a", root / "b"], register=root / "vault.json")
        for entry in log(30, text=text):
            try:
                await vault.catalogue.write(company, [entry])
            except Diverged:
                return

    asyncio.run(work())


@pytest.mark.parametrize("texts", [("", ""), ("", " of another database")])
async def test_two_processes_that_write_the_same_numbers_leave_one_log_or_are_told(
    tmp_path: Path, vault: Vault, copies: list[Path], company: str, texts: tuple[str, str]
) -> None:
    forked = multiprocessing.get_context("fork")
    writers = [forked.Process(target=_write, args=(tmp_path, company, text)) for text in texts]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    for copy in copies:
        for path in file_of(copy, company, 1).parent.iterdir():
            assert Entry.parse(path.read_bytes()) in [log(30, text=text)[int(path.name) - 1] for text in texts]
    if texts[0] == texts[1]:
        assert await vault.catalogue.read(company) == log(30)


async def test_one_folder_that_is_no_copy_of_ours_can_be_read_alone(
    vault: Vault, copies: list[Path], company: str, tmp_path: Path
) -> None:
    await vault.catalogue.write(company, log(3))
    shutil.copytree(copies[1], tmp_path / "from the attic")
    other = Vault([tmp_path / "new"], register=tmp_path / "other.json")
    assert await other.catalogue.companies(tmp_path / "from the attic") == [company]
    assert await other.catalogue.read(company, copy=tmp_path / "from the attic") == log(3)
    assert await other.catalogue.companies() == []
    with pytest.raises(UnknownCopy):
        await other.catalogue.read(company, copy=tmp_path / "nothing here")


async def test_a_copy_that_was_away_gets_what_it_lacks_first_and_never_has_a_gap(
    vault: Vault, copies: list[Path], company: str
) -> None:
    entries = log(5)
    await vault.catalogue.write(company, entries[:4])
    for number in (3, 4):
        file_of(copies[1], company, number).unlink()
    assert await vault.catalogue.write(company, entries[4:]) == 1
    assert await vault.catalogue.heads(company) == {"1": 5, "2": 2}
    assert await vault.catalogue.write(company, entries[2:]) == 2
