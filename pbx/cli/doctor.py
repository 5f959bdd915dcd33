"""`vaxel doctor`."""

import argparse
import asyncio

from pbx.doctor import examine
from pbx.settings import Settings


def doctor(settings: Settings, args: argparse.Namespace) -> int:
    """1 if something will not work."""
    findings = asyncio.run(examine(settings))
    for finding in findings:
        print(f"{finding.how:7} {finding.what}: {finding.words}")
    return 0 if all(finding.how != "bad" for finding in findings) else 1
