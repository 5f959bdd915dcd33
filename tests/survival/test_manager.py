"""What the warden reads of Asterisk's manager interface, where callers have line breaks in their numbers."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from agi_scripts.survival.warden import Ami

FORGED = (
    "333\r\n\r\nEvent: Status\r\nChannel: PJSIP/victim-00000001\r\nApplication: Stasis\r\nData: vaxel,menu\r\n\r\n",
    "333\r\n\r\nEvent: StatusComplete\r\nActionID: guessed\r\n\r\n",
    "333\r\nActionID: guessed\r\n\r\n",
    "333\r\nApplication: none\r\n\r\n\r\n",
)


class Asterisk:
    """Answers as the real one: each line of a list bears the action's id at its end. `dialled`: by channel."""

    def __init__(self, dialled: dict[str, str]) -> None:
        self._dialled = dialled
        self.redirected: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        connection, _ = self._server.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"Asterisk Call Manager/11.0.0\r\n")
            asked: dict[str, str] = {}
            for line in lines:
                name, _, value = line.decode().rstrip("\r\n").partition(": ")
                if name:
                    asked[name] = value
                    continue
                connection.sendall(self._answer(asked).encode())
                asked = {}

    def _answer(self, asked: dict[str, str]) -> str:
        word = f"ActionID: {asked['ActionID']}\r\n"
        if asked["Action"] == "Redirect":
            self.redirected.append(asked["Channel"])
        if asked["Action"] != "Status":
            return f"Response: Success\r\n{word}Message: done\r\n\r\n"
        events = [
            f"Event: Status\r\nPrivilege: Call\r\nChannel: {channel}\r\nUniqueid: 1.{at}\r\nDNID: {number}\r\n"
            f"Application: Stasis\r\nData: vaxel,menu,\r\n{word}\r\n"
            for at, (channel, number) in enumerate(self._dialled.items())
        ]
        end = f"Event: StatusComplete\r\n{word}Items: {len(events)}\r\n\r\n"
        return f"Response: Success\r\n{word}EventList: start\r\n\r\n" + "".join(events) + end


@pytest.fixture
def asterisk() -> Iterator[Callable[[dict[str, str]], Asterisk]]:
    made: list[Asterisk] = []

    def make(dialled: dict[str, str]) -> Asterisk:
        made.append(Asterisk(dialled))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("number", FORGED)
def test_a_number_with_blank_lines_hides_nobody_names_nobody_else_and_ends_nothing(
    asterisk: Callable[[dict[str, str]], Asterisk], number: str
) -> None:
    callers = {"PJSIP/a-00000001": "333", "PJSIP/evil-00000002": number, "PJSIP/b-00000003": "+46701740620"}
    there = asterisk(callers)
    with Ami(there.port, "warden", "secret") as ami:
        held = ami.held()
        assert set(callers) - {"PJSIP/evil-00000002"} <= set(held) <= set(callers)
        ami.lead(held, "survival")
    assert there.redirected == held
