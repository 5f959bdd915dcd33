"""New audio for a message without a call: a voice that reads the script, a file, or this browser's microphone."""

import re
import tempfile
from pathlib import Path

from aiohttp import web

from pbx.errors import Refused
from pbx.library.parcel.wav import encode
from pbx.web.messages.edit import again, back, lang_of, revision_of
from pbx.web.visit import Visit

_PIECE = 64 * 1024


async def speak(visit: Visit) -> web.StreamResponse:
    form = await visit.form()
    try:
        await visit.parts.library.speaking.speak(
            visit.company.id, visit.of_path("message"), lang=lang_of(visit), text=form.get("script"),
            voice=form.get("voice") or None, expected=revision_of(form), by=visit.by,
        )  # fmt: skip
    except Refused as refused:
        return await again(visit, refused, "speak", form.get("script", ""), form.get("voice", ""))
    return back(visit, "speech")


async def preview(visit: Visit) -> web.StreamResponse:
    """How it would sound; what cannot be said is told in words."""
    form = await visit.form()
    try:
        pcm = await visit.parts.library.speaking.preview(
            visit.company.id, visit.of_path("message"), lang=lang_of(visit), text=form.get("script"),
            voice=form.get("voice") or None, by=visit.by,
        )  # fmt: skip
    except Refused as refused:
        return web.Response(status=422, text=visit.refusal(refused))
    return web.Response(body=encode(pcm), content_type="audio/wav")


async def upload(visit: Visit) -> web.StreamResponse:
    """The file itself is the body: so a browser tells how far it has come, and nothing is held in memory."""
    most = visit.parts.settings.upload_mb << 20
    if (visit.request.content_length or 0) > most:
        return web.Response(status=413, text=visit.refusal(Refused("upload-too-big")))
    await visit.parts.library.messages.with_texts(visit.company.id, visit.of_path("message"))
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        path = Path(folder) / _file_name(visit.query("name"))
        if not await _received(visit.request, path, most):
            return web.Response(status=413, text=visit.refusal(Refused("upload-too-big")))
        try:
            await visit.parts.library.uploads.upload(
                visit.company.id, visit.of_path("message"), path, lang=lang_of(visit), by=visit.by
            )
        except Refused as refused:
            return web.Response(status=422, text=visit.refusal(refused))
    return web.Response(
        status=201, headers={"Location": f"/messages/{visit.of_path('message')}?lang={lang_of(visit)}&done=upload"}
    )


async def _received(request: web.Request, path: Path, most: int) -> bool:
    """False where more comes than may."""
    size = 0
    with path.open("wb") as file:
        async for piece in request.content.iter_chunked(_PIECE):
            size += len(piece)
            if size > most:
                return False
            file.write(piece)
    return True


def _file_name(told: str) -> str:
    """What the person calls the file, as far as it can be a file's name."""
    plain = re.sub(r"[^\w .()-]", "_", told.rpartition("/")[2].rpartition("\\")[2])[-120:].strip(" .")
    return plain or "sound"
