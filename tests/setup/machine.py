"""What a test asks of this machine: a holder started, a port's listeners, what is left."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Held:
    """An Asterisk and the process that holds it."""

    process: subprocess.Popen[str]
    told: dict[str, Any]
    var: Path

    @property
    def pid(self) -> int:
        return int(self.told["pid"])

    @property
    def log(self) -> str:
        return (self.var / "asterisk" / "log" / "messages.log").read_text(errors="replace")

    def end(self, word: str = "stop") -> float:
        """`stop`, or `leave` it running; the seconds that it took."""
        began = time.monotonic()
        self.process.communicate(f"{word}\n", timeout=30)
        assert self.process.returncode == 0
        return time.monotonic() - began

    def kill(self) -> None:
        """The holder alone, as a crash does it."""
        self.process.kill()
        self.process.communicate(timeout=30)

    @property
    def ari_port(self) -> int:
        """SIP has the number before, AMI the one after."""
        return int(self.told["ari_url"].rpartition(":")[2].partition("/")[0])

    def variable(self, name: str) -> str:
        """What the dialplan would see, functions evaluated."""
        return self._ami(f"Action: Getvar\r\nVariable: {name}").partition("Value: ")[2].strip()

    def set_variable(self, name: str, value: str) -> None:
        self._ami(f"Action: Setvar\r\nVariable: {name}\r\nValue: {value}")

    def _ami(self, action: str) -> str:
        login = (
            f"Action: Login\r\nUsername: {self.told['ami_user']}\r\nSecret: {self.told['ami_password']}\r\nEvents: off"
        )
        with (
            socket.create_connection(("127.0.0.1", self.ari_port + 1), timeout=5) as wire,
            wire.makefile("rb") as answers,
        ):
            answers.readline()
            for words in (login, action):
                wire.sendall(f"{words}\r\n\r\n".encode())
                answer = b"".join(iter(answers.readline, b"\r\n")).decode()
        return answer

    def ari(self, method: str, path: str, **query: str) -> int:
        """The status of the answer."""
        login = b64encode(f"vaxel:{self.told['ari_password']}".encode()).decode()
        url = f"{self.told['ari_url']}/{path}?{urllib.parse.urlencode(query)}"
        ask = urllib.request.Request(url, method=method, headers={"Authorization": f"Basic {login}"})
        try:
            with urllib.request.urlopen(ask, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as e:
            return e.code


def hold(var: Path, docker_state: Path, way: str, **settings: str) -> Held:
    """Returns when it is ready or has refused. Settings by their names, as in SIP_PORT; PATH and CI as they are."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.setup.holder"], env=environment(var, docker_state, way, **settings),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    held = Held(process, json.loads(process.stdout.readline()), var)
    if "refused" in held.told:
        process.communicate(timeout=30)
    return held


def environment(var: Path, docker_state: Path, way: str, **settings: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PBX_")}
    first = free_ports()
    ours = {
        "VAR": str(var), "ASTERISK": way, "DOCKER_STATE": str(docker_state), "SIP_PORT": str(first),
        "ARI_PORT": str(first + 1), "AMI_PORT": str(first + 2), "AGI_PORT": str(first + 3),
        "WEB_PORT": str(first + 4), "METRICS_PORT": str(first + 5),
    }  # fmt: skip
    plain = {name: value for name, value in settings.items() if name in {"PATH", "CI"}}
    ours |= {name: value for name, value in settings.items() if name not in plain}
    return {**clean, **{f"PBX_{name}": value for name, value in ours.items()}, **plain}


AS_ROOT = () if os.geteuid() == 0 else ("sudo", "-n")
"""What a command that only root may give begins with, after set-up has asked for the password."""


def may_be_root() -> bool:
    if os.geteuid() == 0:
        return True
    return (
        bool(shutil.which("sudo"))
        and subprocess.run([*AS_ROOT, "true"], capture_output=True, check=False).returncode == 0
    )


_next_port = 24_000 + 400 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def on_this_machine(seconds: float) -> float:
    """How long that may take while others use these cores: stretched as a fifth of a second's work is stretched now."""
    began, spent = time.monotonic(), time.process_time() + 0.2
    while time.process_time() < spent:
        pass
    return seconds * max(1.0, (time.monotonic() - began) / 0.2)


def free_ports() -> int:
    """The first of six, which no other test of this run gets."""
    global _next_port  # noqa: PLW0603 - one counter for the whole process
    _next_port += 6
    return _next_port


def free_port() -> int:
    """One that nobody listens at now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def processes_about(word: str) -> list[str]:
    """Command lines of living processes that name it, ourselves left out."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if word in line:
            found.append(line)
    return found


def mounts_about(word: str) -> list[str]:
    return [line for line in Path("/proc/self/mountinfo").read_text().splitlines() if word in line]


def stopped(pid: int) -> None:
    """As one that hangs, when it returns: a thread on a processor that is busy otherwise stops a moment later."""
    os.kill(pid, signal.SIGSTOP)
    threads = Path(f"/proc/{pid}/task")
    while any(_state(thread) not in "TtZX" for thread in threads.iterdir()):
        time.sleep(0.001)


def _state(thread: Path) -> str:
    return (thread / "stat").read_text().rpartition(")")[2].split()[0]


def status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
