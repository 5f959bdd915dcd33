"""The warden: starts the service, notices that it died or hangs, leads its callers on, and starts it again.

    warden.py --ami-port PORT --secrets FILE --routes FILE -- COMMAND...

COMMAND gets `--beat FD` (and `--after WORDS`, where there was one before it). Its event loop writes into that pipe ten
times a second: `!` while it may hold calls, `.` while it starts or ends. Asterisk notices neither death nor hang of a
program that holds calls: everybody in them would hear nothing, for ever.

When the service ends in order, or by itself before it has ever held a call, so does the warden. When the warden dies,
the service finds nobody at the other end of its pipe, and ends in order.
"""

import argparse
import json
import os
import select
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from time import monotonic, sleep
from types import FrameType, TracebackType
from typing import Self

APP = "vaxel"
SERVING = b"!"
BEAT_S = 0.1
SILENT_S = 0.8
# Before its loop runs, and while it migrates or ends Asterisk, it may be silent for long; nobody waits for it then.
SILENT_WITHOUT_CALLS_S = 180.0
# What wants to run and may not does not hang, and starting it anew would only take more; but this has an end.
LONGEST_WAIT_S = 5.0
# A call may be on its way to us while the others are listed: they are listed again until for so long none has come.
SWEEP_S, SWEEP_EVERY_S, LONGEST_SWEEP_S = 0.4, 0.02, 3.0
# What dies soon, again and again, is started more and more seldom; the dialplan serves its callers meanwhile.
WELL_S, PAUSE_S, LONGEST_PAUSE_S = 10.0, 0.5, 30.0
# Normally it takes two seconds; a Docker daemon that is busy may take many.
ENDING_S = 40.0
# Who is killed goes at once, unless one of its threads waits for a disk.
GOING_S = 0.5
# Callers wait for the loop that it starts, and nobody for what else runs here. Only root may ask for it.
AHEAD = -5
ANSWER_S = 1.0
# So many Redirects are sent before their answers are read, lest both sides wait for the other to read.
AT_ONCE = 100
DIED = "died"


class Warden:
    """`run` returns the status to exit with."""

    def __init__(self, command: Sequence[str], ami_port: int, secrets: Path, routes: Path) -> None:
        self._command = command
        self._ami_port = ami_port
        self._secrets = secrets
        self._secret = ""
        self._routes = hold_open(routes)
        self._ending_since: float | None = None
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, self._end)

    def run(self) -> int:
        after, has_served, early_deaths = "", False, 0
        while True:
            ending = self._ending_since is not None
            service = Service(self._command, after)
            how = self._watch(service)
            status = service.over(ANSWER_S if how == DIED else 0.0)
            has_served = has_served or service.has_served
            if status == 0 or ending or (status > 0 and not has_served):
                return status if status >= 0 else 128 - status
            led = self._lead_on() if service.has_served else 0
            after = f"the service before this one {how}; {led} calls were led on"
            say(after)
            # If it was being ended, one more is started to end what it has left, Asterisk above all.
            early_deaths = early_deaths + 1 if monotonic() - service.began < WELL_S else 0
            if early_deaths > 1:
                self._wait(pause_s(early_deaths))

    def _watch(self, service: "Service") -> str:
        """Until it has died, or must: how that came."""
        told = False
        while True:
            if not service.listen():
                return DIED
            if service.silent_s > (SILENT_S if service.serves else SILENT_WITHOUT_CALLS_S):
                return f"hung ({service.silent_s:.2f} s without a beat)"
            if service.serves and not self._secret:
                self._secret = self._read_secret()
            if self._ending_since is not None:
                if service.has_begun and not told:
                    service.process.terminate()
                    told = True
                if monotonic() > max(self._ending_since, service.began) + ENDING_S:
                    return "did not end"

    def _lead_on(self) -> int:
        """Leads everybody to the dialplan whom the dead one held, and who still comes to it; how many.

        Nobody twice: a second Redirect would begin the sentence again, or cut off who talks to somebody by then.
        """
        led: set[str] = set()
        last = monotonic() + LONGEST_SWEEP_S
        until = monotonic() + SWEEP_S
        try:
            with Ami(self._ami_port, "warden", self._secret) as asterisk:
                while monotonic() < until:
                    if new := [channel for channel in asterisk.held() if channel not in led]:
                        led.update(new)
                        asterisk.lead(new, "survival")
                        until = min(last, monotonic() + SWEEP_S)
                    sleep(SWEEP_EVERY_S)
        except Exception as error:  # noqa: BLE001  nobody looks after us
            say(f"Asterisk does not answer ({error}): who is held is led on by the next service")
        return len(led)

    def _read_secret(self) -> str:
        """Made by the first service at its first start, and read while all is well: later a disk may be slow."""
        with suppress(OSError, ValueError, KeyError):
            return str(json.loads(self._secrets.read_text())["ami_password"])
        return ""

    def _wait(self, seconds: float) -> None:
        until = monotonic() + seconds
        while monotonic() < until and self._ending_since is None:
            sleep(BEAT_S)

    def _end(self, sign: int, frame: FrameType | None) -> None:
        self._ending_since = self._ending_since or monotonic()


def pause_s(early_deaths: int) -> float:
    """Before the next start. It may go on for months."""
    return min(LONGEST_PAUSE_S, PAUSE_S * 2.0 ** min(early_deaths - 2, 20))


class Service:
    """The service as a process, and the pipe that it beats into. In a session of its own: Ctrl-C is for the warden."""

    def __init__(self, command: Sequence[str], after: str) -> None:
        self._beats, theirs = os.pipe()
        os.set_blocking(self._beats, False)
        try:
            words = [*command, "--beat", str(theirs), *(["--after", after] if after else [])]
            self.process = subprocess.Popen(words, pass_fds=(theirs,), start_new_session=True)  # noqa: S603
        finally:
            os.close(theirs)
        self.has_begun = self.serves = self.has_served = False
        self.began = self._last = self._looked = monotonic()
        self._waits: dict[str, int] = {}
        self._waited_s = 0.0

    @property
    def silent_s(self) -> float:
        return monotonic() - self._last

    def listen(self) -> bool:
        """Waits for a beat, a little longer than one takes. False: nobody is left to beat."""
        select.select([self._beats], [], [], BEAT_S)
        late_s, self._looked = monotonic() - self._looked - BEAT_S, monotonic()
        try:
            beats = os.read(self._beats, 65536)
        except BlockingIOError:
            # Whoever is woken late, and finds nothing, knows that nobody could have run in the meantime.
            self._last += late_s if late_s > BEAT_S else self._could_not_run_s()
            return True
        if beats:
            self._last = self._looked
            self._waits, self._waited_s = {}, 0.0
            self.has_begun = True
            self.serves = beats.endswith(SERVING)
            self.has_served = self.has_served or self.serves
        return bool(beats)

    def _could_not_run_s(self) -> float:
        """How long, since this was asked last, one of its threads stood in line for a processor. Asked only once it has
        been silent for a while."""
        if self.silent_s < SILENT_S / 2:
            return 0.0
        before, self._waits = self._waits, waits(self.process.pid)
        waited_s = max((now - before[one] for one, now in self._waits.items() if one in before), default=0) / 1e9
        waited_s = min(waited_s, LONGEST_WAIT_S - self._waited_s)
        self._waited_s += waited_s
        return waited_s

    def over(self, patience_s: float) -> int:
        """Its status, negative for a signal. It is killed where it has not ended by then; a disk that hangs may keep it
        from going even so, and its callers do not wait for that."""
        os.close(self._beats)
        with suppress(subprocess.TimeoutExpired):
            return self.process.wait(patience_s)
        self.process.kill()
        with suppress(subprocess.TimeoutExpired):
            return self.process.wait(GOING_S)
        return -signal.SIGKILL


def waits(pid: int) -> dict[str, int]:
    """By thread, the nanoseconds that it has ever stood in line for a processor, where Linux tells."""
    found = {}
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError, ValueError, IndexError):
                found[thread.name] = int((thread / "schedstat").read_text().split()[1])
    return found


class Ami:
    """As much of Asterisk's manager interface as leading calls on needs, over a connection made for the errand: one
    that was kept may have died unnoticed. Raises OSError when Asterisk is not there, refuses us, or takes a second.

    What a caller has dialled, or says to be called, stands in its lists as it came, blank lines and all. So only what
    bears the word of this connection, which nobody else knows, is the end of a message.
    """

    def __init__(self, port: int, user: str, secret: str) -> None:
        self._word = token_hex(16)
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S)
        self._lines = self._socket.makefile("rb")
        self._lines.readline()
        self._send("Login", Username=user, Secret=secret, Events="off")
        if self._message().get("Response") != "Success":
            raise PermissionError("it refuses the login")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()
        self._socket.close()

    def held(self) -> list[str]:
        """The channels of all who are in our application now. Two people who talk are in another one."""
        self._send("Status")
        return [one["Channel"] for one in self._events("StatusComplete") if _is_ours(one)]

    def lead(self, channels: Sequence[str], context: str) -> None:
        """Redirects them at once. One that has hung up meanwhile is no error."""
        for first in range(0, len(channels), AT_ONCE):
            some = channels[first : first + AT_ONCE]
            for channel in some:
                self._send("Redirect", Channel=channel, Context=context, Exten="s", Priority="1")
            for _ in some:
                self._message()

    def _send(self, action: str, **fields: str) -> None:
        told = {"Action": action, "ActionID": self._word, **fields}
        lines = [f"{name}: {value}" for name, value in told.items()]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def _events(self, last: str) -> Iterator[dict[str, str]]:
        if self._message().get("Response") != "Success":
            raise PermissionError("it refuses to list the calls")
        while (event := self._message()).get("Event") != last:
            yield event

    def _message(self) -> dict[str, str]:
        """One answer or event. Of a field that comes twice the first counts: the channel's name, by which it is led,
        stands before all that a caller can choose."""
        fields: dict[str, str] = {}
        is_ours = False
        while line := self._lines.readline():
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if not text and is_ours:
                return fields
            is_ours = is_ours or text == f"ActionID: {self._word}"
            name, _, value = text.partition(": ")
            fields.setdefault(name, value)
        raise ConnectionError("it has gone")


def _is_ours(status: dict[str, str]) -> bool:
    return (
        "Channel" in status
        and status.get("Application") == "Stasis"
        and status.get("Data", "").partition(",")[0] == APP
    )


def hold_open(routes: Path) -> sqlite3.Connection | None:
    """While somebody who may write holds that file open its write-ahead log exists, without which Asterisk, which may
    only read it, finds nothing in it: neither a phone nor a number."""
    try:
        routes.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(routes)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except (OSError, sqlite3.Error) as error:
        say(f"{routes} cannot be held open: {error}")  # the service, which cannot do without it, says what to do
        return None
    return connection


def say(words: str) -> None:
    with suppress(OSError):
        print(f"warden: {words}", file=sys.stderr, flush=True)


def main() -> int:
    options = argparse.ArgumentParser(description="Starts a service and leads its callers on when it fails.")
    options.add_argument("--ami-port", type=int, required=True)
    options.add_argument("--secrets", type=Path, required=True)
    options.add_argument("--routes", type=Path, required=True)
    options.add_argument("command", nargs="+")
    given = options.parse_args()
    os.umask(0o022)
    with suppress(OSError):
        os.nice(AHEAD)
    return Warden(given.command, given.ami_port, given.secrets, given.routes).run()


if __name__ == "__main__":
    sys.exit(main())
