"""Who did something, by the name that the log of changes has, as people call them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pbx.web.visit import Visit


async def names_of(visit: Visit, moments: Sequence[datetime]) -> Mapping[datetime, str]:
    """Who made the changes of these moments."""
    actors = await visit.parts.audit.who(visit.company.id, moments)
    known: dict[str, str] = {}
    for actor in set(actors.values()):
        known[actor] = await name(visit, actor)
    return {at: known[actor] for at, actor in actors.items()}


async def name(visit: Visit, actor: str) -> str:
    """`web:201`, `call:201`: whose extension that is. `operator:…`: the service. Anything else: where it came from."""
    words = visit.words
    way, _, who = actor.partition(":")
    if way in {"web", "call", "ext"}:
        user = await visit.parts.people.by_extension(visit.company.id, who)
        return user.name if user else who
    if way == "operator":
        return words("Driften")
    if way == "cli":
        return words("Kommandoraden")
    return {
        "demo": words("Demonstrationen"),
        "link": words("Länk i e-post"),
        "retention": words("Gallringen"),
    }.get(way, who or way)
