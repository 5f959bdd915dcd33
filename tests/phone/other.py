"""A second make of telephone (PJSUA), so that what we prove is not only true of our own.

It runs in a child process and is told what to do line by line; what it hears lies in a wav that grows while it listens.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

import numpy as np

from tests.phone import audio
from tests.phone.g711 import Pcm
from tests.phone.listening import Heard, NotHeard, Reference
from tests.phone.subscription import Mwi, summary
from tests.phone.wire import Address

_HEADER = 44
_LOOK_S = 0.1


class OtherPhone:
    """`async with OtherPhone(user, password, server, tmp_path) as other`. One call at a time.
    `asks`: whether it subscribes to its lamp, or only listens."""

    def __init__(self, user: str, password: str, server: Address, folder: Path, *, asks: bool = False) -> None:
        wav = str(folder / f"heard-{user}.wav")
        self._args = (user, password, f"{server[0]}:{server[1]}", wav, "yes" if asks else "no")
        self.wav = Path(self._args[3])
        self.folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._number = 0
        self._said = 0

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # its folder must not lie on the path, and the package need not be loaded
            str(Path(__file__).with_name("other_child.py")),
            *self._args,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        await self._answer(0, 20)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up, unregister, and finish the wav."""
        process, self._process = self._process, None
        if process and process.stdin:
            process.stdin.close()
            try:
                async with asyncio.timeout(10):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()

    async def _do(self, verb: str, timeout_s: float, **order: object) -> dict[str, Any]:
        assert self._process, "the telephone is not running"
        assert self._process.stdin
        self._number += 1
        line = {"id": self._number, "do": verb, "timeout_s": timeout_s, **order}
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        return await self._answer(self._number, timeout_s + 5)

    async def _answer(self, number: int, timeout_s: float) -> dict[str, Any]:
        assert self._process
        assert self._process.stdout
        async with asyncio.timeout(timeout_s):
            while line := await self._process.stdout.readline():
                with suppress(ValueError):
                    answer: dict[str, Any] = json.loads(line)
                    if answer.get("id") == number:
                        assert answer["ok"], f"PJSUA: {answer.get('why')}"
                        return answer
        raise AssertionError("PJSUA has ended")

    async def register(self, timeout_s: float = 5.0) -> None:
        status = (await self._do("register", timeout_s))["status"]
        assert status == 200, f"REGISTER: {status}"

    async def unregister(self, timeout_s: float = 5.0) -> None:
        await self._do("unregister", timeout_s)

    async def lamp(self) -> Mwi | None:
        """What it was told last about messages that wait."""
        return summary(str((await self._do("lamp", 5))["told"]).encode())

    async def call(self, to: str, timeout_s: float = 10.0) -> int:
        """The status once it is answered (200) or refused (486 …)."""
        return int((await self._do("call", timeout_s, to=to))["status"])

    async def incoming(self, timeout_s: float = 10.0) -> str:
        """Until somebody calls; the caller's URI."""
        return str((await self._do("incoming", timeout_s))["from"])

    async def answer(self, status: int = 200, timeout_s: float = 5.0) -> None:
        await self._do("answer", timeout_s, status=status)

    async def play(self, wav: Path) -> None:
        """Begin to say a wav (8 kHz, 16 bit) and return at once."""
        await self._do("play", 5, wav=str(wav))

    async def say(self, pcm: Pcm) -> None:
        """Say it to its end (int16, 8 kHz)."""
        self._said += 1
        wav = self.folder / f"say-{self._said}.wav"
        audio.write_wav(wav, pcm)
        await self.play(wav)
        await asyncio.sleep(len(pcm) / audio.RATE + 0.1)  # PJSUA tells no end of a file to a process without threads

    async def dial(self, digits: str) -> None:
        """Press keys; PJSUA paces them itself and returns at once."""
        await self._do("dial", 5, digits=digits)

    async def digits(self) -> str:
        """Keys that the other end pressed so far."""
        return str((await self._do("digits", 5))["digits"])

    async def ended(self, timeout_s: float = 10.0) -> int:
        """Until the call is over; its status."""
        return int((await self._do("ended", timeout_s))["status"])

    async def hangup(self) -> None:
        await self._do("hangup", 5)

    def heard(self) -> Pcm:
        """What was heard so far, of all calls, silence between them."""
        data = self.wav.read_bytes()[_HEADER:] if self.wav.exists() else b""
        return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.int16)

    def mark(self) -> int:
        return len(self.heard())

    async def hear(
        self, reference: Reference, timeout_s: float = 5.0, *, threshold: float = audio.JITTERY, since: int = 0
    ) -> Heard:
        """Until the reference was heard from `since` (`mark`) on, in pieces as its jitter buffer leaves them; looks ten
        times a second. NotHeard."""
        pcm = audio.read(reference) if isinstance(reference, Path) else reference
        deadline = monotonic() + timeout_s
        while True:
            heard = self.heard()[since:]
            value, begin, end = audio.in_pieces(heard, pcm)
            if value >= threshold and len(heard) >= begin + len(pcm):
                return Heard(since + begin, value, monotonic(), since + end)
            if monotonic() > deadline:
                raise NotHeard(f"PJSUA did not hear it in {timeout_s} s (best score {value:.2f})")
            await asyncio.sleep(_LOOK_S)
