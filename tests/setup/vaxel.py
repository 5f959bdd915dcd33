"""`vaxel` as an administrator types it, on a `var` of the test's own."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ENDS_S = 60.0


def vaxel(env: Mapping[str, str], *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pbx", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=check, timeout=ENDS_S)


@dataclass(frozen=True)
class Running:
    """`vaxel run`, and what it has said so far."""

    process: subprocess.Popen[bytes]
    said: Path

    @property
    def words(self) -> str:
        return self.said.read_text(errors="replace")

    def says(self, words: str, within_s: float = 60.0) -> str:
        """All that it has said once it has said this."""
        limit = time.monotonic() + within_s
        while words not in self.words:
            assert self.process.poll() is None, self.words
            assert time.monotonic() < limit, self.words
            time.sleep(0.05)
        return self.words


@contextmanager
def running(env: Mapping[str, str], said: Path) -> Iterator[Running]:
    with said.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "pbx", "run"], env=env, stdout=out, stderr=out)
    try:
        yield Running(process, said)
    finally:
        process.terminate()
        process.wait(ENDS_S)
