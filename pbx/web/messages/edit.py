"""A message: what is heard of it, its script in each language, its versions, where it is heard, and new audio."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from pbx.company.languages import LANGUAGES
from pbx.errors import Refused
from pbx.library import MessageView
from pbx.library.versions import VersionView
from pbx.web import waves
from pbx.web.actors import name
from pbx.web.sound import file_of, wav
from pbx.web.visit import Visit

NEW = ("", "text", "upload", "here")
DONE = ("", "script", "name", "use", "speech", "upload")


@dataclass(frozen=True, slots=True)
class Line:
    """A version, and who made it."""

    version: VersionView
    by: str


async def show(visit: Visit) -> web.StreamResponse:
    try:
        return await page(visit)
    except Refused as refused:
        if not visit.partial:
            raise
        # Somebody removed it while its page was open: that is told there, and is no fault.
        return await visit.page("shared/_refused.html", says=visit.refusal(refused))


async def page(
    visit: Visit, refused: Refused | None = None, at: str = "", typed: str | None = None, voice: str = ""
) -> web.Response:
    """The page, perhaps with what was refused: `at` which form, where `typed` and `voice` stay."""
    company, message_id = visit.company, visit.of_path("message")
    view = await of(visit, message_id)
    lang = lang_of(visit)
    all_versions = await visit.parts.library.versions.all(company.id, message_id)
    mine = [version for version in all_versions if version.lang == lang]
    current = next((version for version in mine if version.current), None)
    lines = [Line(version, await name(visit, version.by)) for version in mine]
    playable = await visit.parts.library.messages.playable_message(company.id, message_id, lang)
    curve = await waves.of_file(file_of(visit.parts.settings, playable.media[0])) if playable.media else ""
    new, done = visit.query("new"), visit.query("done")
    speaks = new == "text" or at == "speak"
    voices = await asyncio.to_thread(visit.parts.library.speaking.offered, lang) if speaks else []
    return await visit.page(
        "messages/_heard.html" if visit.partial else "messages/edit.html", status=422 if refused else 200, view=view,
        running=await visit.parts.library.jobs.about(company.id, message_id), text=lang, languages=LANGUAGES,
        states={one: _state(view, all_versions, one) for one in LANGUAGES}, current=current,
        copies={version.lang: version.copies for version in all_versions if version.current},
        current_by=await name(visit, current.by) if current else "", lines=lines,
        playable=playable, curve=curve, new=new if new in NEW else "", done=done if done in DONE else "",
        swept=(await visit.parts.library.proof.last()).swept,
        wrong=visit.refusal(refused) if refused else "", at_form=at,
        script=view.script.get(lang) or "" if typed is None else typed, limit_mb=visit.parts.settings.upload_mb,
        voices=voices, voice=voice,
    )  # fmt: skip


async def of(visit: Visit, message_id: str) -> MessageView:
    """Refused: `message-unknown`, `message-deleted`."""
    await visit.parts.library.messages.with_texts(visit.company.id, message_id)
    return (await visit.parts.library.overview.these(visit.company.id, [message_id]))[0]


async def script(visit: Visit) -> web.StreamResponse:
    form = await visit.form()
    try:
        await visit.parts.library.messages.set_script(
            visit.company.id, visit.of_path("message"), lang_of(visit), form.get("script", ""),
            expected=revision_of(form), by=visit.by,
        )  # fmt: skip
    except Refused as refused:
        return await again(visit, refused, "script", form.get("script", ""))
    return back(visit, "script")


async def rename(visit: Visit) -> web.StreamResponse:
    form = await visit.form()
    try:
        await visit.parts.library.messages.rename(
            visit.company.id, visit.of_path("message"), form.get("name", ""), by=visit.by
        )
    except Refused as refused:
        return await again(visit, refused, "name")
    return back(visit, "name")


async def use(visit: Visit) -> web.StreamResponse:
    form = await visit.form()
    number = form.get("number", "")
    try:
        if not number.isdecimal() or len(number) > 9:
            raise Refused("version-unknown", number[:20])
        await visit.parts.library.versions.use(
            visit.company.id, visit.of_path("message"), int(number), lang=lang_of(visit), expected=revision_of(form),
            by=visit.by,
        )  # fmt: skip
    except Refused as refused:
        return await again(visit, refused, "use")
    return back(visit, "use")


async def version_wav(visit: Visit) -> web.StreamResponse:
    return await wav(visit.request, [await _file(visit, visit.of_path("version"))], lasting=True)


async def compared_wav(visit: Visit) -> web.StreamResponse:
    """What is heard now, and then that version."""
    message = await visit.parts.library.messages.with_texts(visit.company.id, visit.of_path("message"))
    version = await _file(visit, visit.of_path("version"))
    text = message.texts.get(lang_of(visit))
    before = [await _file(visit, text.current.id)] if text is not None and text.current is not None else []
    return await wav(visit.request, [*before, version])


async def version_svg(visit: Visit) -> web.StreamResponse:
    """Its curve, in a grey that is seen on light and dark."""
    curve = await waves.of_file(await _file(visit, visit.of_path("version")))
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {waves.WIDTH} {waves.HEIGHT}">'
        f'<path d="{curve}" stroke="#85898f" stroke-width="3" stroke-linecap="round" fill="none"/></svg>'
    )
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return web.Response(text=text, content_type="image/svg+xml", headers=headers)


def back(visit: Visit, done: str) -> web.Response:
    """To the page, which says what was done."""
    return visit.go(f"/messages/{visit.of_path('message')}?lang={lang_of(visit)}&done={done}")


async def _file(visit: Visit, version_id: str) -> Path:
    """Where its recording is published; made now if need be."""
    version = await visit.parts.library.versions.get(visit.company.id, visit.of_path("message"), version_id)
    media = await visit.parts.library.published.recording(visit.company.id, version)
    if media is None:
        raise web.HTTPNotFound
    return await asyncio.to_thread(file_of, visit.parts.settings, media)


async def again(visit: Visit, refused: Refused, at: str, typed: str | None = None, voice: str = "") -> web.Response:
    if refused.says in {"message-unknown", "message-deleted"}:
        raise refused
    return await page(visit, refused, at, typed, voice)


def lang_of(visit: Visit) -> str:
    """Of the text that is edited; the company's if none is named."""
    asked = visit.query("lang")
    return asked if asked in LANGUAGES else visit.company.language


def revision_of(form: dict[str, str]) -> int | None:
    revision = form.get("revision", "")
    return int(revision) if revision.isdecimal() and len(revision) < 10 else None


def _state(view: MessageView, versions: list[VersionView], lang: str) -> str:
    """Of one language's text."""
    current = [version for version in versions if version.current and version.lang == lang]
    if current:
        return current[0].shown
    return "stand-in" if view.script.get(lang) else "missing"
