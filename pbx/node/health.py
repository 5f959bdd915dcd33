"""How this process is, told on loopback: /metrics for Prometheus, /status for `vaxel status`."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from pbx import fresh, metrics
from pbx.ami import CARRIED, AmiAway, Watch
from pbx.asterisk.ports import Port
from pbx.beat import Beat
from pbx.library.proof import Standing
from pbx.rules.servers import Carrier

log = logging.getLogger(__name__)

_ENDING_S = 1.0
UNKNOWN = float("nan")


class Health:
    """`beat`: the one that the warden hears. `watch`: how Asterisk is asked. `serving`: whether the connection
    that carries calls is open. `standing`: how the vault was at the last sweep, if there was one. `chores`: what this
    process has to keep fresh. `carrier`: who carries calls, if somebody is named."""

    def __init__(
        self,
        port: Port,
        beat: Beat,
        watch: Watch,
        serving: Callable[[], bool],
        standing: Callable[[], Standing | None],
        chores: Sequence[fresh.Chore],
        *,
        carrier: Carrier | None,
    ) -> None:
        self._port = port
        self._chores = chores
        self._carrier = carrier
        metrics.tell_ages(chores)
        self._watch = watch
        self._serving = serving
        self._standing = standing
        self._began = time.monotonic()
        self._beat = beat
        beat.told = metrics.loop_lag.observe

    async def run(self) -> None:
        """Serve until cancelled. A port that is taken costs the figures and no call."""
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/status", self._status)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_ENDING_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._port.address, self._port.number).start()
        except OSError as error:
            log.error("no figures and no `vaxel status`: %s", await self._port.why_not(error))
        try:
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _metrics(self, request: web.Request) -> web.Response:
        try:
            board = await self._watch.look()
            phones, legs = float(len(board.present)), float(len(board.calls))
            carrier = await self._carried()
        except AmiAway:
            phones = legs = carrier = UNKNOWN
        metrics.carrier_up.set(carrier)
        metrics.phones_registered.set(phones)
        metrics.legs_up.set(legs)
        metrics.asterisk_up.set(self._serving())
        return web.Response(body=generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _carried(self) -> float:
        if self._carrier is None:
            return UNKNOWN
        return float(await self._watch.carrier(registers=self._carrier.user != "") in CARRIED)

    async def _status(self, request: web.Request) -> web.Response:
        return web.json_response(self.told())

    def told(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        ages = {what: fresh.age(what) for what in self._chores}
        standing = self._standing()
        return {
            "now": datetime.now(UTC).isoformat(timespec="seconds"),
            "up_s": round(time.monotonic() - self._began, 1),
            "serving": self._serving(),
            "beat": {
                "heard_ms": round(1000 * (time.monotonic() - self._beat.heard)),
                "unread": self._beat.unread,
                "deaf": self._beat.deaf,
                "latest_ms": round(1000 * self._beat.latest_s, 1),
                "after": self._beat.after,
            },
            "ages": {
                what: {"seconds": round(age.seconds, 1), "limit_s": age.limit_s, "done": age.done, "late": age.late}
                for what, age in ages.items()
            },
            "vault": None if standing is None else asdict(standing),
        }
