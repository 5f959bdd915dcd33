"""What a call makes of a key and a hang-up that come while something is asked of Asterisk."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ari_app.call import Call, HungUp
from ari_app.events import Entered, Event, Key, Left
from ari_app.line import Gone
from pbx.rules.numbers import Withheld

CHANNEL = "1.1"


def call(*told: Event) -> Call:
    """Of somebody who leaves as the first thing is asked of Asterisk, which tells it after its refusal."""
    inbox: asyncio.Queue[Event] = asyncio.Queue()

    async def ask(method: str, uri: str, body: Any = None, **query: object) -> None:
        for event in told:
            asyncio.get_running_loop().call_later(0.02, inbox.put_nowait, event)
        raise Gone(404, uri, "Channel not found")

    entered = Entered(CHANNEL, "PJSIP/outside-00000001", Withheld(), ("menu", "company", "", "sv", ""))
    shelf = SimpleNamespace(holds=lambda media: True)
    phrases = SimpleNamespace(media=lambda key, lang: f"sound:/{lang}/{key}")
    return Call(cast(Any, SimpleNamespace(ask=ask)), inbox, entered, cast(Any, shelf), cast(Any, phrases))


ASKING: list[Callable[[Call], Awaitable[str | None]]] = [
    lambda made: made.ask("welcome"),
    lambda made: made.ask(),
]


@pytest.mark.parametrize("ask", ASKING, ids=["while it would begin to play", "while it would begin to wait"])
async def test_a_key_that_was_pressed_before_the_hang_up_counts(ask: Callable[[Call], Awaitable[str | None]]) -> None:
    made = call(Key(CHANNEL, "1"), Left(CHANNEL, 0))
    assert await ask(made) == "1"
    with pytest.raises(HungUp):
        await made.play("next")


@pytest.mark.parametrize("ask", ASKING, ids=["while it would begin to play", "while it would begin to wait"])
async def test_a_hang_up_alone_is_no_key(ask: Callable[[Call], Awaitable[str | None]]) -> None:
    with pytest.raises(HungUp):
        await ask(call(Left(CHANNEL, 0)))
