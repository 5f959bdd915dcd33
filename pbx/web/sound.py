"""What callers hear, for the browser: a published file with a head of 44 bytes in front, which makes it a wav.

Asked for in pieces, as browsers do to play and to seek; the path comes from our own media names, never from an address.
"""

import asyncio
import hashlib
import os
import re
import struct
from pathlib import Path

from aiohttp import web

from pbx.library.files import MEDIA_ROOT as PUBLISHED
from pbx.phrases import MEDIA_ROOT as BUILT
from pbx.phrases import OWN_ROOT as OWN
from pbx.settings import Settings

RATE = 16_000
_HEAD = 44
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def file_of(settings: Settings, media: str) -> Path:
    """The file that Asterisk plays by this name, in the best of its renditions."""
    for root, folder in ((PUBLISHED, settings.published), (OWN, settings.own_sounds), (BUILT, settings.sounds)):
        if media.startswith(f"{root}/"):
            return folder / f"{media.removeprefix(root).lstrip('/')}.sln16"
    raise ValueError(f"no media of ours: {media}")


async def wav(
    request: web.Request, files: list[Path], *, lasting: bool = False, save_as: str = ""
) -> web.StreamResponse:
    """One after the other. `lasting`: what is in them never changes. `save_as`: the name of a file of its own. Raises
    HTTPNotFound where one is not there any more."""
    try:
        sizes = await asyncio.to_thread(lambda: [file.stat().st_size & ~1 for file in files])
    except FileNotFoundError:
        raise web.HTTPNotFound from None
    mark = hashlib.sha256("|".join(f"{file}:{size}" for file, size in zip(files, sizes, strict=True)).encode())
    headers = {
        "ETag": f'"{mark.hexdigest()[:32]}"',
        "Accept-Ranges": "bytes",
        "Content-Type": "audio/wav",
        "Cache-Control": "private, max-age=31536000, immutable" if lasting else "private, no-cache",
    }
    if save_as:
        headers["Content-Disposition"] = f'attachment; filename="{save_as}"'
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    total = _HEAD + sum(sizes)
    first, last = 0, total - 1
    asked = request.headers.get("Range")
    if asked is not None:
        wanted = _piece(asked, total)
        if wanted is None:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{total}"})
        first, last = wanted
        headers["Content-Range"] = f"bytes {first}-{last}/{total}"
    body = await asyncio.to_thread(_read, files, sizes, first, last)
    return web.Response(body=body, status=200 if asked is None else 206, headers=headers)


def _piece(asked: str, total: int) -> tuple[int, int] | None:
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        return None
    begin, end = found.groups()
    if not begin:
        return (max(0, total - int(end)), total - 1) if int(end) else None
    last = min(int(end), total - 1) if end else total - 1
    return (int(begin), last) if int(begin) <= last else None


def _read(files: list[Path], sizes: list[int], first: int, last: int) -> bytes:
    """From `first` to `last` of the head and all files behind it."""
    pieces = [_head(sum(sizes))[first : last + 1]]
    at = _HEAD
    for file, size in zip(files, sizes, strict=True):
        begin, end = max(first - at, 0), min(last + 1 - at, size)
        if begin < end:
            with file.open("rb") as opened:
                pieces.append(os.pread(opened.fileno(), end - begin, begin))
        at += size
    return b"".join(pieces)


def _head(size: int) -> bytes:
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16, b"data", size
    )
