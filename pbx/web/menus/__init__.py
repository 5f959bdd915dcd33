"""Menyer: what callers can press, and where it leads. A whole menu is one form; what cannot work is told in it."""

import re
from dataclasses import dataclass

from aiohttp import web

from pbx.company.menus import KEYPAD, SLOTS, Draft
from pbx.errors import Refused
from pbx.store.values import Menu, Target
from pbx.web.menus.targets import Known, known
from pbx.web.visit import Visit

_SPARE = 2
USUAL = {"tries": "3", "wait": "5"}


@dataclass(frozen=True, slots=True)
class Form:
    """As it was typed. `rows`: key and where it leads; `at`: which row is wrong, by its number."""

    name: str
    tries: str
    wait: str
    rows: list[tuple[str, str]]
    fallback: str
    messages: dict[str, str]
    mark: str = ""


async def show(visit: Visit) -> web.StreamResponse:
    company = visit.company.id
    all_menus = await visit.parts.menus.all(company)
    lines: dict[str, list[str]] = {}
    for number in await visit.parts.numbers.all(company):
        if number.kind == "menu" and number.target:
            lines.setdefault(number.target, []).append(number.number.e164)
    template = "menus/_list.html" if visit.partial else "menus/list.html"
    return await visit.page(template, menus=all_menus, known=await known(visit), lines=lines)


async def new(visit: Visit) -> web.StreamResponse:
    return await _page(visit, None, Form("", USUAL["tries"], USUAL["wait"], [], "", {}))


async def edit(visit: Visit) -> web.StreamResponse:
    shown = await visit.parts.menus.shown(visit.company.id, visit.of_path("menu"))
    told = await known(visit)
    menu = shown.menu
    ordered = sorted(menu.choices, key=KEYPAD.index)
    form = Form(
        menu.name, str(menu.tries), f"{menu.timeout_s:g}", [(key, told.of(menu.choices[key])) for key in ordered],
        told.of(menu.fallback), {slot: told.names.get(id, "") for slot, id in shown.messages.items()}, shown.mark,
    )  # fmt: skip
    return await _page(visit, menu, form)


async def add(visit: Visit) -> web.StreamResponse:
    return await _save(visit, None)


async def save(visit: Visit) -> web.StreamResponse:
    menu = await visit.parts.menus.get(visit.company.id, visit.of_path("menu"))
    if menu is None:
        raise Refused("menu-unknown", visit.of_path("menu")[:40])
    return await _save(visit, menu)


async def _save(visit: Visit, menu: Menu | None) -> web.StreamResponse:
    fields = await visit.form()
    form = _typed(fields)
    if "more" in fields:
        return await _page(visit, menu, form, more=len(form.rows) + 2 * _SPARE)
    told = await known(visit)
    try:
        draft = _draft(form, told)
        saved = await visit.parts.menus.save(
            visit.company.id, menu.id if menu else None, draft, mark=form.mark, by=visit.by
        )  # fmt: skip
    except Refused as refused:
        return await _page(visit, menu, form, refused=refused)
    return visit.go(f"/menus/{saved.id}?saved=yes")


def _typed(fields: dict[str, str]) -> Form:
    numbers = sorted((name[4:] for name in fields if re.fullmatch("key-[0-9]{1,3}", name)), key=int)
    rows = [(fields[f"key-{number}"][:1], fields.get(f"to-{number}", "").strip()) for number in numbers[:40]]
    return Form(
        fields.get("name", ""), fields.get("tries", ""), fields.get("wait", ""),
        [row for row in rows if any(row)], fields.get("fallback", "").strip(),
        {slot: fields.get(slot, "").strip() for slot in SLOTS}, fields.get("mark", ""),
    )  # fmt: skip


def _draft(form: Form, told: Known) -> Draft:
    """Refused: `menu-form`, `target-unknown`, `message-unknown`."""
    ids = {name.casefold(): one for one, name in told.names.items()}
    messages = {}
    for slot, name in form.messages.items():
        if name and name.casefold() not in ids:
            raise Refused("message-unknown", name[:80])
        if name:
            messages[slot] = ids[name.casefold()]
    try:
        tries, wait = int(form.tries), float(form.wait.replace(",", "."))
    except ValueError:
        raise Refused("menu-form", form.tries[:20]) from None
    choices: list[tuple[str, Target]] = [(key, told.read(to, ids)) for key, to in form.rows]
    fallback = told.read(form.fallback, ids) if form.fallback else None
    return Draft(form.name, tries, wait, choices, fallback, messages)


async def _page(
    visit: Visit, menu: Menu | None, form: Form, *, refused: Refused | None = None, more: int = 0
) -> web.StreamResponse:
    many = min(max(more, len(form.rows) + _SPARE, 4), max(len(KEYPAD), len(form.rows)))
    numbers = [
        one.number.e164 for one in await visit.parts.numbers.all(visit.company.id) if menu and one.target == menu.id
    ]
    says, about = (refused.says, refused.details) if refused else ("", "")
    return await visit.page(
        "menus/edit.html", status=422 if refused else 200, menu=menu, form=form, digits=KEYPAD, says=says, about=about,
        rows=[*form.rows, *[("", "")] * (many - len(form.rows))], known=await known(visit), numbers=numbers,
        wrong=visit.refusal(refused) if refused else "", saved=visit.query("saved") == "yes",
    )  # fmt: skip
