"""A scrub reads everything again, tells what is wrong where, and changes nothing; healing is another thing."""

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from pbx.store import new_id
from pbx.vault import Batch, Finding, TooFewCopies, Vault
from pbx.vault.layout import entry_path, object_path, sidecar_path
from tests.vault.faulty import Faults, flipped, overwrite
from tests.vault.logs import head_of_another_format, log


async def scrubbed(vault: Vault, **how: Any) -> list[Batch]:
    return [batch async for batch in vault.scrub(**how)]


async def findings(vault: Vault) -> list[Finding]:
    return [finding for batch in await scrubbed(vault) for finding in batch.findings]


async def filled(vault: Vault, company: str, count: int) -> list[str]:
    await vault.catalogue.write(company, log(5, images=(3,)))
    return [(await vault.put(company, b"object %d" % number, {"purpose": "x"})).sha256 for number in range(count)]


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("companies/**/*") if path.is_file()
    }


async def test_where_all_is_whole_nothing_is_found_and_all_was_read(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await filled(vault, company, 10)
    batches = await scrubbed(vault)
    assert not any(batch.findings for batch in batches)
    needed = {path: data for path, data in content(copies[0]).items() if not path.endswith(("000001", "000002"))}
    assert sum(batch.objects for batch in batches) == 2 * len(content(copies[0])) == 2 * 25
    assert sum(batch.bytes for batch in batches) >= 2 * sum(map(len, needed.values()))


async def test_an_empty_vault_is_whole(vault: Vault) -> None:
    assert await scrubbed(vault) == []


@pytest.mark.parametrize("kind", ["object", "sidecar", "entry"])
@pytest.mark.parametrize("how", ["missing", "corrupt", "cut", "unreadable"])
async def test_what_is_wrong_is_told_by_name_and_healed_from_the_other_copy(
    frail: Vault, faults: Faults, copies: list[Path], company: str, kind: str, how: str
) -> None:
    names = await filled(frail, company, 3)
    name = names[1] if kind != "entry" else f"{4:012d}"
    path = {
        "object": lambda: object_path(company, name),
        "sidecar": lambda: sidecar_path(company, name),
        "entry": lambda: entry_path(company, name),
    }[kind]()
    whole = content(copies[0])
    match how:
        case "missing":
            (copies[1] / path).unlink()
        case "corrupt":
            overwrite(copies[1] / path, lambda data: bytes([data[0] ^ 1]) + data[1:])
        case "cut":
            overwrite(copies[1] / path, lambda data: data[:-2])
        case "unreadable":
            faults["b"].about = str(path)
            faults["b"].broken(open=errno.EIO)
    (found,) = await findings(frail)
    assert (found.company, found.kind, found.name, found.copy) == (company, kind, name, "2")
    assert found.how == {"cut": "corrupt"}.get(how, how)
    assert (content(copies[1]) == whole) == (how == "unreadable")
    assert await frail.heal(found) == "1"
    faults["b"].broken()
    assert content(copies[0]) == content(copies[1]) == whole
    assert await findings(frail) == []
    assert await frail.heal(found) == "2"


async def test_a_sidecar_that_tells_of_another_object_is_corrupt(
    vault: Vault, copies: list[Path], company: str
) -> None:
    first, second = await filled(vault, company, 2)
    shutil.copy(copies[0] / sidecar_path(company, first), copies[0] / sidecar_path(company, second))
    (found,) = await findings(vault)
    assert (found.kind, found.name, found.copy, found.how) == ("sidecar", second, "1", "corrupt")
    assert await vault.heal(found) == "2"
    assert json.loads((copies[0] / sidecar_path(company, second)).read_text())["sha256"] == second


async def test_a_missing_object_is_healed_together_with_its_sidecar(
    vault: Vault, copies: list[Path], company: str
) -> None:
    (sha256,) = await filled(vault, company, 1)
    whole = content(copies[0])
    (copies[0] / object_path(company, sha256)).unlink()
    (copies[0] / sidecar_path(company, sha256)).unlink()
    assert await vault.heal(Finding(company, "object", sha256, "1", "missing")) == "2"
    assert content(copies[0]) == whole


async def test_what_no_copy_has_whole_stays_as_it_is_and_is_restored_by_whoever_has_the_bytes(
    vault: Vault, copies: list[Path], company: str
) -> None:
    (sha256,) = await filled(vault, company, 1)
    for copy in copies:
        overwrite(copy / object_path(company, sha256), flipped)
    damaged = content(copies[0])
    found = await findings(vault)
    assert [(one.copy, one.how) for one in found] == [("1", "corrupt"), ("2", "corrupt")]
    assert [await vault.heal(one) for one in found] == [None, None]
    assert content(copies[0]) == damaged
    assert (await vault.restore(company, sha256, b"object 0", {"purpose": "x"})).copies == 2
    assert await findings(vault) == []


async def test_an_object_that_is_in_no_copy_is_not_found_missing_and_a_lone_sidecar_says_nothing(
    vault: Vault, copies: list[Path], company: str
) -> None:
    (sha256,) = await filled(vault, company, 1)
    for copy in copies:
        (copy / object_path(company, sha256)).unlink()
    assert await findings(vault) == []


async def test_a_deletion_is_never_carried_over_and_an_erasure_never_undone(
    vault: Vault, copies: list[Path], company: str
) -> None:
    kept, gone = await filled(vault, company, 2)
    (copies[0] / object_path(company, kept)).unlink()
    (copies[0] / object_path(company, gone)).unlink()
    found = await findings(vault)
    assert [await vault.heal(one, lambda c, sha256: (c, sha256) == (company, gone)) for one in found] == [
        "2" if one.name == kept else None for one in found
    ]
    assert (copies[1] / object_path(company, gone)).exists()
    assert not (copies[0] / object_path(company, gone)).exists()
    assert await vault.erase(company, kept) == {"1", "2"}
    assert [await vault.heal(one) for one in found if one.name == kept] == [None]


@pytest.mark.parametrize("harmed", [("1",), ("1", "2")], ids=["in-one", "in-both"])
async def test_an_entry_whose_head_alone_is_harmed_is_found_read_and_healed(
    vault: Vault, copies: list[Path], company: str, harmed: tuple[str, ...]
) -> None:
    await vault.catalogue.write(company, log(3))
    whole = content(copies[0])
    for copy in harmed:
        overwrite(copies[int(copy) - 1] / entry_path(company, f"{2:012d}"), head_of_another_format)
    found = await findings(vault)
    assert [(one.name, one.copy, one.how) for one in found] == [(f"{2:012d}", copy, "corrupt") for copy in harmed]
    assert await vault.catalogue.read(company) == log(3)
    assert [await vault.heal(one) for one in found] == ["2", "1"][: len(harmed)]
    assert content(copies[0]) == content(copies[1]) == whole
    assert await findings(vault) == []


async def test_of_one_copy_alone_an_entry_whose_head_is_harmed_is_made_whole_from_its_body(
    frail: Vault, faults: Faults, copies: list[Path], company: str
) -> None:
    await frail.catalogue.write(company, log(3))
    whole = content(copies[0])
    overwrite(copies[0] / entry_path(company, f"{2:012d}"), head_of_another_format)
    faults["b"].broken(open=errno.EIO)
    found = [one for one in await findings(frail) if one.copy == "1"]
    assert [(one.name, one.how) for one in found] == [(f"{2:012d}", "corrupt")]
    assert [await frail.heal(one) for one in found] == ["1"]
    assert content(copies[0]) == whole


async def test_an_entry_with_a_harmed_head_that_says_something_else_is_another_entry(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.catalogue.write(company, log(3))
    other = log(3, text=" of another database")[2]
    overwrite(copies[1] / entry_path(company, other.name), lambda _: head_of_another_format(other.file))
    found = await findings(vault)
    assert [(one.copy, one.how) for one in found] == [("1", "differs"), ("2", "differs")]
    assert [await vault.heal(one) for one in found] == [None, None]


async def test_entries_that_an_erasure_has_removed_do_not_come_back_from_a_copy_that_was_away(
    frail: Vault, faults: Faults, copies: list[Path], company: str
) -> None:
    await frail.catalogue.write(company, log(6, images=(4,)))
    faults["b"].broken(remove=errno.EIO)
    assert await frail.catalogue.trim(company, 4) == {"1"}
    faults["b"].broken()
    assert await findings(frail) == []
    assert await frail.heal(Finding(company, "entry", f"{2:012d}", "1", "missing")) is None
    overwrite(copies[0] / entry_path(company, f"{4:012d}"), flipped)
    found = await findings(frail)
    assert [(one.name, one.how) for one in found] == [(f"{4:012d}", "corrupt")]
    assert [await frail.heal(one) for one in found] == ["2"]
    assert await findings(frail) == []
    assert not (copies[0] / entry_path(company, f"{3:012d}")).exists()


async def test_two_whole_entries_of_one_number_are_told_and_left_to_a_person(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.catalogue.write(company, log(3))
    other = log(3, text=" of another database")[2]
    overwrite(copies[1] / entry_path(company, other.name), lambda _: other.file)
    found = await findings(vault)
    assert [(one.name, one.copy, one.how) for one in found] == [
        (other.name, "1", "differs"),
        (other.name, "2", "differs"),
    ]
    assert [await vault.heal(one) for one in found] == [None, None]


async def test_a_copy_that_is_mostly_wrong_is_frozen_and_not_healed(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await filled(vault, company, 40)
    shutil.rmtree(copies[1] / "companies")
    found = await findings(vault)
    assert len([one for one in found if one.kind == "object"]) >= 20
    assert {one.copy for one in found} == {"2"}
    assert "objects are missing or damaged in it" in ({s.name: s.frozen for s in await vault.states()}["2"] or "")
    assert [await vault.heal(one) for one in found] == [None] * len(found)
    assert not (copies[1] / "companies").exists()
    assert await findings(vault) == []


async def test_a_scrub_goes_on_where_it_was_left(vault: Vault) -> None:
    for company in sorted(new_id() for _ in range(3)):
        await filled(vault, company, 6)
    whole = await scrubbed(vault)
    assert [batch.cursor for batch in whole] == sorted(batch.cursor for batch in whole)
    for at in (0, 4, len(whole) - 1):
        assert await scrubbed(vault, cursor=whole[at].cursor) == whole[at + 1 :]


async def test_a_gentle_scrub_takes_its_time(vault: Vault, company: str) -> None:
    import time

    await vault.put(company, os.urandom(100_000), {})
    began = time.monotonic()
    read = sum(batch.bytes for batch in await scrubbed(vault, rate=1_000_000))
    assert time.monotonic() - began >= read / 1_000_000 > 0.19


async def test_where_nothing_can_be_listed_nothing_is_called_proved(frail: Vault, faults: Faults, company: str) -> None:
    await filled(frail, company, 2)
    faults["b"].broken(names=errno.EIO)
    assert await findings(frail) == []
    faults["a"].broken(names=errno.EIO)
    with pytest.raises(TooFewCopies):
        await findings(frail)
    faults["a"].away()
    faults["b"].away()
    with pytest.raises(TooFewCopies):
        await findings(frail)


async def test_a_folder_in_place_of_an_object_is_told_and_stays_until_a_person_comes(
    vault: Vault, copies: list[Path], company: str
) -> None:
    (sha256,) = await filled(vault, company, 1)
    path = copies[1] / object_path(company, sha256)
    path.unlink()
    (path / "x").mkdir(parents=True)
    (found,) = await findings(vault)
    assert (found.how, found.copy) == ("unreadable", "2")
    assert await vault.heal(found) is None
    assert (path / "x").is_dir()
