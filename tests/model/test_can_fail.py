"""The model test can fail: of a product that is broken on purpose it finds within some thousand steps what is wrong."""

from collections.abc import Callable
from typing import Any

import pytest

from pbx.store import versions
from pbx.vault.erasing import Erasing
from pbx.vault.healing import Healing
from pbx.vault.members import Members
from pbx.vault.values import Finding
from tests.model.run import Walks, walks
from tests.model.scene import Violation
from tests.model.template import Template

ENOUGH = 20_000


def heals_nothing(self: Healing, finding: Finding, erased: object) -> str:
    """And says that it has."""
    return finding.copy


def skips_a_copy(self: Erasing, company: str, sha256: str) -> set[str]:
    """And says that all have obeyed."""
    first, *others = self._members.all()
    (first.copy.remove)(*_where(company, sha256))
    return {first.name, *(other.name for other in others)}


def _where(company: str, sha256: str) -> tuple[Any, list[str]]:
    from pbx.vault.layout import object_path

    path = object_path(company, sha256)
    return path.parent, [path.name, f"{path.name}.json"]


def writes_anywhere(self: Members, member: object) -> None:
    """To a copy without its mark, too."""


async def uses_nothing(tx: object, version_id: str) -> None:
    """What was recorded is not heard."""


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("where", "name", "broken", "what"),
    [
        (
            Healing,
            "heal",
            heals_nothing,
            {"what was missing is not brought back", "what was damaged is not made whole"},
        ),
        (Erasing, "erase", skips_a_copy, {"what was erased is there"}),
        (Members, "check", writes_anywhere, {"a copy took a write that it must not take"}),
        (versions, "use", uses_nothing, {"the rows are not what was told"}),
    ],
)
def test_it_is_found_out(
    where: object,
    name: str,
    broken: Callable[..., Any],
    what: set[str],
    beginning: Template,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(where, name, broken)
    with pytest.raises(Violation) as violation:
        walks(beginning, "broken", ENOUGH, Walks(), shrink_s=0.0)
    assert violation.value.what in what
