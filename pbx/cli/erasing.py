"""`vaxel vault orders` and `release`: what is being erased for good, and the brake on it."""

import argparse
from typing import Any

from pbx.cli.desk import Desk, show, tell
from pbx.store.orders import Order
from pbx.store.values import Company


async def orders(desk: Desk, args: argparse.Namespace) -> int:
    """What not every copy has obeyed yet, of all companies or of the one named."""
    everyone = await desk.companies.all()
    asked = [await desk.company(args.company)] if args.company else everyone
    copies = [state.name for state in await desk.vault.states()]
    rows = [_row(company, one, copies) for company in asked for one in await desk.library.erasing.orders(company.id)]
    show(rows, ("since", "company", "what", "because", "by", "obeyed_by", "waits_for"), as_json=args.json)
    if not args.json:
        names = {company.id: company.name for company in everyone}
        for company, state in (await desk.library.brake.stopped()).items():
            print(f"{names[company]}: stopped since {state.stopped_at:%Y-%m-%d %H:%M} ({state.because})")
    return 0


def _row(company: Company, order: Order, copies: list[str]) -> dict[str, Any]:
    """`what`: the object's name; None once every copy has unlinked it. `waits_for`: copies, or the catalogue's end."""
    left = [name for name in copies if name not in order.steps.copies] if order.sha256 else ["catalogue"]
    return {
        "since": order.ordered_at.isoformat(timespec="seconds"), "company": company.name, "what": order.sha256,
        "because": order.because, "by": order.by, "obeyed_by": list(order.steps.copies), "waits_for": left,
        "id": order.id,
    }  # fmt: skip


async def release(desk: Desk, args: argparse.Namespace) -> int:
    """The operator says yes; the company has to be named. 2 if it is not."""
    if not args.company:
        print("Say of which company: --company NAME. Stopped are those that `vaxel vault orders` tells.")
        return 2
    company = await desk.company(args.company)
    before = await desk.library.brake.state(company.id)
    after = await desk.library.brake.release(company.id, by=desk.by)
    why = f"It was stopped: {before.because}." if before.stopped_at else "It was not stopped."
    words = f"{company.name}: until {after.released_until:%Y-%m-%d %H:%M} UTC everything goes that is deleted. {why}"
    done = {"company": company.name, "released_until": after.released_until, "was_stopped": before.because or None}
    tell(done, words, as_json=args.json)
    return 0
