"""The first start, however it is cut off, and the first after a rebuild: everybody who is told a password comes in."""

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from pbx.cli.desk import open_desk
from pbx.company import Accounts, PinOk, SigningIn
from pbx.company.signing_in import SignedIn
from pbx.settings import Settings
from tests.setup.machine import environment
from tests.setup.vaxel import running, vaxel

CHANGES = (1, 6, 15, 24, 40, 60)
"""After how many lines in the log of changes it is killed. A whole seeding writes some eighty."""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "var", tmp_path / "d", "folder", DEMO="yes")


def settings_of(env: Mapping[str, str]) -> Settings:
    return Settings.from_env({name: value for name, value in env.items() if name.startswith("PBX_")})


def changes(database: Path) -> int:
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as rows:
        return int(rows.execute("SELECT count(*) FROM audit").fetchone()[0])
    return 0


def killed_after(env: Mapping[str, str], lines: int) -> None:
    """`vaxel init`, as a power cut ends it once so much has been changed."""
    database = Path(settings_of(env).database)
    began = changes(database)
    process = subprocess.Popen(
        [sys.executable, "-m", "pbx", "init"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    limit = time.monotonic() + 60
    while changes(database) < max(lines, began + 1):
        assert process.poll() is None, process.communicate()[1].decode()
        assert time.monotonic() < limit
        time.sleep(0.005)
    process.kill()
    process.communicate()


async def everybody_comes_in(env: Mapping[str, str]) -> None:
    """By all that the demonstration tells."""
    known = json.loads((settings_of(env).var / "demo-secrets.json").read_text())
    async with open_desk(settings_of(env)) as desk:
        signing_in = SigningIn(desk.store)
        told = [known["operator"]]
        for company in known["companies"]:
            assert [user.extension for user in await desk.people.all(company["id"])] == ["201", "202"]
            told += company["sign_ins"].values()
            for extension, phone in company["accounts"].items():
                user = await desk.people.by_name(company["id"], extension)
                assert await desk.people.calling(company["id"], phone["user"]) == user
                assert await desk.pins.check(company["id"], user.id, company["pins"][extension], "ext:1") == PinOk()
            assert {number.number.e164 for number in await desk.numbers.all(company["id"])} == {
                company["number"], company["voicemail"],
            }  # fmt: skip
        assert len(known["companies"]) == len(await desk.companies.all()) == 2
        for one in told:
            session = await signing_in.sign_in(one["email"], one["password"], address="127.0.0.1", agent="")
            assert isinstance(session, SignedIn), one["email"]


async def whole(env: Mapping[str, str]) -> dict[str, Any]:
    """What the companies have, by name."""
    found: dict[str, Any] = {}
    async with open_desk(settings_of(env)) as desk:
        for company in await desk.companies.all():
            names = {message.id: message.name for message in await desk.library.messages.all(company.id)}
            menus = {menu.name: sorted(menu.choices) for menu in await desk.menus.all(company.id)}
            places = await desk.library.messages.all_places(company.id)
            heard = sorted(f"{place.slot.partition('/')[2]} {names.get(place.message or '', '')}" for place in places)
            found[company.name] = (sorted(names.values()), menus, heard)
    return found


@pytest.mark.timeout(180)
async def test_a_first_seeding_that_is_killed_again_and_again_is_whole_in_the_end(
    env: dict[str, str], tmp_path: Path
) -> None:
    for lines in CHANGES:
        killed_after(env, lines)
    vaxel(env, "init")
    await everybody_comes_in(env)
    undisturbed = environment(tmp_path / "other", tmp_path / "d", "folder", DEMO="yes")
    vaxel(undisturbed, "init")
    assert await whole(env) == await whole(undisturbed)


async def test_secrets_that_are_lost_are_told_with_what_to_do_and_nobody_is_given_new_ones(env: dict[str, str]) -> None:
    vaxel(env, "init")
    secrets = settings_of(env).var / "demo-secrets.json"
    secrets.unlink()
    refused = vaxel(env, "init", check=False)
    assert refused.returncode == 1
    assert f"{secrets} is missing" in refused.stderr
    assert "PBX_DEMO=no" in refused.stderr
    assert "Traceback" not in refused.stderr


async def test_after_a_rebuild_the_demonstration_is_whole_again_its_operator_too(env: dict[str, str]) -> None:
    vaxel(env, "init")
    lose_the_database(env)
    told = vaxel(env, "vault", "rebuild").stdout
    assert "vaxel operators invite" in told
    vaxel(env, "init")
    await everybody_comes_in(env)


async def test_after_a_rebuild_the_next_start_and_a_command_tell_a_link_by_which_one_becomes_the_operator(
    tmp_path: Path,
) -> None:
    env = environment(tmp_path / "var", tmp_path / "d", "folder", ROLE="web")
    vaxel(env, "init")
    async with open_desk(settings_of(env)) as desk:
        await desk.companies.add("Exempel AB", by="test")
        await Accounts(desk.store).add_operator("Olle Ohlsson", "olle@drift.example", "en lång mening att minnas")
    lose_the_database(env)
    vaxel(env, "vault", "rebuild")
    async with open_desk(settings_of(env)) as desk:
        assert await Accounts(desk.store).nobody_yet()
    invited = vaxel(env, "operators", "invite").stdout.strip()
    await makes_an_operator(env, invited, "first@drift.example")

    lose_the_database(env)
    vaxel(env, "vault", "rebuild")
    with running(env, tmp_path / "said") as service:
        told = service.says("Växel shows its pages")
    link = told.partition("Whoever opens this link within a day does: ")[2].split()[0]
    await makes_an_operator(env, link, "second@drift.example")


def lose_the_database(env: Mapping[str, str]) -> None:
    database = Path(settings_of(env).database)
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()
    shutil.rmtree(settings_of(env).published, ignore_errors=True)


async def makes_an_operator(env: Mapping[str, str], link: str, email: str) -> None:
    """As the page behind the link does it."""
    async with open_desk(settings_of(env)) as desk:
        signing_in, token = SigningIn(desk.store), link.rpartition("/link/")[2]
        assert (await signing_in.use_link(token)).kind == "first"
        await Accounts(desk.store).add_operator("Någon", email, "en annan mening att minnas")
        done = await signing_in.sign_in(email, "en annan mening att minnas", address="127.0.0.1", agent="")
        assert isinstance(done, SignedIn)
