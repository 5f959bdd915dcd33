"""What people look like: shown to colleagues, chosen by themselves or by an administrator, cut to the part that is
meant, and brought back when it was removed by mistake."""

from collections.abc import Mapping

from aiohttp import BodyPartReader, web

from pbx.errors import Lost, Refused
from pbx.pictures.portrait import LARGEST, Crop
from pbx.store.values import User
from pbx.web.visit import Visit

_FIELDS = 64 * 1024  # of a form around the picture
_PIECE = 64 * 1024


async def faces(visit: Visit) -> Mapping[str, str]:
    """By user of the company, the address of their picture; those who have none, or whose picture is lost, are not in
    it."""
    views = await visit.parts.library.pictures.all(visit.company.id)
    return {user: address(user, view.sha256) for user, view in views.items() if view.state == "ok"}


def address(user: str, sha256: str) -> str:
    """Another picture has another address, so that a browser keeps each for ever."""
    return f"/pictures/{user}?is={sha256[:16]}"


async def shown(visit: Visit) -> web.StreamResponse:
    try:
        data = await visit.parts.library.pictures.shown(visit.company.id, visit.of_path("user"))
    except Lost:
        raise web.HTTPNotFound from None
    lasting = "private, max-age=31536000, immutable" if visit.query("is") else "private, no-cache"
    return web.Response(body=data, content_type="image/jpeg", headers={"Cache-Control": lasting})


async def choose(visit: Visit) -> web.StreamResponse:
    return await _page(visit, await _owner(visit))


async def put(visit: Visit) -> web.StreamResponse:
    owner = await _owner(visit)
    try:
        data, crop = await _sent(visit.request)
        await visit.parts.library.pictures.set(visit.company.id, owner.id, data, crop=crop, by=visit.by)
    except Refused as refused:
        return await _page(visit, owner, visit.refusal(refused))
    return visit.go(f"{_here(visit)}?done=saved")


async def remove(visit: Visit) -> web.StreamResponse:
    owner = await _owner(visit)
    await visit.parts.library.pictures.remove(visit.company.id, owner.id, by=visit.by)
    return visit.go(f"{_here(visit)}?done=removed")


async def restore(visit: Visit) -> web.StreamResponse:
    owner = await _owner(visit)
    await visit.parts.library.pictures.restore(visit.company.id, owner.id, by=visit.by)
    return visit.go(f"{_here(visit)}?done=restored")


async def _page(visit: Visit, owner: User, wrong: str = "") -> web.Response:
    all_of_them = await visit.parts.library.pictures.of_user(visit.company.id, owner.id)
    return await visit.page(
        "pictures/picture.html", status=422 if wrong else 200, owner=owner, face=(await faces(visit)).get(owner.id, ""),
        has=any(one.retired_at is None for one in all_of_them), before=any(one.retired_at for one in all_of_them),
        here=_here(visit), back=_here(visit).removesuffix("/picture"), wrong=wrong, done=visit.query("done"),
    )  # fmt: skip


async def _owner(visit: Visit) -> User:
    """Of an administrator's page, the user that it is about; of everybody's own, oneself."""
    if "user" in visit.request.match_info:
        return await visit.parts.people.get(visit.company.id, visit.of_path("user"))
    return visit.user


def _here(visit: Visit) -> str:
    return f"/users/{visit.of_path('user')}/picture" if "user" in visit.request.match_info else "/mailbox/picture"


async def _sent(request: web.Request) -> tuple[bytes, Crop | None]:
    """The file, and which part of it. Refused: `picture-too-large`, `picture-empty`."""
    if not request.content_type.startswith("multipart/"):
        raise Refused("picture-empty")
    if (request.content_length or 0) > LARGEST + _FIELDS:
        raise Refused("picture-too-large")
    data, fields = b"", {"x": "", "y": "", "side": ""}
    left = LARGEST + _FIELDS
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            content = await _content(part, left)
            left -= len(content)
            if part.name == "picture":
                data = content
            elif part.name in fields:
                fields[part.name] = content[:40].decode("ascii", "replace")
    except ValueError:  # a form that is none
        raise Refused("picture-damaged") from None
    return data, _crop(fields)


async def _content(part: BodyPartReader, most: int) -> bytes:
    """aiohttp counts no byte of this against any limit."""
    content = bytearray()
    while piece := await part.read_chunk(_PIECE):
        content += piece
        if len(content) > most:
            raise Refused("picture-too-large")
    return bytes(content)


def _crop(fields: Mapping[str, str]) -> Crop | None:
    """None where a browser without scripts said nothing: then the middle is meant."""
    try:
        return Crop(float(fields["x"]), float(fields["y"]), float(fields["side"]))
    except ValueError:
        return None
