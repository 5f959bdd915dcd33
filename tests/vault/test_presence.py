"""The sweep tells what is where, and does not take one bad copy for many lost objects."""

import errno
import hashlib
import shutil
import time
from pathlib import Path

import pytest

from pbx.store import new_id
from pbx.vault import Held, Vault
from pbx.vault.layout import object_path
from tests.vault.faulty import Faults, overwrite


async def kept(vault: Vault, company: str, count: int) -> list[Held]:
    stored = [await vault.put(company, b"object %d" % number, {}) for number in range(count)]
    return [Held(company, one.sha256, one.size) for one in stored]


def path(copy: Path, held: Held) -> Path:
    return copy / object_path(held.company, held.sha256)


async def test_everything_is_told_by_copy(vault: Vault, copies: list[Path], company: str) -> None:
    held = await kept(vault, company, 4)
    path(copies[0], held[1]).unlink()
    overwrite(path(copies[1], held[2]), lambda data: data + b"x")
    elsewhere = Held(new_id(), held[3].sha256, held[3].size)
    assert await vault.look([*held, elsewhere]) == [
        {"1": "there", "2": "there"},
        {"1": "missing", "2": "there"},
        {"1": "there", "2": "wrong-size"},
        {"1": "there", "2": "there"},
        {"1": "missing", "2": "missing"},
    ]
    assert await vault.look([]) == []


async def test_a_copy_that_is_frozen_or_cannot_be_reached_is_away(
    frail: Vault, faults: Faults, copies: list[Path], company: str
) -> None:
    held = await kept(frail, company, 1)
    (copies[0] / "vaxel-copy.json").unlink()
    assert await frail.look(held) == [{"1": "away", "2": "there"}]
    faults["b"].broken(size=errno.EIO)
    assert await frail.look(held) == [{"1": "away", "2": "away"}]
    faults["b"].away()
    assert await frail.look(held) == [{"1": "away", "2": "away"}]
    faults["b"].broken()
    assert await frail.look(held) == [{"1": "away", "2": "there"}]


@pytest.mark.parametrize(
    ("count", "gone", "freezes"), [(19, 19, False), (20, 10, False), (20, 11, True), (40, 20, False), (40, 21, True)]
)
async def test_a_copy_that_is_mostly_wrong_is_frozen(
    vault: Vault, copies: list[Path], company: str, count: int, gone: int, freezes: bool
) -> None:
    held = await kept(vault, company, count)
    for number, one in enumerate(held[:gone]):
        if number % 2:
            path(copies[1], one).unlink()
        else:
            overwrite(path(copies[1], one), lambda data: data[:2])
    looked = await vault.look(held)
    assert {one["1"] for one in looked} == {"there"}
    assert ({one["2"] for one in looked} == {"away"}) == freezes
    why = {state.name: state.frozen for state in await vault.states()}["2"]
    assert why == (f"{gone} of {count} objects in use are not in it" if freezes else None)


async def test_what_is_known_to_be_lost_does_not_count_against_a_copy(
    vault: Vault, copies: list[Path], company: str
) -> None:
    held = await kept(vault, company, 30)
    for copy in copies:
        shutil.rmtree(copy / "companies")
    lost = [Held(one.company, one.sha256, one.size, lost=True) for one in held]
    assert {one["1"] for one in await vault.look(lost)} == {"missing"}
    assert await vault.writable()
    assert {one["1"] for one in await vault.look(held)} == {"away"}
    assert not await vault.writable()


async def test_a_disk_that_answers_with_errors_is_not_frozen_for_it(frail: Vault, faults: Faults, company: str) -> None:
    held = await kept(frail, company, 25)
    faults["b"].broken(size=errno.EIO)
    await frail.look(held)
    assert [state.frozen for state in await frail.states()] == [None, None]


async def test_ten_thousand_objects_in_two_copies_are_looked_at_in_a_moment(vault: Vault, company: str) -> None:
    held = [Held(company, hashlib.sha256(b"%d" % number).hexdigest(), 1, lost=True) for number in range(10_000)]
    await vault.open()
    began = time.perf_counter()
    looked = await vault.look(held)
    assert time.perf_counter() - began < 10
    assert len(looked) == 10_000


async def test_an_erased_object_is_in_no_copy_that_obeyed(
    frail: Vault, faults: Faults, copies: list[Path], company: str
) -> None:
    held, other = await kept(frail, company, 2)
    faults["b"].broken(remove=errno.EROFS)
    assert await frail.erase(company, held.sha256) == {"1"}
    assert await frail.look([held, other]) == [{"1": "missing", "2": "there"}, {"1": "there", "2": "there"}]
    faults["b"].broken()
    assert await frail.erase(company, held.sha256) == {"1", "2"}
    assert not [left for left in copies[1].rglob("*") if held.sha256 in left.name]
    assert await frail.look([other]) == [{"1": "there", "2": "there"}]


async def test_a_frozen_copy_and_one_without_its_mark_do_not_obey_an_erasure(
    vault: Vault, copies: list[Path], company: str
) -> None:
    (held,) = await kept(vault, company, 1)
    (copies[1] / "vaxel-copy.json").unlink()
    assert await vault.erase(company, held.sha256) == {"1"}
    assert await vault.erase(company, held.sha256) == {"1"}
    assert path(copies[1], held).exists()
