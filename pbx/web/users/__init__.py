"""Användare: who there is, how they are reached, and how they come in. For who administers the company."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from pbx.errors import Refused
from pbx.library import MessageView
from pbx.store.accounts import Account
from pbx.store.values import Role, User, UserNumber
from pbx.web.pictures import faces
from pbx.web.users.mail import write
from pbx.web.visit import Visit

PAGE = 50
_LONGEST_SEARCH = 80
# By what a field's refusal begins with, the field.
_FIELDS = {"name-": "name", "extension-": "extension", "email-": "email", "role-": "role", "number-": "number"}


@dataclass(frozen=True, slots=True)
class Row:
    """`greeting`: what is true of it; `new`: voice messages that nobody has heard yet."""

    user: User
    face: str
    numbers: list[UserNumber]
    account: Account | None
    greeting: MessageView
    new: int


async def show(visit: Visit) -> web.StreamResponse:
    search = " ".join(visit.query("search")[:_LONGEST_SEARCH].split())
    found = await _found(visit, search)
    first = _first(visit.query("from"), len(found))
    values: dict[str, Any] = {
        "rows": await _rows(visit, found[first : first + PAGE]), "search": search, "first": first, "total": len(found),
        "size": PAGE, "here": _Here(search), "again": visit.request.path_qs,
    }  # fmt: skip
    return await visit.page("users/_list.html" if visit.partial else "users/list.html", **values)


async def new(visit: Visit) -> web.StreamResponse:
    return await _new(visit, {"language": visit.company.language, "role": "user"})


async def add(visit: Visit) -> web.StreamResponse:
    """With an address, they are invited at once. One that cannot be taken is told before anybody is added."""
    form = await visit.form()
    email = form.get("email", "").strip()
    try:
        if email:
            await visit.parts.accounts.check_free(email)
        user = await visit.parts.people.add(
            visit.company.id, form.get("name", ""), form.get("extension", "").strip(),
            language=form.get("language") or None, role=_role(form.get("role", "")), by=visit.by,
        )  # fmt: skip
    except Refused as refused:
        return await _new(visit, form, refused)
    if email:
        return await _invite(visit, user, email)
    return visit.go(f"/users/{user.id}?done=added")


async def one(visit: Visit) -> web.StreamResponse:
    return await _page(visit, await _user(visit))


async def change(visit: Visit) -> web.StreamResponse:
    user, form = await _user(visit), await visit.form()
    oneself = visit.person is not None and visit.person.user is not None and visit.person.user.id == user.id
    try:
        await visit.parts.people.change(
            visit.company.id, user.id, name=form.get("name", ""), extension=form.get("extension", "").strip(),
            role=_role(form.get("role", user.role)), by=visit.by, oneself=oneself,
        )  # fmt: skip
    except Refused as refused:
        return await _page(visit, user, refused, form)
    return visit.go(f"/users/{user.id}?done=changed")


async def add_number(visit: Visit) -> web.StreamResponse:
    user, form = await _user(visit), await visit.form()
    try:
        await visit.parts.people.add_number(
            visit.company.id, user.id, form.get("number", ""), visit.parts.settings.countries, by=visit.by
        )
    except Refused as refused:
        return await _page(visit, user, refused, form)
    return visit.go(f"/users/{user.id}?done=number")


async def remove_number(visit: Visit) -> web.StreamResponse:
    user, number = await _user(visit), (await visit.form()).get("number", "")
    await visit.parts.people.remove_number(visit.company.id, user.id, number, by=visit.by)
    return await _page(visit, user, removed=number)


async def invite(visit: Visit) -> web.StreamResponse:
    user, form = await _user(visit), await visit.form()
    try:
        return await _invite(visit, user, form.get("email", ""))
    except Refused as refused:
        return await _page(visit, user, refused, form)


async def take_pin_away(visit: Visit) -> web.StreamResponse:
    user = await _user(visit)
    await visit.parts.pins.take_away(visit.company.id, user.id, by=visit.by)
    return visit.go(f"/users/{user.id}?done=pin")


@dataclass(frozen=True, slots=True)
class _Here:
    """Addresses of this list."""

    search: str

    def __call__(self, first: int) -> str:
        wanted = {"search": self.search, "from": str(first or "")}
        kept = {name: value for name, value in wanted.items() if value}
        return f"/users?{urlencode(kept)}" if kept else "/users"


async def _invite(visit: Visit, user: User, email: str) -> web.StreamResponse:
    """By mail, with a link to choose a password by; where no mail can be sent, the administrator is shown the link."""
    parts = visit.parts
    account = await parts.accounts.put(visit.company.id, user.id, email, by=visit.by)
    token = await parts.signing_in.invitation(account)
    await parts.audit.write(visit.company.id, visit.by, "invited", user.name, user=user.id, email=account.email)
    url = f"{parts.settings.site}/link/{token}"
    if not parts.outbox.works:
        return await _page(visit, user, link=url)
    await write(visit, user, account.email, url)
    return visit.go(f"/users/{user.id}?done=invited")


async def _found(visit: Visit, search: str) -> list[User]:
    everybody = await visit.parts.people.all(visit.company.id)
    words = search.casefold().split()
    return [user for user in everybody if all(word in f"{user.name} {user.extension}".casefold() for word in words)]


async def _rows(visit: Visit, users: list[User]) -> list[Row]:
    company, parts = visit.company.id, visit.parts
    pictures, numbers = await faces(visit), await parts.people.all_numbers(company)
    accounts = await parts.accounts.everybody(company)
    boxes = {box.user: box for box in await parts.library.mailboxes.all(company)}
    new_ones = await parts.library.mailboxes.new_counts(company)
    views = await parts.library.overview.these(company, [boxes[user.id].greeting for user in users])
    return [
        Row(user, pictures.get(user.id, ""), numbers.get(user.id, []), accounts.get(user.id), view,
            new_ones.get(boxes[user.id].id, 0))
        for user, view in zip(users, views, strict=True)
    ]  # fmt: skip


async def _new(visit: Visit, form: dict[str, str], refused: Refused | None = None) -> web.Response:
    kept = {name: form.get(name, "")[:254] for name in ("name", "extension", "email", "language", "role")}
    return await visit.page("users/new.html", status=422 if refused else 200, kept=kept, **_wrong(visit, refused))


async def _page(
    visit: Visit, user: User, refused: Refused | None = None, form: dict[str, str] | None = None, *, removed: str = "",
    link: str = "",
) -> web.Response:  # fmt: skip
    """`removed`: the number that was just taken away. `link`: the invitation that could not be mailed."""
    parts, company = visit.parts, visit.company.id
    user = await parts.people.get(company, user.id)
    (row,) = await _rows(visit, [user])
    typed = {name: value[:254] for name, value in (form or {}).items()}
    kept = {"name": user.name, "extension": user.extension, "role": user.role, "number": "",
            "email": row.account.email if row.account else ""} | typed  # fmt: skip
    return await visit.page(
        "users/user.html", status=422 if refused else 200, row=row, user=user, kept=kept, removed=removed, link=link,
        pin=(await parts.pins.all(company)).get(user.id), phones=len(await parts.people.phones(company, user.id)),
        done=visit.query("done"), mails=parts.outbox.works, **_wrong(visit, refused),
    )  # fmt: skip


def _wrong(visit: Visit, refused: Refused | None) -> dict[str, str]:
    """What is wrong, and with which field."""
    if refused is None:
        return {"wrong": "", "field": ""}
    field = next((name for begin, name in _FIELDS.items() if refused.says.startswith(begin)), "")
    return {"wrong": visit.refusal(refused), "field": field}


async def _user(visit: Visit) -> User:
    return await visit.parts.people.get(visit.company.id, visit.of_path("user"))


def _role(text: str) -> Role:
    return "admin" if text == "admin" else "user"


def _first(text: str, total: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        return 0
    return min(int(text), max(0, total - 1)) // PAGE * PAGE
