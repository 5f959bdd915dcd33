"""`vaxel losses`: what was found gone or damaged, whose it is, what callers hear instead, and whether it is healed."""

import argparse
from datetime import datetime
from typing import Any

from pbx.cli.desk import Desk, show
from pbx.store.losses import Loss

_COLUMNS = (
    "found", "company", "kind", "name", "lang", "version", "how", "lost", "heard", "proved", "healed", "healed_from",
)  # fmt: skip


async def losses(desk: Desk, args: argparse.Namespace) -> int:
    """Of all companies, since it is the operator who has to report them; or of the one named."""
    names = {company.id: company.name for company in await desk.companies.all()}
    only = (await desk.company(args.company)).id if args.company else None
    lines = await desk.library.ledger.all(only, only_open=args.open)
    show([_row(line, names[line.company]) for line in lines], _COLUMNS, as_json=args.json)
    return 0


def _row(line: Loss, company: str) -> dict[str, Any]:
    """`lost`: no copy had it; else it was so in `copies`. `name`: the message's, or the user's whose mailbox it is."""
    return {
        "found": _at(line.found_at), "proved": _at(line.proved_at), "company": company, "kind": line.kind,
        "name": line.name, "lang": line.lang, "version": line.number, "how": line.how, "lost": line.lost,
        "copies": list(line.copies), "heard": line.heard, "healed": _at(line.healed_at),
        "healed_from": line.healed_from or None, "sha256": line.sha256, "of": line.of, "subject": line.subject,
        "id": line.id,
    }  # fmt: skip


def _at(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="seconds")
