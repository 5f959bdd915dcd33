"""A speaking program that stays: loading its model costs more than a text. One text at a time, over a pipe."""

import asyncio
import json
from collections.abc import Sequence

import numpy as np

from pbx.audio.pcm import Pcm
from pbx.speech import CannotSpeak, TooLate
from pbx.speech.programs import end

_MOST_SAMPLES = 48_000 * 600
_LONGEST_LINE = 4_096
_NONSENSE = (OSError, EOFError, ValueError, KeyError, TypeError, asyncio.LimitOverrunError)


class Unable(Exception):
    """The program is well and says that it cannot say this."""


class Worker:
    """`argv`: the program; what it speaks is in piper_child.py. It is started when it is needed, and anew after it has
    crashed or was too late: then what it still says would be taken for the next answer."""

    def __init__(self, argv: Sequence[str], time_limit_s: float) -> None:
        self._argv = argv
        self._time_limit_s = time_limit_s
        self._one_at_a_time = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self.started = 0

    async def say(self, text: str) -> tuple[Pcm, int]:
        """Samples, and their rate. Raises `CannotSpeak` after the time limit at the latest."""
        async with self._one_at_a_time:
            whole = False
            try:
                async with asyncio.timeout(self._time_limit_s):
                    answer = await self._ask(text)
                whole = True
                return answer
            except Unable as error:
                whole = True
                raise CannotSpeak(str(error)) from error
            except TimeoutError:
                raise TooLate("it took too long") from None
            except _NONSENSE as error:
                raise CannotSpeak(f"the voice's program ended or made no sense: {type(error).__name__}") from error
            finally:
                if not whole:
                    await self.close()

    async def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await end(child)

    async def _ask(self, text: str) -> tuple[Pcm, int]:
        child = self._child if self._child is not None and self._child.returncode is None else await self._start()
        assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018  they are pipes
        child.stdin.write(json.dumps({"text": text}).encode() + b"\n")
        await child.stdin.drain()
        told = json.loads(await child.stdout.readuntil(b"\n"))
        if "error" in told:
            raise Unable(str(told["error"])[:300])
        samples, rate = int(told["samples"]), int(told["rate"])
        if not (0 <= samples <= _MOST_SAMPLES and 8_000 <= rate <= 48_000):
            raise ValueError
        return np.frombuffer(await child.stdout.readexactly(2 * samples), "<i2").astype(np.int16), rate

    async def _start(self) -> asyncio.subprocess.Process:
        self.started += 1
        self._child = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            limit=_LONGEST_LINE,
        )
        return self._child
