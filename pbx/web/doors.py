"""Doors: who may come in where. Each route has one; nothing else decides who sees a page.

What is behind the door is fetched through the person: a message of another company is as good as not there.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from aiohttp import web

from pbx.web.person import Person

if TYPE_CHECKING:
    from pbx.web.visit import Visit


class Door(Enum):
    PUBLIC = "anybody: it is the same for all, and nobody is asked who they are"
    ANYBODY = "anybody, signed in or not"
    SIGNED_IN = "anybody who is signed in"
    OWN = "users, for what is their own: an operator has no mailbox"
    ADMIN = "who administers the company: its admins, and an operator who has entered it with a reason"
    MESSAGE = "who administers the company; and users, for the one message that is their own greeting"
    OPERATOR = "operators alone; others do not learn that it is there"


class Stranger(Exception):
    """Nobody is signed in: to the sign-in page, and back."""


class NotEntered(Exception):
    """An operator who has not said yet which company, and why."""


Handler = Callable[["Visit"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """`unsafe`: it changes something, and is refused to other sites' pages. Every method but GET is."""

    method: str
    path: str
    handler: Handler
    door: Door

    @property
    def unsafe(self) -> bool:
        return self.method != "GET"


def admit(door: Door, person: Person | None) -> None:
    """Raises Stranger, NotEntered, HTTPForbidden or HTTPNotFound."""
    if door in {Door.PUBLIC, Door.ANYBODY}:
        return
    if person is None:
        raise Stranger
    match door:
        case Door.OWN if person.user is None:
            raise web.HTTPForbidden
        case Door.ADMIN if person.role == "user":
            raise web.HTTPForbidden
        case Door.ADMIN | Door.MESSAGE if person.company is None:
            raise NotEntered
        case Door.OPERATOR if person.role != "operator":
            raise web.HTTPNotFound
        case _:
            pass
