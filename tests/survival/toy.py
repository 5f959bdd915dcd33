"""A service that only beats, and does what its word says: for the warden's tests, which need no telephone for this.

toy.py NOTES WORD --beat FD [--after WORDS]
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from pbx.beat import Beat


async def serve(word: str, pipe: int) -> int:
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    beat = Beat(pipe)
    beating = asyncio.create_task(beat.run())
    beat.serving = word not in ("refuses", "dies before it serves")
    await asyncio.sleep(0.3)
    match word:
        case "refuses":
            return 3
        case "dies before it serves" | "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        case "is slow for half a second":
            time.sleep(0.5)  # noqa: ASYNC251
        case "hangs":
            time.sleep(30)  # noqa: ASYNC251
    await asyncio.wait([beating, asyncio.create_task(ending.wait())], return_when=asyncio.FIRST_COMPLETED)
    note("alone" if beating.done() else "ended in order")
    return 0


def note(what: str) -> None:
    with notes.open("a") as file:
        file.write(f"{what}\n")


notes, first_word, words = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
begun = notes.read_text().count("begun") if notes.exists() else 0
after = words[words.index("--after") + 1] if "--after" in words else ""
note(f"begun {os.getpid()} {after}".strip())
# Only the first one misbehaves, unless it is its nature.
word = first_word if begun == 0 or first_word == "dies" else "well"
sys.exit(asyncio.run(serve(word, int(words[words.index("--beat") + 1]))))
