"""What the crash test prints at the end of the run: at how many points, in which ways, and what was lost."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

PROPERTY = "crash"
"""The name under which a test hands its tally to the process that prints, which under xdist is another."""
_ERRORS = ("EIO", "ENOSPC")


@dataclass
class Tally:
    """`points`: by operation and way."""

    points: Counter[tuple[str, str]] = field(default_factory=Counter)
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, point: dict[str, Any]) -> None:
        key = point["operation"], point["how"]
        self.points[key] += 1
        self.lost[key] += bool(point["lacks"])

    def dumped(self) -> str:
        return json.dumps([[*key, count, self.lost[key]] for key, count in self.points.items()])

    def load(self, dumped: str) -> None:
        for operation, how, count, lost in json.loads(dumped):
            self.points[operation, how] += count
            self.lost[operation, how] += lost

    def lines(self) -> list[str]:
        """Nothing, if there was no point."""
        if not self.points:
            return []
        killed, failed = (Counter[str](), Counter[str]())
        for (operation, how), count in self.points.items():
            (failed if how in _ERRORS else killed)[operation] += count
        power = sum(count for (_, how), count in self.points.items() if how in ("cut", "twice"))
        torn = sum(count for (_, how), count in self.points.items() if how == "tear")
        lost = sum(count for (_, how), count in self.lost.items() if how not in _ERRORS)
        return [
            f"killed at {killed.total()} points ({_each(killed)}), of these {power} by a power cut and {torn} with a "
            f"write half done: {lost} lost",
            f"a failing or full disk at {failed.total()} points ({_each(failed)}): {self.lost.total() - lost} lost",
        ]


def of_properties(properties: Iterable[tuple[str, object]]) -> Tally:
    tally = Tally()
    for name, value in properties:
        if name == PROPERTY:
            tally.load(str(value))
    return tally


def _each(counts: Counter[str]) -> str:
    return ", ".join(f"{operation} {count}" for operation, count in counts.items())
