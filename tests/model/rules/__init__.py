"""What may happen in a step, by name."""

from tests.model.rules import (
    calling,
    database,
    deleting,
    disks,
    editing,
    erasing,
    operating,
    picturing,
    reading,
    recording,
)
from tests.model.rules.rule import RULES, Rule

__all__ = [
    "RULES",
    "Rule",
    "calling",
    "database",
    "deleting",
    "disks",
    "editing",
    "erasing",
    "operating",
    "picturing",
    "reading",
    "recording",
]
