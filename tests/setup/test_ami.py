"""The manager interface of a real Asterisk, and where panoramisk alone would go wrong."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pbx.ami import AmiAway, Watch
from pbx.ami.connection import LIMIT_S, SIGN_S, Connection, connected
from tests.setup.machine import Held, hold, stopped


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, docker_state: Path) -> Iterator[Held]:
    held = hold(tmp_path_factory.mktemp("var"), docker_state, "folder")
    assert "refused" not in held.told, held.told
    yield held
    held.end()


def login(held: Held, account: str = "warden") -> tuple[str, int, str, str]:
    user, secret = ("ami_user", "ami_password") if account == "warden" else ("ami_watch_user", "ami_watch_password")
    return "127.0.0.1", held.ari_port + 1, held.told[user], held.told[secret]


@asynccontextmanager
async def logged_in(held: Held, account: str = "warden") -> AsyncIterator[Connection]:
    async with connected(*login(held, account), events="off") as ami:
        yield ami


async def test_a_wrong_password_and_a_closed_port_are_told(held: Held) -> None:
    host, port, user, _ = login(held)
    for where, secret in ((port, "guessed"), (1, "x")):
        with pytest.raises(AmiAway):
            async with connected(host, where, user, secret, "off"):
                pass


@pytest.mark.parametrize("value", ["x\r\nAction: Ping", "x\n", "\0"])
async def test_a_value_cannot_carry_a_second_action(held: Held, value: str) -> None:
    async with logged_in(held) as ami:
        with pytest.raises(ValueError, match="control character"):
            await ami.ask("Redirect", Channel=value, Context="survival", Exten="s", Priority="1")


async def test_one_account_leads_and_learns_nothing_the_other_learns_and_changes_nothing(held: Held) -> None:
    redirect = {"Channel": "PJSIP/none-1", "Context": "survival", "Exten": "s", "Priority": "1"}
    async with logged_in(held, "warden") as ami:
        assert (await ami.ask("Redirect", **redirect)).message != "Permission denied"
        with pytest.raises(AmiAway, match="Permission denied"):
            await ami.ask_list("CoreShowChannels")
    async with logged_in(held, "watch") as ami:
        assert await ami.ask_list("CoreShowChannels") == []
        for action, values in {
            "Redirect": redirect, "Hangup": {"Channel": "x"}, "Reload": {}, "DBPut": {"Family": "a", "Key": "b"},
            "Setvar": {"Variable": "X", "Value": "y"}, "Command": {"Command": "core show uptime"},
            "Originate": {"Channel": "Local/s@held", "Application": "Hangup"}, "UserEvent": {"UserEvent": "x"},
        }.items():  # fmt: skip
            assert (await ami.ask(action, **values)).message == "Permission denied", action


async def test_a_hung_asterisk_costs_three_seconds_and_what_was_asked_is_not_done_later(held: Held) -> None:
    began = time.monotonic()
    async with logged_in(held) as ami:
        stopped(held.pid)
        try:
            with pytest.raises(AmiAway, match="no answer"):
                await ami.ask("Setvar", Variable="LATE", Value="done")
            assert LIMIT_S <= time.monotonic() - began < LIMIT_S + 2
            with pytest.raises(AmiAway):
                await ami.ask("Setvar", Variable="LATER", Value="done")
        finally:
            os.kill(held.pid, signal.SIGCONT)
    assert held.variable("LATER") in ("", "(null)")


async def test_who_listens_is_told_of_a_hung_asterisk_too(held: Held) -> None:
    began = time.monotonic()
    os.kill(held.pid, signal.SIGCONT)
    async with logged_in(held, "watch") as ami:
        stopped(held.pid)
        try:
            with pytest.raises(AmiAway):
                async for _ in ami.events():
                    pass
            assert time.monotonic() - began < SIGN_S + LIMIT_S + 2
        finally:
            os.kill(held.pid, signal.SIGCONT)


@asynccontextmanager
async def pretending(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """A manager interface of the test's own: Asterisk does not let itself be cut in pieces."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Asterisk Call Manager/9.0.0\r\n")
        await answer(reader, writer)
        await reader.read()
        writer.close()
        await writer.wait_closed()
        over.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        await over.wait()


async def asked(reader: asyncio.StreamReader) -> str:
    """The next action's number."""
    return (await reader.readuntil(b"\r\n\r\n")).decode().partition("ActionID: ")[2].partition("\r\n")[0]


def success(number: str, message: str) -> bytes:
    return f"Response: Success\r\nActionID: {number}\r\nMessage: {message}\r\n\r\n".encode()


async def test_a_letter_that_two_pieces_share_is_whole() -> None:
    async def in_bytes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            for byte in success(await asked(reader), "Hallå där"):
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0)

    async with pretending(in_bytes) as port, connected("127.0.0.1", port, "u", "s", "off") as ami:
        assert (await ami.ask("Ping")).message == "Hallå där"


async def test_whoever_waits_is_told_at_once_when_the_connection_closes() -> None:
    async def close_instead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(success(await asked(reader), "in"))
        await asked(reader)
        writer.write_eof()

    began = time.monotonic()
    async with pretending(close_instead) as port, connected("127.0.0.1", port, "u", "s", "off") as ami:
        with pytest.raises(AmiAway):
            await ami.ask("Ping")
    assert time.monotonic() - began < LIMIT_S - 1


async def test_what_is_true_can_be_asked_once(held: Held) -> None:
    board = await Watch(*login(held, "watch")).look()
    assert (board.present, board.calls) == ({}, {})
