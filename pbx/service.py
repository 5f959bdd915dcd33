"""The one place that builds the parts and joins them."""

import asyncio
import gc
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from agi_scripts.answers.may_dial import may_dial
from agi_scripts.answers.server import serve
from ari_app.caller import Caller
from ari_app.client import Ari
from ari_app.flows import FLOWS
from ari_app.line import LostSwitch
from ari_app.resuming import Resuming
from ari_app.runner import Runner
from ari_app.services import Services
from ari_app.shelf import Shelf
from pbx import fresh
from pbx.ami import Ami, AmiAway, Watch
from pbx.asterisk import AsteriskHost, Running, ports
from pbx.beat import Beat
from pbx.card import Card
from pbx.changes import Changes
from pbx.company import Accounts, BrowserPhones, Companies, Directory, Menus, Numbers, People, Pins, SigningIn
from pbx.errors import CannotStart
from pbx.heap import give_back
from pbx.library import returning
from pbx.library.building import build
from pbx.library.own import OwnMending
from pbx.node import routes, takes_db
from pbx.node.export import Exporter
from pbx.node.health import Health
from pbx.node.introducing import Introducing
from pbx.node.lamps import Lamps
from pbx.node.own_sounds import OwnSounds
from pbx.node.publisher import Publisher
from pbx.node.standby import Standby
from pbx.node.survivors import Survivors
from pbx.post import Outbox, Server
from pbx.settings import Settings
from pbx.waiting import set_within
from pbx.web import Site
from pbx.web.parts import CallsNow
from pbx.web.parts import Parts as PageParts

log = logging.getLogger(__name__)

Chore = Callable[[], Awaitable[None]]

ADOPT_EVERY_S = 60.0
EXPORT_EVERY_S = 60.0
GIVE_BACK_EVERY_S = 60.0
CHORE_PAUSE_S = 5.0
PAGES_S = 10.0


class Service:
    """A company switchboard on one machine. `run` returns when `ending` is set and everything is down.

    `beat`: how the warden that started us knows that we are well; None where nothing is served.
    """

    def __init__(self, settings: Settings, beat: Beat | None = None) -> None:
        self.settings = settings
        self.beat = beat
        self.node = socket.gethostname()
        parts = build(settings)
        self.store, self.vault, self.phrases, self.library = parts.store, parts.vault, parts.phrases, parts.library
        self.own_phrases = OwnMending(self.phrases, settings.own_sounds, self.vault, self.store.clock)
        self.directory = Directory(self.store)
        self.browser_phones = BrowserPhones(self.store)
        self.publisher = Publisher(self.library)
        self.lamps = Lamps(self.library, self._light)
        self.standby = Standby(self.library, settings.routes_db)
        self.survivors = Survivors(
            self.library, self.directory, settings.takes_db, settings.spool / "survival"
        )  # fmt: skip
        self.host = AsteriskHost(settings, _prepare_files)
        self.caller = Caller(self.library, Numbers(self.store), self.node, settings.way_out)
        server = Server(settings.smtp, settings.mail_from) if settings.smtp else None
        self.outbox = Outbox(self.store, server)
        calls = None if settings.role == "web" else CallsNow(self._held_now, self._talking)
        self.site = Site(PageParts.of(settings, self.store, self.library, self.phrases, self.outbox, calls))
        self.exporter: Exporter
        self.ari: Ari
        self.resuming: Resuming
        self.runner: Runner
        self.switchman: Ami
        self.watch: Watch
        self._questions: asyncio.Server | None = None
        self._card: Card | None = None
        self._running: Running | None = None
        self._untold = asyncio.Event()
        self._first_link: str | None = None
        self._alone = False

    async def run(self, ending: asyncio.Event, ready: Callable[[], None]) -> None:
        """Open, serve, close. `ready` is called once, when calls are answered. Raises CannotStart."""
        beating = asyncio.create_task(self._beat(ending), name="beat")
        await self.open()
        try:
            if self.settings.role == "web":
                await self._serve_pages(ending, ready)
            else:
                await self._begin()
                await self._serve_calls(ending, ready)
        finally:
            await self._end()
            beating.cancel()

    async def _beat(self, ending: asyncio.Event) -> None:
        if self.beat is not None:
            await self.beat.run()
            log.error("the warden has gone: ending, and leaving Asterisk to whoever starts us again")
            self._alone = True
            ending.set()

    def _holds_calls(self, may_hold: bool) -> None:
        if self.beat is not None:
            self.beat.serving = may_hold

    async def open(self) -> None:
        """What the vault knows and the database does not comes back before anything is asked of it. Raises
        CannotStart."""
        await self.vault.open()
        await returning.refuse_to_begin_anew(self.store.path, self.vault)
        if found := await returning.bring_back(self.store.path, self.vault):
            log.warning("told in %s", returning.report(self.settings.var / "reports", found))
        await self.store.open()

    def welcome(self) -> str:
        """What a newcomer needs to know, once calls are answered."""
        how = [f"Asterisk: {self._running.how} ({self._running.because})"] if self._running is not None else []
        card = self._card.welcome() if self._card else []
        first = [f"Nobody runs this yet. Whoever opens this link within a day does: {self._first_link}"]
        does = "shows its pages" if self.settings.role == "web" else "answers calls"
        lacks = [f"There are no pages: {self.site.why_not}"] if self.site.why_not else []
        told = [*how, *card, *(first if self._first_link else ()), *lacks, f"Växel {does}. Ctrl-C ends it."]
        return "\n".join(told)

    async def _begin(self) -> None:
        outside = None
        self.host.take()  # another of us on the same `var` is told as that, and not as a port that is taken
        self._questions = await self._answer_the_dialplan()
        if self.settings.demo:
            self._card = await Card.made_or_kept(self.settings, self.store, self.library)
            outside = self._card.outside
        self.exporter = Exporter(self.directory, self.settings.routes_db, outside, self.settings.host)
        _prepare_files(self.settings)
        await self.exporter.export()
        running = self._running = await self.host.start_or_attach()
        self.switchman = Ami("127.0.0.1", self.settings.ami_port, running.ami_user, running.ami_password)
        self.watch = Watch("127.0.0.1", self.settings.ami_port, running.ami_watch_user, running.ami_watch_password)
        self.runner = Runner(FLOWS, self._services(), self._shelf())
        self.ari = Ari(
            running.ari_url, running.ari_user, running.ari_password, self.runner.enter, self._before_serving
        )  # fmt: skip
        self.resuming = Resuming(
            self.ari, self.host, self.switchman, self.library, self.survivors, self.node, self._in_hand
        )  # fmt: skip

    async def _serve_calls(self, ending: asyncio.Event, ready: Callable[[], None]) -> None:
        """A fault of ours is no reason to hang up on people who talk: Asterisk is left to whoever starts us again."""
        try:
            await self._serve(ending, ready)
        except CannotStart:
            raise
        except Exception:
            self._alone = self.ari.connections > 0
            raise

    async def _serve(self, ending: asyncio.Event, ready: Callable[[], None]) -> None:
        if ending.is_set():
            return
        changes = Changes(self.store)
        parts: list[Awaitable[None]] = [
            self.ari.run(),
            self.runner.run(self.ari),
            self.caller.run(self.ari, changes.event()),
            *(_again(chore) for chore in self._chores(changes)),
            changes.run(),
            self._tell(ready),
        ]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_forever(part)) for part in parts]
            await ending.wait()
            log.info("ending")
            for task in tasks:
                task.cancel()

    async def _answer_the_dialplan(self) -> asyncio.Server:
        """Before anything is started that a refusal would have to end again. Raises CannotStart."""
        port = ports.of_questions(self.settings)
        try:
            return await serve({"may_dial": may_dial(self.settings.countries)}, port.address, port.number)
        except OSError as error:
            raise CannotStart(await port.why_not(error)) from None

    def _chores(self, changes: Changes) -> list[Chore]:
        """What goes on beside the calls, each of which can do without it for a while."""
        chores: list[Chore] = [
            self.resuming.run,
            partial(self.publisher.run, changes.event()),
            partial(self.lamps.run, changes.event()),
            partial(self.standby.run, changes.event()),
            partial(self._export, changes.event()),
            Introducing(lambda: self.exporter.phones, self._read_phones_anew).run,
            self._adopt,
            partial(self.library.catalogue.run, changes.event()),
            self.library.proof.run_sweeps,
            self.library.proof.run_scrubs,
            self.library.erasing.run,
            self.own_phrases.run,
            OwnSounds(self.phrases, self.settings.routes_db).run,
            _give_back,
        ]
        if self.beat is not None:
            ours = [what for what in fresh.LIMITS_S if what != "mail" or self.settings.role == "all"]
            health = Health(
                ports.of_figures(self.settings), self.beat, self.watch, self.ari.up.is_set,
                lambda: self.library.proof.standing, ours,
                carrier=self.settings.carrier,
            )  # fmt: skip
            chores.append(health.run)
        if self.settings.role == "all":
            chores += [partial(self.site.run, must=False), partial(self.outbox.run, changes.event())]
        return chores

    async def _serve_pages(self, ending: asyncio.Event, ready: Callable[[], None]) -> None:
        """Pages alone: calls are answered by another process on the same rows and the same vault."""
        changes = Changes(self.store)
        mail = _again(partial(self.outbox.run, changes.event()))
        parts = (self.site.run(must=True), mail, changes.run(), self._shown(ready))
        refused: BaseException | None = None
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(_forever(part)) for part in parts]
                await ending.wait()
                log.info("ending")
                for task in tasks:
                    task.cancel()
        except* CannotStart as told:
            refused = told.exceptions[0]  # raised in here, some versions of Python would wrap it in a group again
        if refused is not None:
            raise refused from None

    async def _shown(self, ready: Callable[[], None]) -> None:
        await self.site.up.wait()
        await self._look_for_an_operator()
        ready()

    async def _look_for_an_operator(self) -> None:
        """Nobody has a password that we know: the first operator chooses one, by a link that only this terminal has."""
        if self.settings.role != "calls" and await Accounts(self.store).nobody_yet():
            self._first_link = f"{self.settings.site}/link/{await SigningIn(self.store).first_link()}"

    async def _end(self) -> None:
        self._holds_calls(False)
        if self._questions is not None:
            self._questions.close()
        if self._running is not None:
            if self.settings.asterisk_stays or self._alone:
                self.host.leave()
            else:
                await self.host.stop()
                await self.library.takes.adopt()
        else:
            self.host.leave()
        await self.library.drain()
        await self.store.close()
        self.vault.close()

    async def _before_serving(self) -> None:
        """Each time before Asterisk lets anybody in."""
        if not await self.host.alive():
            log.warning("Asterisk has gone: starting it again")
            self._running = await self.host.start_or_attach()
            self._untold.set()
            await self.exporter.export(anew=True)
        self.lamps.forget()
        await self.resuming.before_serving()
        self._holds_calls(True)

    async def _tell(self, ready: Callable[[], None]) -> None:
        """Once calls are answered, at first and whenever Asterisk was started again."""
        await self.publisher.first_round.wait()
        if self.settings.role == "all":
            # The pages' port may be taken: calls are answered all the same.
            await set_within(PAGES_S, self.site.up)
        await self._look_for_an_operator()
        while True:
            await self.ari.up.wait()
            await self.resuming.caught_up.wait()
            self._untold.clear()
            if self._card and self._running is not None:
                try:
                    self._card.write(self._running)
                except OSError as error:
                    log.error("the demonstration's card cannot be written: %s", error)
            with suppress(OSError):  # nobody reads what we say
                ready()
            gc.freeze()  # what is here now stays: full collections need not go through it, which stalls the loop
            await self._untold.wait()

    async def _light(self, lamps: str) -> None:
        await self.ari.up.wait()
        await self.ari.run_dialplan("lamps", "set", {"__LAMPS": lamps})

    async def _read_phones_anew(self) -> None:
        await self.ari.up.wait()
        await self.ari.reload("res_pjsip.so")

    async def _export(self, woken: asyncio.Event) -> None:
        while True:
            await set_within(EXPORT_EVERY_S, woken)
            woken.clear()
            await self.browser_phones.sweep()
            await self.exporter.export()

    async def _adopt(self) -> None:
        while True:
            await asyncio.sleep(ADOPT_EVERY_S)
            with suppress(LostSwitch):  # the next connection begins with it
                await self.resuming.adopt()
            await self.library.jobs.waited()
            fresh.done("adopt")

    async def _in_hand(self) -> set[str]:
        return await self.caller.following() | set(self.runner.holding)

    def _held_now(self) -> list[tuple[str, str]]:
        return [(call.company, call.flow) for call in self.runner.holding.values()]

    async def _talking(self) -> frozenset[str] | None:
        try:
            board = await self.watch.look()
        except AmiAway:
            return None
        return frozenset(phone for phone, state in board.present.items() if state in ("talking", "held"))

    def _services(self) -> Services:
        return Services(
            Companies(self.store), People(self.store), Pins(self.store), Menus(self.store),
            self.library, self.phrases, self.switchman, self.store.clock,
        )  # fmt: skip

    def _shelf(self) -> Shelf:
        settings = self.settings
        return Shelf(
            {
                "/vaxel/sounds": settings.sounds,
                "/vaxel/own-sounds": settings.own_sounds,
                "/vaxel/published": settings.published,
                "/var/spool/asterisk": settings.spool,
            }
        )


async def _again(chore: Chore) -> None:
    """Until it ends by itself. It may fail, as disks do, and is begun again: no call ends for it."""
    while True:
        try:
            await chore()
        except Exception:
            log.exception("a chore failed and is begun again")
        else:
            return
        await asyncio.sleep(CHORE_PAUSE_S)


async def _give_back() -> None:
    """Also what lies idle between what is in use: without it that is as much again after an hour of calls."""
    while True:
        await asyncio.sleep(GIVE_BACK_EVERY_S)
        await asyncio.to_thread(give_back)


async def _forever(part: Awaitable[None]) -> None:
    await part


def _prepare_files(settings: Settings) -> None:
    """The two files that Asterisk opens when it starts."""
    routes.prepare(settings.routes_db).close()
    takes_db.prepare(settings.takes_db)
