"""What the red notes say has no audio: messages, and greetings, which no round brings back but their owners do."""

from dataclasses import dataclass

from pbx.web.visit import Visit

_NAMED = 3


@dataclass(frozen=True, slots=True)
class GoneGreetings:
    """`names`: of some of their owners."""

    total: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """`messages`: how many a round can bring back."""

    messages: int
    greetings: GoneGreetings


async def gone(visit: Visit) -> Gone:
    found = await visit.parts.library.listing.gone(visit.company.id)
    some = await visit.parts.library.overview.these(visit.company.id, found.greetings[:_NAMED])
    return Gone(len(found.messages), GoneGreetings(len(found.greetings), tuple(view.owner for view in some)))
