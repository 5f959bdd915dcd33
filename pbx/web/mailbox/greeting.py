"""One's own greeting: what callers hear, which recordings there are of it, and taking it away and back."""

from dataclasses import dataclass

from aiohttp import web

from pbx.errors import Refused
from pbx.library import MessageView
from pbx.library.versions import VersionView
from pbx.store.values import Mailbox
from pbx.web.sound import file_of, wav
from pbx.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Greeting:
    """`own`: whether its owner has recorded one and not taken it away; `back`: whether one can be brought back.
    `versions`: newest first."""

    view: MessageView
    own: bool
    back: bool
    versions: list[VersionView]

    @property
    def current(self) -> VersionView | None:
        return next((one for one in self.versions if one.current), None)


async def box_of(visit: Visit) -> Mailbox:
    return await visit.parts.library.mailboxes.of_user(visit.company.id, visit.user.id)


async def greeting_of(visit: Visit, box: Mailbox) -> Greeting:
    company, library = visit.company.id, visit.parts.library
    (view,) = await library.overview.these(company, [box.greeting])
    texts = (await library.messages.with_texts(company, box.greeting)).texts.values()
    return Greeting(
        view,
        own=any(text.current for text in texts),
        back=not any(text.current for text in texts) and any(text.retired for text in texts),
        versions=await library.versions.all(company, box.greeting),
    )


async def card(visit: Visit) -> web.StreamResponse:
    return await visit.page("mailbox/_greeting.html", greeting=await greeting_of(visit, await box_of(visit)))


async def heard(visit: Visit) -> web.StreamResponse:
    """What callers hear in the user's language."""
    box = await box_of(visit)
    playable = await visit.parts.library.messages.playable_message(visit.company.id, box.greeting, visit.user.language)
    if not playable.media:
        raise web.HTTPNotFound
    return await wav(visit.request, [file_of(visit.parts.settings, media) for media in playable.media])


async def version(visit: Visit) -> web.StreamResponse:
    one = await _version(visit)
    media = await visit.parts.library.mailboxes.version_media(visit.company.id, one.id)
    if media is None:
        raise web.HTTPNotFound
    return await wav(visit.request, [file_of(visit.parts.settings, media)], lasting=True)


async def use(visit: Visit) -> web.StreamResponse:
    one, box = await _version(visit), await box_of(visit)
    await visit.parts.library.versions.use(visit.company.id, box.greeting, one.number, lang=one.lang, by=visit.by)
    return await _changed(visit)


async def remove(visit: Visit) -> web.StreamResponse:
    await visit.parts.library.mailboxes.delete_greeting(visit.company.id, (await box_of(visit)).id, by=visit.by)
    return await _changed(visit)


async def restore(visit: Visit) -> web.StreamResponse:
    await visit.parts.library.mailboxes.restore_greeting(visit.company.id, (await box_of(visit)).id, by=visit.by)
    return await _changed(visit)


async def erase(visit: Visit) -> web.StreamResponse:
    """A recording that is not heard now, for good, from every copy. Refused: `version-current`, and as erasing is."""
    one = await _version(visit)
    await visit.parts.library.erasing.order_version(visit.company.id, one.id, by=visit.by, because="for good")
    return await _changed(visit)


async def _changed(visit: Visit) -> web.StreamResponse:
    return await card(visit) if visit.partial else visit.go("/mailbox")


async def _version(visit: Visit) -> VersionView:
    """Of one's own greeting: nobody else's is found."""
    wanted = visit.of_path("version")
    for one in await visit.parts.library.versions.all(visit.company.id, (await box_of(visit)).greeting):
        if one.id == wanted:
            return one
    raise Refused("version-unknown", wanted[:40])
