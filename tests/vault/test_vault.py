"""The vault: what it has taken is there, whole, in every copy, or somebody is told."""

import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path

import pytest

from pbx.errors import Lost
from pbx.store import new_id
from pbx.vault import TooFewCopies, Vault
from pbx.vault.folder import FolderCopy
from pbx.vault.layout import BadName, object_path, sidecar_path

DATA = bytes(range(256)) * 300
SHA256 = hashlib.sha256(DATA).hexdigest()


async def test_an_object_is_in_every_copy_under_its_hash(vault: Vault, copies: list[Path], company: str) -> None:
    stored = await vault.put(company, DATA, {"purpose": "a test"})
    assert (stored.sha256, stored.size, stored.copies) == (SHA256, len(DATA), 2)
    for copy in copies:
        path = copy / "companies" / company / "objects" / SHA256[:2] / SHA256
        assert path.read_bytes() == DATA
        assert path.stat().st_mode & 0o777 == 0o400
        assert path.parent.stat().st_mode & 0o077 == 0
    assert await vault.get(company, SHA256) == DATA


async def test_each_object_has_beside_it_what_it_is(vault: Vault, copies: list[Path], company: str) -> None:
    about = {"purpose": "a greeting", "owner": "Åsa \"'<&>\r\n", "places": ["mailbox x/greeting"]}
    await vault.put(company, DATA, about)
    for copy in copies:
        told = json.loads((copy / sidecar_path(company, SHA256)).read_text("utf-8"))
        assert told == {"format": 1, "company": company, "sha256": SHA256, "size": len(DATA), **about}


async def test_half_a_character_in_a_name_keeps_no_object_out(vault: Vault, company: str) -> None:
    assert (await vault.put(company, DATA, {"owner": "broken \ud800 name"})).copies == 2


async def test_putting_the_same_again_changes_nothing(vault: Vault, copies: list[Path], company: str) -> None:
    await vault.put(company, DATA, {"purpose": "first"})
    path = copies[0] / object_path(company, SHA256)
    before = path.stat().st_ino, (copies[0] / sidecar_path(company, SHA256)).read_bytes()
    await vault.put(company, DATA, {"purpose": "second"})
    assert (path.stat().st_ino, (copies[0] / sidecar_path(company, SHA256)).read_bytes()) == before


async def test_companies_share_nothing(vault: Vault, copies: list[Path], company: str) -> None:
    await vault.put(company, DATA, {})
    with pytest.raises(Lost):
        await vault.get(new_id(), SHA256)


@pytest.mark.parametrize("company", ["", "..", "../../etc", "a/b", "x" * 36, "01a2" * 9])
async def test_a_name_that_is_no_companys_id_becomes_no_path(vault: Vault, company: str, tmp_path: Path) -> None:
    with pytest.raises(BadName):
        await vault.put(company, DATA, {})
    with pytest.raises(BadName):
        await vault.get(company, SHA256)
    assert not list(tmp_path.rglob("companies"))


@pytest.mark.parametrize("sha256", ["", "../../../../etc/passwd", "A" * 64, "0" * 64 + "\n", "0" * 63])
async def test_what_is_no_hash_becomes_no_path(vault: Vault, company: str, sha256: str) -> None:
    with pytest.raises(BadName):
        await vault.get(company, sha256)


async def test_a_copy_that_is_away_is_done_without_and_told(
    vault: Vault, copies: list[Path], company: str, caplog: pytest.LogCaptureFixture
) -> None:
    copies[0].write_text("a file where the folder should be")
    stored = await vault.put(company, DATA, {})
    assert stored.copies == 1
    assert "did not take" in caplog.text
    assert await vault.get(company, SHA256) == DATA
    copies[0].unlink()
    assert (await vault.put(company, DATA, {})).copies == 2


async def test_fewer_copies_than_the_minimum_are_not_enough(copies: list[Path], company: str) -> None:
    copies[0].write_text("a file where the folder should be")
    with pytest.raises(TooFewCopies):
        await Vault(copies, minimum=2).put(company, DATA, {})
    with pytest.raises(TooFewCopies):
        await Vault(copies[:1]).put(company, DATA, {})


async def test_of_three_copies_two_must_have_it_unless_one_is_said_to_be_enough(
    copies: list[Path], company: str
) -> None:
    folders = [*copies, copies[0].parent / "c"]
    vault = Vault(folders)
    folders[0].write_text("a file where the folder should be")
    assert (await vault.put(company, DATA, {})).copies == 2
    folders[1].rename(copies[0].parent / "away")
    folders[1].write_text("another")
    assert not await vault.writable()
    with pytest.raises(TooFewCopies):
        await vault.put(company, b"other", {})
    content = Vault(folders, minimum=1)
    assert await content.writable()
    assert (await content.put(company, b"other", {})).copies == 1


async def test_a_third_copy_that_somebody_adds_makes_two_the_least(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.put(company, DATA, {})
    await vault.refill(await vault.add_copy(copies[0].parent / "c"))
    for copy in copies:
        copy.rename(copy.with_name(f"{copy.name} away"))
        copy.write_text("a file where the folder should be")
    with pytest.raises(TooFewCopies):
        await vault.put(company, b"other", {})


async def test_a_damaged_copy_is_passed_over_and_mended_by_the_next_put(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.put(company, DATA, {})
    path = copies[0] / object_path(company, SHA256)
    path.chmod(0o600)
    path.write_bytes(DATA[:-1] + bytes([DATA[-1] ^ 1]))
    assert await vault.get(company, SHA256) == DATA
    await vault.put(company, DATA, {})
    assert path.read_bytes() == DATA


async def test_what_no_copy_holds_whole_is_lost_by_name(vault: Vault, copies: list[Path], company: str) -> None:
    await vault.put(company, DATA, {})
    for copy in copies:
        (copy / object_path(company, SHA256)).unlink()
    with pytest.raises(Lost, match=SHA256):
        await vault.get(company, SHA256)


async def test_how_many_copies_hold_something_is_told_by_looking(
    vault: Vault, copies: list[Path], company: str
) -> None:
    await vault.put(company, DATA, {})
    other = hashlib.sha256(b"other").hexdigest()
    asked = [(SHA256, len(DATA)), (SHA256, len(DATA) + 1), (other, 5)]
    assert await vault.holders(company, asked) == [2, 0, 0]
    (copies[1] / object_path(company, SHA256)).unlink()
    assert await vault.holders(company, asked) == [1, 0, 0]


async def test_many_at_once_are_all_there(vault: Vault, company: str) -> None:
    everything = [os.urandom(2_000) for _ in range(40)]
    stored = await asyncio.gather(*(vault.put(company, data, {}) for data in everything))
    assert {one.copies for one in stored} == {2}
    for data, one in zip(everything, stored, strict=True):
        assert await vault.get(company, one.sha256) == data


async def test_the_same_object_put_by_many_at_once_is_whole(vault: Vault, copies: list[Path], company: str) -> None:
    stored = await asyncio.gather(*(vault.put(company, DATA, {}) for _ in range(8)))
    assert {one.copies for one in stored} == {2}
    for copy in copies:
        assert sorted(path.name for path in copy.rglob("companies/**/*") if path.is_file()) == [
            SHA256,
            f"{SHA256}.json",
        ]


_PUTS_FOR_EVER = """
import hashlib, sys
from pathlib import Path, PurePath
from pbx.vault.folder import FolderCopy
copy = FolderCopy(Path(sys.argv[1]))
n = 0
while True:
    data = str(n).encode() * 20_000
    name = hashlib.sha256(data).hexdigest()
    copy.put(PurePath("objects") / name[:2], {name: data})
    print(name, flush=True)
    n += 1
"""


@pytest.mark.parametrize("killed_after", [1, 7, 20])
async def test_killed_in_the_middle_no_object_is_half_and_what_was_told_is_there(
    tmp_path: Path, killed_after: int
) -> None:
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PUTS_FOR_EVER, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert writer.stdout is not None
    told = [(await writer.stdout.readline()).decode().strip() for _ in range(killed_after)]
    writer.kill()
    told += (await writer.stdout.read()).decode().split()
    await writer.wait()
    objects = [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith(".new-")]
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in objects)
    assert set(told) <= {path.name for path in objects}


def test_a_full_disk_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel's own limit on a file's size stands for a disk that is full: the write fails half way."""
    import resource
    import signal

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            FolderCopy(tmp_path).put(object_path(new_id(), SHA256).parent, {SHA256: DATA})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
