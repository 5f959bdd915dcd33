"""Each copy is known by its mark; one that is not what it was takes nothing and is never taken for truth."""

import asyncio
import errno
import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pbx.errors import CannotStart, Lost
from pbx.vault import Held, TooFewCopies, Vault
from pbx.vault.layout import object_path
from tests.vault.faulty import Faults, Hanging, flipped, overwrite
from tests.vault.logs import log

DATA = b"a greeting" * 500


def another(copies: list[Path], minimum: int = 1) -> Vault:
    """As another process would have it."""
    return Vault(
        copies, minimum, register=copies[0].parent / "vault.json", clock=lambda: datetime(2026, 5, 1, tzinfo=UTC)
    )


async def frozen(vault: Vault) -> dict[str, str | None]:
    return {state.name: state.frozen for state in await vault.states()}


async def test_new_copies_get_a_mark_a_name_and_a_line_in_the_register(copies: list[Path]) -> None:
    vault = another(copies)
    await vault.open()
    marks = [json.loads((copy / "vaxel-copy.json").read_text()) for copy in copies]
    assert [mark["name"] for mark in marks] == ["1", "2"]
    assert marks[0]["id"] != marks[1]["id"]
    assert {mark["made"] for mark in marks} == {"2026-05-01T00:00:00+00:00"}
    told = json.loads((copies[0].parent / "vault.json").read_text())["copies"]
    assert [(one["path"], one["mark"]) for one in told] == [
        (str(copy), mark["id"]) for copy, mark in zip(copies, marks, strict=True)
    ]
    states = await vault.states()
    assert all(state.reachable and state.free for state in states)
    assert await vault.writable()
    vault.close()


async def test_whoever_comes_later_changes_nothing(vault: Vault, copies: list[Path], company: str) -> None:
    await vault.put(company, DATA, {})
    before = (copies[0].parent / "vault.json").read_bytes()
    later = another(copies)
    await later.open()
    assert (await later.put(company, DATA, {})).copies == 2
    assert (copies[0].parent / "vault.json").read_bytes() == before


async def test_a_copy_with_a_mark_is_known_again_when_the_register_is_gone(vault: Vault, copies: list[Path]) -> None:
    await vault.open()
    marks = [(copy / "vaxel-copy.json").read_bytes() for copy in copies]
    (copies[0].parent / "vault.json").unlink()
    later = another(copies)
    await later.open()
    assert [(copy / "vaxel-copy.json").read_bytes() for copy in copies] == marks
    assert await frozen(later) == {"1": None, "2": None}


async def test_a_copy_whose_disk_is_not_mounted_is_frozen_and_nothing_is_written_into_the_bare_folder(
    vault: Vault, copies: list[Path], company: str, caplog: pytest.LogCaptureFixture
) -> None:
    await vault.open()
    shutil.rmtree(copies[1])
    copies[1].mkdir()
    assert (await vault.put(company, DATA, {})).copies == 1
    assert list(copies[1].iterdir()) == []
    assert (await frozen(vault))["2"] == "its mark is not there"
    assert "copy 2 of the vault is frozen" in caplog.text
    assert await vault.writable()


@pytest.mark.parametrize("gone", ["the folder", "everything in it", "the mark", "half of the mark"])
async def test_a_copy_without_its_mark_is_frozen_by_looking(vault: Vault, copies: list[Path], gone: str) -> None:
    await vault.open()
    match gone:
        case "the folder":
            shutil.rmtree(copies[0])
        case "everything in it":
            shutil.rmtree(copies[0])
            copies[0].mkdir()
        case "the mark":
            (copies[0] / "vaxel-copy.json").unlink()
        case "half of the mark":
            overwrite(copies[0] / "vaxel-copy.json", lambda data: data[:40])
    assert await frozen(vault) == {"1": "its mark is not there", "2": None}


async def test_swapped_folders_are_both_frozen(vault: Vault, copies: list[Path], company: str) -> None:
    await vault.open()
    aside = copies[0].parent / "aside"
    copies[0].rename(aside)
    copies[1].rename(copies[0])
    aside.rename(copies[1])
    with pytest.raises(TooFewCopies, match="another copy's mark"):
        await vault.put(company, DATA, {})
    assert not await vault.writable()
    assert not list(copies[0].parent.rglob("companies"))


async def test_a_folder_with_content_and_no_mark_is_not_taken_for_a_copy(copies: list[Path], company: str) -> None:
    (copies[0] / "companies").mkdir(parents=True)
    vault = another(copies)
    assert await frozen(vault) == {"1": "it has content and no mark", "2": None}
    assert (await vault.put(company, DATA, {})).copies == 1


async def test_a_copy_made_by_copying_another_is_frozen(vault: Vault, copies: list[Path]) -> None:
    await vault.open()
    third = copies[0].parent / "c"
    shutil.copytree(copies[0], third)
    later = another([*copies, third])
    assert await frozen(later) == {"1": None, "2": None, "3": "it carries the mark of copy 1"}


async def test_frozen_is_frozen_for_every_process_also_when_the_disk_is_back(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.put(company, DATA, {})
    other = another(copies)
    await other.open()
    aside = copies[0].parent / "aside"
    copies[1].rename(aside)
    assert (await vault.put(company, b"second", {})).copies == 1
    aside.rename(copies[1])
    assert (await other.put(company, b"third", {})).copies == 1
    since = {state.name: state.since for state in await other.states()}["2"]
    assert since is not None
    assert datetime.fromisoformat(since).tzinfo is not None


async def test_a_frozen_copy_is_no_holder_but_what_its_hash_proves_is_still_read_from_it(
    vault: Vault, copies: list[Path], company: str
) -> None:
    stored = await vault.put(company, DATA, {})
    (copies[1] / "vaxel-copy.json").unlink()
    asked = [(stored.sha256, stored.size)]
    assert await vault.holders(company, asked) == [1]
    (copies[0] / object_path(company, stored.sha256)).unlink()
    assert await vault.get(company, stored.sha256) == DATA
    overwrite(copies[1] / object_path(company, stored.sha256), flipped)
    with pytest.raises(Lost):
        await vault.get(company, stored.sha256)


async def test_a_copy_that_cannot_be_reached_for_a_while_is_not_frozen(
    frail: Vault, faults: Faults, company: str
) -> None:
    await frail.open()
    faults["b"].away()
    assert (await frail.put(company, DATA, {})).copies == 1
    assert [(s.name, s.frozen, s.reachable) for s in await frail.states()] == [("1", None, True), ("2", None, False)]
    faults["b"].broken()
    assert (await frail.put(company, DATA, {})).copies == 2


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS])
async def test_a_full_or_broken_disk_keeps_nothing_from_the_others(
    frail: Vault, faults: Faults, company: str, error: int, caplog: pytest.LogCaptureFixture
) -> None:
    await frail.open()
    faults["a"].broken(put=error)
    stored = await frail.put(company, DATA, {})
    assert stored.copies == 1
    assert "copy 1 did not take" in caplog.text
    faults["b"].broken(put=error)
    with pytest.raises(TooFewCopies):
        await frail.put(company, b"other", {})


async def test_a_register_that_is_damaged_before_the_start_refuses_it(copies: list[Path]) -> None:
    (copies[0].parent / "vault.json").write_text('{"copies": [')
    with pytest.raises(CannotStart, match="is damaged"):
        await another(copies).open()


@pytest.mark.parametrize("how", ["removed", "damaged", "a folder"])
async def test_a_register_that_is_lost_while_we_run_thaws_nothing(
    vault: Vault, copies: list[Path], company: str, how: str
) -> None:
    await vault.open()
    (copies[1] / "vaxel-copy.json").unlink()
    assert (await vault.put(company, DATA, {})).copies == 1
    register = copies[0].parent / "vault.json"
    register.unlink()
    if how == "damaged":
        register.write_text("{}")
    if how == "a folder":
        register.mkdir()
    shutil.copy(copies[0] / "vaxel-copy.json", copies[1])
    assert (await vault.put(company, b"more", {})).copies == 1
    assert (await frozen(vault))["2"]
    if how == "removed":
        assert (await frozen(another(copies)))["2"]


async def test_a_copy_that_is_frozen_while_the_register_cannot_be_written_is_told_to_others_later(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.open()
    register = copies[0].parent / "vault.json"
    kept = register.read_bytes()
    register.unlink()
    register.mkdir()
    (copies[1] / "vaxel-copy.json").unlink()
    assert (await vault.put(company, DATA, {})).copies == 1
    register.rmdir()
    register.write_bytes(kept)
    assert (await frozen(vault))["2"]
    assert (await frozen(another(copies)))["2"]


_OPENS = """
import asyncio, sys
from pathlib import Path
from pbx.vault import Vault
root = Path(sys.argv[1])
asyncio.run(Vault([root / "a", root / "b"], register=root / "vault.json").open())
"""


async def test_processes_that_start_at_once_make_each_copy_once(tmp_path: Path) -> None:
    started = [await asyncio.create_subprocess_exec(sys.executable, "-c", _OPENS, str(tmp_path)) for _ in range(4)]
    assert [await one.wait() for one in started] == [0] * 4
    told = json.loads((tmp_path / "vault.json").read_text())["copies"]
    marks = [json.loads((tmp_path / name / "vaxel-copy.json").read_text())["id"] for name in ("a", "b")]
    assert [(one["name"], one["mark"], one["frozen"]) for one in told] == [("1", marks[0], None), ("2", marks[1], None)]


async def test_a_disk_that_hangs_holds_up_nobody_for_long_and_takes_no_thread_after_the_other(
    copies: list[Path], company: str, caplog: pytest.LogCaptureFixture
) -> None:
    made: dict[str, Hanging] = {}

    def make(folder: Path) -> Hanging:
        return made.setdefault(folder.name, Hanging(folder))

    vault = Vault(copies, register=copies[0].parent / "vault.json", make=make, patience_s=0.3)
    first = await vault.put(company, DATA, {})
    made["a"].goes_on.clear()
    stored = [await vault.put(company, b"number %d" % number, {}) for number in range(40)]
    assert {one.copies for one in stored} == {1}
    assert caplog.text.count("copy 1 of the vault has not answered for 0.3 s") == 1
    assert await vault.get(company, first.sha256) == DATA
    assert await vault.holders(company, [(first.sha256, first.size)]) == [1]
    assert await vault.look([Held(company, first.sha256, first.size)]) == [{"1": "away", "2": "there"}]
    assert await vault.catalogue.write(company, log(2)) == 1
    assert await vault.catalogue.heads(company) == {"1": None, "2": 2}
    assert [(state.reachable, state.frozen) for state in await vault.states()] == [(False, None), (True, None)]
    made["a"].goes_on.set()
    while (await vault.put(company, b"and on", {})).copies < 2:
        pass
    vault.close()
