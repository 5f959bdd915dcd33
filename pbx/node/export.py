"""From our rows to the phones-and-routes file."""

import asyncio
import logging
import time
from pathlib import Path

from pbx import fresh
from pbx.company import CompanyDirectory, Directory
from pbx.company.people import SHORT_CODE
from pbx.node.routes import Phone, Route, Rows, rows_of, write
from pbx.store.values import CompanyNumber, User

log = logging.getLogger(__name__)

ALL_EVERY_S = 60.0


class Exporter:
    """Keeps the file as the rows say. `outside`: SIP user and digest of the phone that stands for the outside world, or
    None. `host`: where phones exchange their sound. `phones`: the SIP users in the file, without those of browsers."""

    def __init__(self, directory: Directory, path: Path, outside: tuple[str, str] | None, host: str) -> None:
        self._directory = directory
        self._path = path
        self._host = "" if host == "0.0.0.0" else host  # noqa: S104 - every address of this host
        self._outside = [outside_phone(*outside, self._host)] if outside else []
        self._written: Rows | None = None
        self._due = 0.0
        self._writing = asyncio.Lock()
        self.phones: frozenset[str] = frozenset()

    async def export(self, *, anew: bool = False) -> None:
        """Write what the rows say now, if it is not what was written last. All of them are read where they may have
        changed, and every now and then. `anew`: the file may have been made again since, and all of it is written."""
        async with self._writing:
            if await self._directory.may_have_changed() or anew or time.monotonic() >= self._due:
                self._due = 0.0  # until it is done
                self._written = None if anew else self._written
                await asyncio.to_thread(self._export)
                self._due = time.monotonic() + ALL_EVERY_S
            fresh.done("export")

    def _export(self) -> None:
        """In a thread, from the first row to the last: ten thousand numbers would stop our loop for half a second, and
        a little longer is what the warden takes for a hang."""
        companies = asyncio.run(self._directory.everything())
        phones = [*(phone for one in companies for phone in phones_of(one, self._host)), *self._outside]
        in_browsers = [phone for one in companies for phone in browser_phones_of(one, self._host)]
        routes = [route for one in companies for route in routes_of(one)]
        rows = rows_of(phones + in_browsers, routes)
        if rows == self._written:
            return
        before, self._written = self._written, None  # what is there is not known until it is done
        write(self._path, rows, before)
        self._written, self.phones = rows, frozenset(phone.user for phone in phones)
        log.info("%d phones and %d routes are known to Asterisk", len(phones), len(routes))


def outside_phone(user: str, ha1: str, host: str) -> Phone:
    """A registered phone in place of a trunk: its caller-id is believed as far as any trunk's is."""
    return Phone(user, ha1, context="outside", company="", language="sv", shown="", address=host)


def phones_of(here: CompanyDirectory, host: str) -> list[Phone]:
    """Each user's phones; what a phone says of itself in From is not believed."""
    users = {user.id: user for user in here.users}
    boxes = {box.user: box.id for box in here.mailboxes}
    return [
        Phone(phone.sip_user, phone.ha1, "phones", here.company.id, user.language, _shown(user), host,
              mailbox=boxes.get(user.id, ""))
        for phone in here.phones
        for user in [users[phone.user]]
    ]  # fmt: skip


def browser_phones_of(here: CompanyDirectory, host: str) -> list[Phone]:
    """As good as the user's own phones. They have no lamp: the page tells how many messages wait."""
    users = {user.id: user for user in here.users}
    return [
        Phone(phone.sip_user, phone.ha1, "phones", here.company.id, user.language, _shown(user), host, browser=True)
        for phone in here.browser_phones
        for user in [users[phone.user]]
    ]


def routes_of(here: CompanyDirectory) -> list[Route]:
    """A row for each extension, the short code, the way out, and each public number."""
    company = here.company.id
    boxes = {box.user: box.id for box in here.mailboxes}
    phones: dict[str, list[str]] = {}
    own = [(phone.user, phone.sip_user) for phone in here.phones]
    for user, sip_user in [*own, *((phone.user, phone.sip_user) for phone in here.browser_phones)]:
        phones.setdefault(user, []).append(sip_user)

    def rings(number: str, user: str, language: str) -> Route:
        return Route(number, company, "user", user, "&".join(phones.get(user, ())), boxes[user], language)

    def public(number: CompanyNumber) -> Route:
        language = number.language or here.company.language
        if number.kind == "user":
            return rings(number.number.e164, number.target or "", language)
        kind = "access" if number.kind == "voicemail" else number.kind
        return Route(number.number.e164, company, kind, number.target or "", "", number.mailbox or "", language)

    shown = next((number.number.e164 for number in here.numbers if number.kind != "voicemail"), "")
    ways_out = {
        "all": [Route(f"{company}/out", company, "out", shown)],
        "checked": [Route(f"{company}/out", company, "out", shown, refine="yes")],
        "none": [Route(f"{company}/out", company, "barred", shown)],
    }
    return [
        *(rings(f"{company}/{user.extension}", user.id, user.language) for user in here.users),
        *(public(number) for number in here.numbers),
        Route(f"{company}/{SHORT_CODE}", company, "voicemail", lang=here.company.language),
        *ways_out[here.company.outgoing],
    ]


def _shown(user: User) -> str:
    return f'"{_plain(user.name)}" <{user.extension}>'


def _plain(name: str) -> str:
    """A name that cannot break out of its quotes in a SIP header."""
    return "".join(c for c in name if c.isprintable() and c not in '"\\<>')[:60]
