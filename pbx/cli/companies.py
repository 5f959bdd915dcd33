"""`vaxel companies`: whose switchboard this is."""

import argparse
from dataclasses import asdict

from pbx.cli.desk import Desk, show, tell


async def list_companies(desk: Desk, args: argparse.Namespace) -> int:
    rows = [asdict(company) for company in await desk.companies.all()]
    show(rows, ("name", "language", "time_zone", "outgoing"), as_json=args.json)
    return 0


async def add(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.companies.add(
        args.name, language=args.lang, time_zone=args.time_zone, outgoing=args.outgoing, by=desk.by
    )
    tell(asdict(company), company.id, as_json=args.json)
    return 0
