"""Files of all kinds, made by ffmpeg as people's programs make them."""

import asyncio
from pathlib import Path

from pbx.audio.pcm import RATE, Pcm, to_bytes


async def sound_file(path: Path, pcm: Pcm, *options: str) -> Path:
    """The sound in the format that the name's ending says; `options`: of ffmpeg, for the output."""
    raw = path.with_name(f"{path.name}.raw")
    await asyncio.to_thread(raw.write_bytes, to_bytes(pcm))
    await ffmpeg("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", str(raw), *options, str(path))
    raw.unlink()
    return path


async def ffmpeg(*words: str) -> None:
    child = await asyncio.create_subprocess_exec(
        "ffmpeg", "-nostdin", "-y", "-v", "error", *words, stderr=asyncio.subprocess.PIPE
    )
    _, told = await child.communicate()
    assert child.returncode == 0, told.decode()
