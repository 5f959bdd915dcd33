"""`vaxel calls`, `audit`, `settings`: what there is."""

import argparse
import asyncio
from dataclasses import asdict
from typing import Any

import aiohttp

from pbx.asterisk.secrets import have_secrets
from pbx.cli.desk import Desk, show
from pbx.errors import CannotStart
from pbx.settings import Settings, table


async def audit(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    rows = [asdict(entry) for entry in await desk.audit.recent(company.id, args.limit)]
    show(rows, ("at", "actor", "action", "subject", "details"), as_json=args.json)
    return 0


def calls(settings: Settings, args: argparse.Namespace) -> int:
    """Asked of Asterisk itself, so that it is true also while our process is away."""
    show(asyncio.run(calls_now(settings)), ("since", "channel", "state", "caller", "flow"), as_json=args.json)
    return 0


async def calls_now(settings: Settings) -> list[dict[str, Any]]:
    """Raises CannotStart when Asterisk does not answer."""
    password = have_secrets(settings.secrets).ari_password
    head = {"Authorization": aiohttp.encode_basic_auth("vaxel", password)}
    limit = aiohttp.ClientTimeout(total=5)
    url = f"http://127.0.0.1:{settings.ari_port}/ari/channels"
    try:
        async with aiohttp.ClientSession(headers=head, timeout=limit) as http, http.get(url) as answer:
            channels = await answer.json()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise CannotStart(f"Asterisk does not answer on port {settings.ari_port}: is the service running?") from error
    return [
        {
            "id": channel["id"], "channel": channel["name"], "state": channel["state"],
            "caller": channel["caller"]["number"], "flow": _flow(channel["dialplan"]), "since": channel["creationtime"],
        }
        for channel in channels
    ]  # fmt: skip


def _flow(dialplan: dict[str, str]) -> str:
    if dialplan.get("app_name") == "Stasis":
        return dialplan["app_data"].split(",")[1]
    return dialplan.get("context", "")


def show_settings(settings: Settings, args: argparse.Namespace) -> int:
    rows = [{"setting": name, "value": value, "what": what} for name, value, what in table(settings)]
    show(rows, ("setting", "value", "what"), as_json=args.json)
    return 0
