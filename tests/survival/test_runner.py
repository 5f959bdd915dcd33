"""A flow that outlives the connection over which its call came: the call may be another flow's by then, or talk."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ari_app.call import Call
from ari_app.events import Entered
from ari_app.exits import OVER, Exit
from ari_app.runner import Runner
from pbx.library.jobs import WrongStep
from pbx.rules.numbers import Withheld

CHANNEL, NAME = "1.1", "PJSIP/outside-00000001"


class Wire:
    """Notes what is asked of Asterisk, and who is led away by AMI."""

    def __init__(self) -> None:
        self.up = asyncio.Event()
        self.up.set()
        self.connections = 1
        self.done: list[str] = []
        self.released: list[str] = []

    async def ask(self, method: str, uri: str, body: Any = None, **query: object) -> None:
        if "variable" not in query:  # which every call that enters is asked
            self.done.append(f"{method} {uri}")

    async def redirect(self, channels: list[str], context: str, extension: str) -> None:
        self.done += [f"{channel} to {context}" for channel in channels]

    def close(self, channel: str, inbox: object) -> None:
        pass


@asynccontextmanager
async def runner(wire: Wire, flow: Callable[[], Any]) -> AsyncIterator[Runner]:
    async def menu(call: Call, services: object) -> Exit:
        exit: Exit = await flow()
        return exit

    takes = SimpleNamespace(released=wire.released.append)
    services = SimpleNamespace(library=SimpleNamespace(takes=takes), phrases=None, switchman=wire)
    made = Runner({"menu": menu}, cast(Any, services), cast(Any, None))
    running = asyncio.create_task(made.run(cast(Any, wire)))
    yield made
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def enters(runner: Runner) -> None:
    entered = Entered(CHANNEL, NAME, Withheld(), ("menu", "company", "", "sv", ""))
    runner.enter(entered, asyncio.Queue())


async def _failed() -> Exit:
    raise RuntimeError("a database that is locked")


async def _called_off() -> Exit:
    raise WrongStep


async def _over() -> Exit:
    return OVER


ENDS = [
    (_failed, [f"{NAME} to survival"]),
    (_called_off, [f"DELETE channels/{CHANNEL}"]),
    (_over, [f"POST channels/{CHANNEL}/continue"]),
]


@pytest.mark.parametrize(("end", "done"), ENDS, ids=["failed", "called-off", "led"])
@pytest.mark.parametrize("lost", [False, True], ids=["as-ever", "lost-meanwhile"])
async def test_what_a_flow_does_with_its_call_at_its_end(lost: bool, end: Any, done: list[str]) -> None:
    wire = Wire()

    async def flow() -> Exit:
        wire.connections += lost
        exit: Exit = await end()
        return exit

    async with runner(wire, flow) as one:
        enters(one)
        async with asyncio.timeout(2):
            while not wire.released:  # noqa: ASYNC110  nobody tells us
                await asyncio.sleep(0.01)
        assert wire.done == ([] if lost else done)
        assert not one.holding


async def test_when_we_end_each_call_is_led_on_though_the_connection_has_gone_before() -> None:
    wire = Wire()
    async with runner(wire, asyncio.Event().wait) as one:
        enters(one)
        await asyncio.sleep(0.05)
        assert CHANNEL in one.holding
        wire.up.clear()
    assert wire.done == [f"{NAME} to survival"]


async def test_a_call_that_has_entered_anew_stays_in_the_hands_of_its_new_flow() -> None:
    wire, old, new = Wire(), asyncio.Event(), asyncio.Event()
    waits = iter((old, new))

    async def flow() -> Exit:
        await next(waits).wait()
        return OVER

    async with runner(wire, flow) as one:
        enters(one)
        await asyncio.sleep(0.05)
        first = one.holding[CHANNEL]
        wire.connections += 1
        enters(one)
        await asyncio.sleep(0.05)
        second = one.holding[CHANNEL]
        assert second is not first
        old.set()
        await asyncio.sleep(0.05)
        assert one.holding == {CHANNEL: second}
        assert (wire.done, wire.released) == ([], [])
        new.set()
        await asyncio.sleep(0.05)
        assert not one.holding
        assert (wire.done, wire.released) == ([f"POST channels/{CHANNEL}/continue"], [CHANNEL])
