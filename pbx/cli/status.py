"""`vaxel status`: what there is now. Asterisk is asked about telephones and calls, so that it is true also while our
process is away; our process about itself."""

import argparse
import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import aiohttp

from pbx.ami import CARRIED, AmiAway, Watch
from pbx.asterisk.secrets import have_secrets
from pbx.cli.desk import show
from pbx.cli.views import calls_now
from pbx.errors import CannotStart
from pbx.settings import Settings

_LIMIT_S = 3.0


def status(settings: Settings, args: argparse.Namespace) -> int:
    """1 if our process or Asterisk does not answer, the warden does not hear us, something is late, a copy of the vault
    is out or behind, or the carrier is silent or does not have us registered."""
    told = asyncio.run(_ask(settings))
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(told)
    service = told["service"]
    well = service and service["serving"] and told["calls"] is not None and told["phones"] is not None
    late = well and (service["beat"]["deaf"] or any(age["late"] for age in service["ages"].values()))
    carried = told["carrier"] is None or told["carrier"] in CARRIED
    return 0 if well and not late and carried and not _behind(service["vault"]) else 1


def _behind(vault: dict[str, Any] | None) -> list[str]:
    """What keeps recordings from being in every copy, in words."""
    if vault is None:
        return []
    out = [f"copy {name} is {how}" for name, how in vault["copies"].items() if how != "ok"]
    return out + [f"copy {name} lacks {count} that another has" for name, count in vault["lacking"].items()]


async def _ask(settings: Settings) -> dict[str, Any]:
    """Each answer is None where nobody answers."""
    service, carrier, phones, calls = await asyncio.gather(
        _service(settings), _carrier(settings), _phones(settings), _calls(settings)
    )
    return {"service": service, "carrier": carrier, "phones": phones, "calls": calls}


async def _service(settings: Settings) -> dict[str, Any] | None:
    limit = aiohttp.ClientTimeout(total=_LIMIT_S)
    url = f"http://127.0.0.1:{settings.metrics_port}/status"
    try:
        async with aiohttp.ClientSession(timeout=limit) as http, http.get(url) as answer:
            told: dict[str, Any] = await answer.json()
            return told
    except (aiohttp.ClientError, TimeoutError):
        return None


async def _carrier(settings: Settings) -> str | None:
    """How it stands; None where none is named, or Asterisk does not answer."""
    if settings.carrier is None:
        return None
    try:
        return await _watch(settings).carrier(registers=settings.carrier.user != "")
    except AmiAway:
        return None


async def _phones(settings: Settings) -> list[dict[str, str]] | None:
    try:
        board = await _watch(settings).look()
    except AmiAway:
        return None
    names = await asyncio.to_thread(_names, settings)
    return [
        {"phone": phone, "shown": names.get(phone, ""), "state": state}
        for phone, state in sorted(board.present.items())
    ]


def _watch(settings: Settings) -> Watch:
    return Watch("127.0.0.1", settings.ami_port, "watch", have_secrets(settings.secrets).ami_watch_password)


def _names(settings: Settings) -> dict[str, str]:
    """What each phone shows to whom it calls, as the file has it that Asterisk itself reads."""
    with closing(sqlite3.connect(f"file:{settings.routes_db}?mode=ro", uri=True)) as routes:
        return dict(routes.execute("SELECT id, callerid FROM ps_endpoints"))


async def _calls(settings: Settings) -> list[dict[str, Any]] | None:
    try:
        calls = await calls_now(settings)
    except CannotStart:
        return None
    now = datetime.now(UTC)
    for call in calls:
        call["age_s"] = round((now - datetime.fromisoformat(call["since"])).total_seconds())
    return calls


def _print(told: dict[str, Any]) -> None:
    service, phones, calls = told["service"], told["phones"], told["calls"]
    if service is None:
        print("Our process does not answer: callers hear a sentence and can leave a message.")
    else:
        print(
            f"Serving since {service['up_s'] / 60:.0f} min" if service["serving"] else "Asterisk is away",
            _heard(service["beat"]),
            f"in the last minute each was sent less than {service['beat']['latest_ms']:.0f} ms late",
            *([service["beat"]["after"]] if service["beat"]["after"] else []),
            sep="; ",
        )
        if service["vault"] is not None:
            behind, losses = _behind(service["vault"]), service["vault"]["losses"]
            lost = [f"{losses} recordings or pictures are in no copy: vaxel losses --open"] if losses else []
            whole = f"everything in use is in {len(service['vault']['copies'])} copies"
            print("Vault:", "; ".join([*behind, *lost]) or whole)
        print()
        show([{"what": what, **_age(age)} for what, age in service["ages"].items()],
             ("what", "done", "ago", "late"), as_json=False)  # fmt: skip
    if told["carrier"] is not None:
        print("\nCarrier:", told["carrier"])
    for what, rows, columns in (
        ("telephones", phones, ("phone", "shown", "state")),
        ("legs of calls", calls, ("age_s", "channel", "state", "caller", "flow")),
    ):
        print(f"\n{'?' if rows is None else len(rows)} {what}")
        if rows is None:
            print("Asterisk does not answer.")
        elif rows:
            show(rows, columns, as_json=False)


def _heard(beat: dict[str, Any]) -> str:
    if beat["deaf"]:
        ago_s, unread = beat["heard_ms"] / 1000, beat["unread"]
        return f"THE WARDEN DOES NOT LISTEN, since {ago_s:.0f} s ({unread} beats unread): nobody would notice a hang"
    return f"the warden has heard every beat until {beat['heard_ms']} ms ago"


def _age(age: dict[str, Any]) -> dict[str, str]:
    seconds = age["seconds"]
    ago = f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 3600:.1f} h"
    return {"done": "yes" if age["done"] else "not since the start", "ago": ago, "late": "LATE" if age["late"] else ""}
