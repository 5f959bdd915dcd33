"""`vaxel doctor`."""

import argparse
import asyncio
from dataclasses import asdict

from pbx.cli.desk import show
from pbx.doctor import examine
from pbx.settings import Settings


def doctor(settings: Settings, args: argparse.Namespace) -> int:
    """1 if something will not work."""
    findings = asyncio.run(examine(settings))
    if args.json:
        show([asdict(finding) for finding in findings], (), as_json=True)
    else:
        for finding in findings:
            print(f"{finding.how:7} {finding.what}: {finding.words}")
    return 0 if all(finding.how != "bad" for finding in findings) else 1
