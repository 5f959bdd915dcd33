"""The presence sweep: is everything in use there, in every copy, by name and size. By looking, not by reading."""

from collections.abc import Sequence

from pbx.vault.copy import Copy
from pbx.vault.layout import object_name
from pbx.vault.members import Member, Members
from pbx.vault.threads import Threads
from pbx.vault.values import Held, Presence

_ENOUGH = 20


def mostly_wrong(wrong: int, of: int) -> bool:
    """More than half, of at least 20: then it is the copy that is wrong, and not this or that in it."""
    return of >= _ENOUGH and wrong * 2 > of


class Presences:
    def __init__(self, members: Members, threads: Threads) -> None:
        self._members = members
        self._threads = threads

    async def look(self, objects: Sequence[Held]) -> list[dict[str, Presence]]:
        names = await self._threads.run(lambda: [object_name(one.company, one.sha256) for one in objects])
        away: list[Presence] = ["away"] * len(objects)
        columns: dict[str, list[Presence]] = {}
        # In turn: threads that look at once would only wait for each other.
        for member in await self._threads.run(self._members.all):
            columns[member.name] = await self._threads.ask(member, lambda one: self._in(one, objects, names), away)
        rows = zip(*columns.values(), strict=True)
        return await self._threads.run(lambda: [dict(zip(columns, row, strict=True)) for row in rows])

    def _in(self, member: Member, objects: Sequence[Held], names: Sequence[str]) -> list[Presence]:
        """In one copy; it is frozen if most of what nobody has missed before is wrong."""
        away: list[Presence] = ["away"] * len(objects)
        if not self._members.takes(member):
            return away
        found = [_one(member.copy, name, one.size) for name, one in zip(names, objects, strict=True)]
        counted = [how for how, one in zip(found, objects, strict=True) if not one.lost and how != "away"]
        wrong = len(counted) - counted.count("there")
        if mostly_wrong(wrong, len(counted)):
            self._members.roster.freeze(member.name, f"{wrong} of {len(counted)} objects in use are not in it")
            return away
        return found


def _one(copy: Copy, name: str, size: int) -> Presence:
    try:
        there = copy.size(name)
    except OSError:
        return "away"
    if there is None:
        return "missing"
    return "there" if there == size else "wrong-size"
