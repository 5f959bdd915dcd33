"""What the documents say is held by a test is held by a test that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
_PATHS = re.compile(r"`(tests/[\w/.]+)`")
_PLACES = re.compile(r"`((?:agi_scripts|ari_app|dialplan|docs|pbx|sounds|tests)/[\w/.*]+)`")
LEAST_FAULTS = 25


def test_every_fault_names_a_test_that_is_there() -> None:
    told = (ROOT / "docs" / "faults.md").read_text()
    named = _NAMED.findall(told)
    rows = [line for line in told.splitlines() if line.startswith("| ") and not line.startswith(("| fault", "| ---"))]
    assert len(named) == len(rows) >= LEAST_FAULTS
    for file, test in named:
        assert re.search(rf"^(async )?def {test}\(", (ROOT / file).read_text(), re.MULTILINE), f"{file}::{test}"


@pytest.mark.parametrize("document", ["docs/invariants.md", "docs/faults.md", "docs/security.md"])
def test_every_test_that_is_named_is_there(document: str) -> None:
    for path in _PATHS.findall((ROOT / document).read_text()):
        assert (ROOT / path).exists(), path


def test_every_place_that_contributing_names_is_there() -> None:
    named = _PLACES.findall((ROOT / "CONTRIBUTING.md").read_text())
    assert named
    for path in named:
        assert list(ROOT.glob(path)), path
