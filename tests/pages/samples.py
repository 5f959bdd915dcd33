"""For each route: an address of the first company that it leads to, what its form says, and who is answered otherwise
than at its door, since what is behind the door is another company's."""

from dataclasses import dataclass, field

from pbx.store.values import Target
from tests.pages.premises import Premises, Who
from tests.store.world import World


@dataclass(frozen=True)
class Sample:
    path: str
    form: dict[str, str] = field(default_factory=dict)
    says: dict[Who, str] = field(default_factory=dict)
    leads_to_sign_in: bool = False


OTHERS: dict[Who, str] = {"cilla": "404"}
"""The other company's admin finds nothing there."""
NOTHING: dict[Who, str] = dict.fromkeys(("bo", "alva", "cilla"), "404")
"""Nobody has such a thing, or whoever has it is none of them."""
NOBODYS = "0190f3c2-0000-7000-8000-000000000000"

Samples = dict[tuple[str, str], Sample]
"""By method and path, as the table of routes has them."""


async def samples(premises: Premises) -> Samples:
    """Prepared once for a site; whoever sends what a form says leaves the addresses of all as they are."""
    world, parts = premises.world, premises.parts
    link = await parts.signing_in.first_link()
    job = await asked_job(premises)
    version = await spoken_version(premises)
    number = await parts.numbers.add(world.exempel.id, "+46701740620", "menu", target=world.menu.id, by="test")
    trial, round_ = await over_jobs(premises)
    return {
        **_home(parts.settings.web_port),
        **_coming_in(link),
        **_phone(),
        **_companies(world.exempel.id),
        **_messages(world.welcome.id, version),
        **_calls(job),
        **_way(world, number.id, trial, round_),
        **_menus(world.menu.id),
        **_vault(),
        **_mailbox(),
        **_users(world.bo.id),
    }


def _home(mark: int) -> Samples:
    return {
        ("GET", "/"): Sample("/", leads_to_sign_in=True),
        ("GET", "/health"): Sample("/health"),
        ("GET", "/static/{mark}/{name:.+}"): Sample(f"/static/{mark}/style.css"),
        ("GET", "/favicon.ico"): Sample("/favicon.ico"),
        ("POST", "/language"): Sample("/language", {"language": "sv", "back": "/messages"}),
        ("GET", "/live"): Sample("/live?since=0", says={"outside operator": "404"}),
    }


def _coming_in(link: str) -> Samples:
    return {
        ("GET", "/sign-in"): Sample("/sign-in"),
        ("POST", "/sign-in"): Sample("/sign-in", {"email": "x@example.com", "password": "none"}),
        ("POST", "/sign-out"): Sample("/sign-out"),
        ("GET", "/forgotten"): Sample("/forgotten"),
        ("POST", "/forgotten"): Sample("/forgotten", {"email": "x@example.com"}),
        ("GET", "/link/{token}"): Sample(f"/link/{link}"),
        ("POST", "/link/{token}"): Sample(f"/link/{link}", {"name": "", "email": "", "password": "short"}),
        ("GET", "/sessions"): Sample("/sessions"),
        # Nobody has a session of that name, whoever asks: whose it is does not matter.
        ("POST", "/sessions/{session}/end"): Sample(
            f"/sessions/{NOBODYS}/end",
            {},
            dict.fromkeys(("bo", "alva", "cilla", "operator", "outside operator"), "404"),
        ),
        ("GET", "/password"): Sample("/password"),
        ("POST", "/password"): Sample("/password", {"current": "none", "password": "", "again": ""}),
    }


def _phone() -> Samples:
    return {
        ("GET", "/phone"): Sample("/phone"),
        ("GET", "/phone/panel"): Sample("/phone/panel"),
        ("GET", "/phone/ws"): Sample("/phone/ws?account=w0123456789abcdef"),
        ("POST", "/phone/account"): Sample("/phone/account"),
        # Another one's account is as good as none: it is not ended.
        ("POST", "/phone/account/{account}/end"): Sample("/phone/account/w0123456789abcdef/end"),
    }


def _companies(company: str) -> Samples:
    return {
        ("GET", "/companies"): Sample("/companies"),
        ("POST", "/companies/{company}/enter"): Sample(
            f"/companies/{company}/enter", {"reason": "Kunden bad om hjälp"}
        ),
        ("POST", "/companies/leave"): Sample("/companies/leave"),
    }


def _messages(welcome: str, version: str) -> Samples:
    recorded = f"/messages/{welcome}/versions/{version}"
    return {
        ("GET", "/messages"): Sample("/messages"),
        ("POST", "/messages"): Sample("/messages", {"name": "Sommar", "kind": "announcement", "script": "Hej."}),
        ("GET", "/messages/new"): Sample("/messages/new"),
        ("POST", "/messages/{message}/remove"): Sample(f"/messages/{welcome}/remove", {}, OTHERS),
        ("POST", "/messages/{message}/restore"): Sample(f"/messages/{welcome}/restore", {}, OTHERS),
        ("GET", "/messages/{message}/heard.wav"): Sample(f"/messages/{welcome}/heard.wav", says=OTHERS),
        ("GET", "/messages/{message}"): Sample(f"/messages/{welcome}", says=OTHERS),
        ("POST", "/messages/{message}/name"): Sample(f"/messages/{welcome}/name", {"name": "Nytt"}, OTHERS),
        ("POST", "/messages/{message}/script"): Sample(f"/messages/{welcome}/script", {"script": "Hej."}, OTHERS),
        ("POST", "/messages/{message}/use"): Sample(f"/messages/{welcome}/use", {"number": "1"}, OTHERS),
        ("GET", "/messages/{message}/versions/{version}/sound.wav"): Sample(f"{recorded}/sound.wav", says=OTHERS),
        ("GET", "/messages/{message}/versions/{version}/compared.wav"): Sample(f"{recorded}/compared.wav", says=OTHERS),
        ("GET", "/messages/{message}/versions/{version}/curve.svg"): Sample(f"{recorded}/curve.svg", says=OTHERS),
        ("POST", "/messages/{message}/speak"): Sample(f"/messages/{welcome}/speak", {"script": "Hej."}, OTHERS),
        ("POST", "/messages/{message}/preview"): Sample(
            f"/messages/{welcome}/preview", {"script": "Hej."}, {"cilla": "422"}
        ),
        ("PUT", "/messages/{message}/audio"): Sample(
            f"/messages/{welcome}/audio?name=x.wav", {"x": "no sound"}, OTHERS
        ),
        ("GET", "/messages/{message}/record"): Sample(f"/messages/{welcome}/record", says=OTHERS),
        ("POST", "/messages/{message}/record"): Sample(f"/messages/{welcome}/record", {"to": "112"}, OTHERS),
    }


def _calls(job: str) -> Samples:
    return {
        ("GET", "/numbers/check"): Sample("/numbers/check?to=0701740605", says={"bo": "200"}),
        ("GET", "/jobs/{job}"): Sample(f"/jobs/{job}", says=OTHERS),
        ("GET", "/jobs/{job}/live"): Sample(f"/jobs/{job}/live", says=OTHERS),
        ("POST", "/jobs/{job}/cancel"): Sample(f"/jobs/{job}/cancel", says=OTHERS),
    }


def _way(world: World, number: str, trial: str, round_: str) -> Samples:
    return {
        ("GET", "/map"): Sample("/map"),
        ("GET", "/map/{number}"): Sample(f"/map/{number}", says=OTHERS),
        ("GET", "/map/heard/{kind}/{owner}/{slot}.wav"): Sample(
            f"/map/heard/menu/{world.menu.id}/welcome.wav", says=OTHERS
        ),
        ("GET", "/test-call"): Sample(f"/test-call?to=menu:{world.menu.id}", says=OTHERS),
        ("POST", "/test-call"): Sample("/test-call", {"to": f"menu:{world.menu.id}", "number": "1"}, OTHERS),
        ("GET", "/test-call/{job}"): Sample(f"/test-call/{trial}", says=OTHERS),
        ("GET", "/round"): Sample("/round"),
        ("POST", "/round"): Sample("/round", {f"item-{world.welcome.id}/sv": "on", "number": "1"}),
        ("GET", "/round/{job}"): Sample(f"/round/{round_}", says=OTHERS),
    }


def _menus(menu: str) -> Samples:
    return {
        ("GET", "/menus"): Sample("/menus"),
        ("POST", "/menus"): Sample("/menus", {"name": "", "tries": "3", "wait": "5"}),
        ("GET", "/menus/new"): Sample("/menus/new"),
        ("GET", "/menus/{menu}"): Sample(f"/menus/{menu}", says=OTHERS),
        ("POST", "/menus/{menu}"): Sample(f"/menus/{menu}", {"name": "Ny"}, OTHERS),
    }


def _vault() -> Samples:
    return {
        ("GET", "/vault"): Sample("/vault"),
        ("GET", "/vault/scrub"): Sample("/vault/scrub"),
        ("POST", "/vault/scrub"): Sample("/vault/scrub"),
        ("POST", "/vault/release"): Sample("/vault/release", says={"outside operator": "404"}),
        ("GET", "/log"): Sample("/log"),
        ("GET", "/operations"): Sample("/operations"),
        ("GET", "/operations/scrub"): Sample("/operations/scrub"),
        ("POST", "/operations/scrub"): Sample("/operations/scrub"),
    }


def _mailbox() -> Samples:
    return {
        ("GET", "/mailbox"): Sample("/mailbox"),
        ("GET", "/mailbox/greeting"): Sample("/mailbox/greeting"),
        ("GET", "/mailbox/greeting/heard.wav"): Sample("/mailbox/greeting/heard.wav"),
        ("GET", "/mailbox/greeting/{version}/heard.wav"): Sample(
            f"/mailbox/greeting/{NOBODYS}/heard.wav", says=NOTHING
        ),
        ("POST", "/mailbox/greeting/{version}/use"): Sample(f"/mailbox/greeting/{NOBODYS}/use", says=NOTHING),
        ("POST", "/mailbox/greeting/{version}/erase"): Sample(f"/mailbox/greeting/{NOBODYS}/erase", says=NOTHING),
        ("POST", "/mailbox/greeting/remove"): Sample("/mailbox/greeting/remove"),
        ("POST", "/mailbox/greeting/restore"): Sample("/mailbox/greeting/restore"),
        ("GET", "/mailbox/pin"): Sample("/mailbox/pin"),
        ("POST", "/mailbox/pin"): Sample("/mailbox/pin", {"pin": "1234", "again": "1234"}),
        ("GET", "/mailbox/picture"): Sample("/mailbox/picture"),
        ("POST", "/mailbox/picture"): Sample("/mailbox/picture"),
        ("POST", "/mailbox/picture/remove"): Sample("/mailbox/picture/remove", says=NOTHING),
        ("POST", "/mailbox/picture/restore"): Sample("/mailbox/picture/restore", says=NOTHING),
        ("GET", "/mailbox/{voice}/heard.wav"): Sample(f"/mailbox/{NOBODYS}/heard.wav", says=NOTHING),
        ("POST", "/mailbox/{voice}/mark"): Sample(f"/mailbox/{NOBODYS}/mark", {"state": "kept"}, NOTHING),
        ("POST", "/mailbox/{voice}/erase"): Sample(f"/mailbox/{NOBODYS}/erase", says=NOTHING),
    }


def _users(bo: str) -> Samples:
    one = f"/users/{bo}"
    return {
        ("GET", "/pictures/{user}"): Sample(
            f"/pictures/{bo}", says={**NOTHING, "operator": "404", "outside operator": "404"}
        ),
        ("GET", "/users"): Sample("/users"),
        ("POST", "/users"): Sample("/users", {"name": "Dag Dal", "extension": "x"}),
        ("GET", "/users/new"): Sample("/users/new"),
        ("GET", "/users/{user}"): Sample(one, says=OTHERS),
        ("POST", "/users/{user}"): Sample(one, {"name": "Bo", "extension": "202", "role": "user"}, OTHERS),
        ("POST", "/users/{user}/numbers"): Sample(f"{one}/numbers", {"number": "x"}, OTHERS),
        ("POST", "/users/{user}/numbers/remove"): Sample(f"{one}/numbers/remove", {"number": "x"}, OTHERS),
        ("POST", "/users/{user}/invite"): Sample(f"{one}/invite", {"email": "x"}, OTHERS),
        ("POST", "/users/{user}/pin/remove"): Sample(f"{one}/pin/remove", says=OTHERS),
        ("GET", "/users/{user}/picture"): Sample(f"{one}/picture", says=OTHERS),
        ("POST", "/users/{user}/picture"): Sample(f"{one}/picture", says=OTHERS),
        ("POST", "/users/{user}/picture/remove"): Sample(
            f"{one}/picture/remove", says={**NOTHING, "bo": "403", "operator": "404"}
        ),
        ("POST", "/users/{user}/picture/restore"): Sample(
            f"{one}/picture/restore", says={**NOTHING, "bo": "403", "operator": "404"}
        ),
    }


async def asked_job(premises: Premises) -> str:
    """Somebody was asked to read the welcome in, and nobody has rung them yet."""
    world, jobs = premises.world, premises.house.library.jobs
    company = world.exempel.id
    if live := await jobs.recent(company, 1):
        return live[0].id
    await premises.parts.people.add_number(company, world.alva.id, "+46701740605", frozenset({"46"}), by="test")
    return (await jobs.request(company, world.welcome.id, "en", "+46701740605", asked_by="test")).id


async def spoken_version(premises: Premises) -> str:
    """The welcome has been read by a voice."""
    company, welcome = premises.world.exempel.id, premises.world.welcome.id
    versions = await premises.house.library.versions.all(company, welcome)
    if versions:
        return versions[0].id
    said = await premises.house.library.speaking.speak(company, welcome, lang="sv", by="web:201")
    return said.version.id


async def over_jobs(premises: Premises) -> tuple[str, str]:
    """A test call and a round that were cancelled."""
    world, jobs = premises.world, premises.parts.library.jobs
    company, mobile = world.exempel.id, "+46701740606"
    await premises.parts.people.add_number(company, world.alva.id, mobile, frozenset({"46"}), by="test")
    trial = await jobs.request_test(company, Target("menu", world.menu.id), "sv", mobile, asked_by="test")
    await jobs.cancel(company, trial.id, by="test")
    round_ = await jobs.request_round(company, [(world.welcome.id, "sv")], mobile, asked_by="test")
    await jobs.cancel(company, round_.id, by="test")
    return trial.id, round_.id
