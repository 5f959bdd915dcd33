"""`vaxel run`: the warden first, which needs nothing of ours, and what it starts only then."""

import argparse
import os
import sys

from pbx.loading import load
from pbx.settings import ROOT, Settings


def run(settings: Settings, args: argparse.Namespace) -> int:
    """Serve until told to end. Where calls are held, by becoming the warden, who starts us with a pipe to beat into."""
    if args.beat is None and settings.role != "web":
        become_warden(settings)
    code: int = load("pbx.cli.serve").serve(settings, args)  # it takes a second to load, and the warden none
    return code


def become_warden(settings: Settings) -> None:
    """Does not return. It needs nothing that is installed, and sees nothing of it."""
    warden = [sys.executable, "-S", "-E", str(ROOT / "agi_scripts" / "survival" / "warden.py")]
    told = ["--ami-port", settings.ami_port, "--secrets", settings.secrets, "--routes", settings.routes_db]
    os.execv(sys.executable, [*warden, *map(str, told), "--", sys.executable, "-m", "pbx", "run"])  # noqa: S606
