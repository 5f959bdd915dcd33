"""`vaxel record`: ring somebody up to read a message in; `vaxel jobs`: how that went."""

import argparse
import asyncio
import json

from pbx.cli.desk import Desk, show
from pbx.library.keeping import WAITING
from pbx.rules.destinations import written
from pbx.rules.jobs import JobState
from pbx.store.values import Job


async def record(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    message = await desk.library.messages.by_ref(company.id, args.message)
    job = await desk.library.jobs.request(
        company.id, message.id, args.lang or company.language, args.to,
        asked_by=desk.by, key=args.key,
    )  # fmt: skip
    if not args.follow:
        _print(job, as_json=args.json)
        return 0
    job = await _follow(desk, job)
    if args.json:
        _print(job, as_json=True)
    return 0 if job.state is JobState.SAVED else 1


async def _follow(desk: Desk, job: Job) -> Job:
    """Each state by its name as it comes; the history is read, so that none is missed however short it was. A take that
    waits for the vault is not waited for: that may take as long as a disk is away."""
    told = 0
    while True:
        job = await desk.library.jobs.get(job.company, job.id)
        for state, _ in job.history[told:]:
            print(f"{state} ({job.because})" if job.because and state is job.state else state, flush=True)
        told = len(job.history)
        if not job.live:
            return job
        if job.because == WAITING:
            print(f"{job.state} ({job.because})", flush=True)
            return job
        await asyncio.sleep(0.1)


def _print(job: Job, *, as_json: bool) -> None:
    print(json.dumps(_row(job), ensure_ascii=False, default=str) if as_json else f"{job.state} {job.id}")


async def jobs(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    rows = [_row(job) for job in await desk.library.jobs.recent(company.id)]
    show(rows, ("created", "message", "lang", "to", "state", "because", "asked_by"), as_json=args.json)
    return 0


def _row(job: Job) -> dict[str, object]:
    return {
        "id": job.id, "message": job.message_name, "number": job.message_number, "lang": job.lang,
        "to": written(job.to),
        "state": str(job.state), "because": job.because, "asked_by": job.asked_by,
        "created": job.created_at.isoformat(timespec="seconds"),
        "updated": job.updated_at.isoformat(timespec="seconds"),
        "history": [[str(state), at.isoformat()] for state, at in job.history],
    }  # fmt: skip
