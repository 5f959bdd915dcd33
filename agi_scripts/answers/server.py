"""A FastAGI server: one question a connection, answered by a script chosen by name.

Whatever goes wrong closes the connection, and the dialplan goes on with the answer that its row gives.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from pbx.telemetry import about_call

log = logging.getLogger(__name__)

LIMIT_S = 1.5
LONGEST_LINE = 8192


class Question:
    """What the dialplan asks: `args` are the script's arguments in order."""

    def __init__(self, env: Mapping[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.args = tuple(env.get(f"agi_arg_{n}", "") for n in range(1, 6))
        self.answered = ""
        self._reader = reader
        self._writer = writer

    async def answer(self, variable: str, value: str) -> None:
        """Set a channel variable. Raises ValueError for a value that would break out of its quotes,
        ConnectionError when the caller has gone."""
        if not variable.isidentifier() or any(c in '"\\' or c < " " for c in value):
            raise ValueError(f"not a value for a variable: {variable}={value!r}")
        self._writer.write(f'SET VARIABLE {variable} "{value}"\n'.encode())
        if not (await self._reader.readline()).startswith(b"200"):
            raise ConnectionError("the caller has gone")
        self.answered = value


Script = Callable[[Question], Awaitable[None]]


async def serve(scripts: Mapping[str, Script], host: str, port: int) -> asyncio.Server:
    """Listen; the server that is returned is closed by its owner."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(LIMIT_S):
                env = await _environment(reader)
                with about_call(env.get("agi_uniqueid", "-")):
                    await _answer(scripts, env, Question(env, reader, writer))
        except (OSError, TimeoutError, ValueError) as error:
            log.warning("question not answered: %r", error)
        except Exception:  # one question's fault touches no other
            log.exception("question not answered")
        finally:
            writer.close()

    return await asyncio.start_server(one, host, port, limit=LONGEST_LINE)


async def _answer(scripts: Mapping[str, Script], env: Mapping[str, str], question: Question) -> None:
    name = env.get("agi_network_script", "")
    if name not in scripts:
        log.warning("nobody answers %r", name)
        return
    await scripts[name](question)
    log.info("asked %s%s, answered %s", name, question.args, question.answered)


async def _environment(reader: asyncio.StreamReader) -> dict[str, str]:
    env: dict[str, str] = {}
    async for line in reader:
        key, colon, value = line.decode("utf-8", "replace").rstrip("\r\n").partition(": ")
        if not colon:
            break
        env[key] = value
    return env
