"""The child of `other`: PJSUA, told what to do by lines of JSON on stdin.

`{"id": 1, "do": "call", "to": "333"}` is answered by `{"id": 1, "ok": true, ...}` once it is done, or `"ok": false`
with `why`. Run as a program. The library is single-threaded and this process ends with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pjsua2 as pj  # type: ignore[import-not-found, import-untyped, unused-ignore]

Answer = dict[str, Any] | None


class _Call(pj.Call):  # type: ignore[misc, unused-ignore]
    """A call whose audio goes to the recorder as soon as there is any."""

    def __init__(self, account: Any, call_id: int, recorder: Any) -> None:
        pj.Call.__init__(self, account, call_id)
        self.recorder = recorder
        self.audio: Any = None
        self.digits = ""
        self.state = pj.PJSIP_INV_STATE_NULL
        self.status = 0

    def onCallState(self, prm: Any) -> None:
        info = self.getInfo()
        self.state, self.status = info.state, info.lastStatusCode

    def onCallMediaState(self, prm: Any) -> None:
        info = self.getInfo()  # kept by name: what lies in it dies with it
        if any(media.status == pj.PJSUA_CALL_MEDIA_ACTIVE for media in info.media):
            self.audio = self.getAudioMedia(-1)
            self.audio.startTransmit(self.recorder)

    def onDtmfDigit(self, prm: Any) -> None:
        self.digits += prm.digit


class _Account(pj.Account):  # type: ignore[misc, unused-ignore]
    def __init__(self, rings: Callable[[int], None]) -> None:
        pj.Account.__init__(self)
        self.rings = rings
        self.status = 0
        self.told = ""

    def onRegState(self, prm: Any) -> None:
        self.status = prm.code

    def onMwiInfo(self, prm: Any) -> None:
        self.told = prm.rdata.wholeMsg

    def onIncomingCall(self, prm: Any) -> None:
        self.rings(prm.callId)


class Telephone:
    """One account, one call at a time. Each command is a method `do_…` that returns what is to be waited for."""

    def __init__(self, user: str, password: str, server: str, record: Path, asks: bool) -> None:
        self.endpoint = pj.Endpoint()
        self.endpoint.libCreate()
        self.endpoint.libInit(_library())
        transport = pj.TransportConfig()
        transport.boundAddress = "127.0.0.1"
        self.endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        self.recorder = pj.AudioMediaRecorder()
        self.recorder.createRecorder(str(record))
        self.player: Any = None
        self.call: _Call | None = None
        self.server = server
        self.account = _Account(self._rings)
        self.account.create(_account(user, password, server, asks))

    def _rings(self, call_id: int) -> None:
        self.call = _Call(self.account, call_id, self.recorder)

    def do_register(self) -> Callable[[], Answer]:
        self.account.status = 0
        self.account.setRegistration(True)
        return lambda: {"status": self.account.status} if self.account.status else None

    def do_unregister(self) -> Callable[[], Answer]:
        self.account.status = 0
        self.account.setRegistration(False)
        return lambda: {"status": self.account.status} if self.account.status else None

    def do_lamp(self) -> Callable[[], Answer]:
        """The last NOTIFY about messages, empty before the first."""
        return lambda: {"told": self.account.told}

    def do_call(self, to: str) -> Callable[[], Answer]:
        call = self.call = _Call(self.account, pj.PJSUA_INVALID_ID, self.recorder)
        call.makeCall(f"sip:{to}@{self.server}", pj.CallOpParam(True))
        return lambda: _settled(call)

    def do_incoming(self) -> Callable[[], Answer]:
        return lambda: {"from": self.call.getInfo().remoteUri} if self.call else None

    def do_answer(self, status: int) -> Callable[[], Answer]:
        call = self._the_call()
        prm = pj.CallOpParam()
        prm.statusCode = status
        call.answer(prm)
        return lambda: _settled(call)

    def do_play(self, wav: str) -> Callable[[], Answer]:
        """Begin to say a file; it does not end the call when it ends."""
        call = self._the_call()
        self.player = pj.AudioMediaPlayer()
        self.player.createPlayer(wav, pj.PJMEDIA_FILE_NO_LOOP)
        self.player.startTransmit(call.audio)
        return lambda: {}

    def do_dial(self, digits: str) -> Callable[[], Answer]:
        self._the_call().dialDtmf(digits)
        return lambda: {}

    def do_digits(self) -> Callable[[], Answer]:
        call = self._the_call()
        return lambda: {"digits": call.digits}

    def do_ended(self) -> Callable[[], Answer]:
        call = self._the_call()
        return lambda: {"status": call.status} if call.state == pj.PJSIP_INV_STATE_DISCONNECTED else None

    def do_hangup(self) -> Callable[[], Answer]:
        call = self._the_call()
        if call.state != pj.PJSIP_INV_STATE_DISCONNECTED:
            call.hangup(pj.CallOpParam())
        return lambda: {"status": call.status} if call.state == pj.PJSIP_INV_STATE_DISCONNECTED else None

    def _the_call(self) -> _Call:
        if self.call is None:
            raise ValueError("there is no call")
        return self.call

    def close(self) -> None:
        """Player and recorder go before the library, else the wav gets no header."""
        if self.call and self.call.state != pj.PJSIP_INV_STATE_DISCONNECTED:
            with contextlib.suppress(pj.Error):
                self.call.hangup(pj.CallOpParam())
        self.call = self.player = self.recorder = None
        self.account.shutdown()
        self.endpoint.libDestroy()


def _settled(call: _Call) -> Answer:
    up = call.state == pj.PJSIP_INV_STATE_CONFIRMED and call.audio
    return {"status": call.status} if up or call.state == pj.PJSIP_INV_STATE_DISCONNECTED else None


def _library() -> Any:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.logConfig.level = config.logConfig.consoleLevel = 0
    media = config.medConfig
    media.clockRate, media.sndClockRate, media.ecTailLen, media.noVad = 8000, 8000, 0, True
    return config


def _account(user: str, password: str, server: str, asks: bool) -> Any:
    config = pj.AccountConfig()
    config.idUri = f"sip:{user}@{server}"
    config.regConfig.registrarUri = f"sip:{server}"
    config.regConfig.registerOnAdd = False
    config.mwiConfig.enabled = asks
    config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", user, 0, password))
    config.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
    return config


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _begin(phone: Telephone, line: str, waiting: dict[int, tuple[float, Callable[[], Answer]]]) -> None:
    order = json.loads(line)
    number, verb, limit_s = order.pop("id"), order.pop("do"), order.pop("timeout_s")
    try:
        waiting[number] = (time.monotonic() + limit_s, getattr(phone, f"do_{verb}")(**order))
    except (pj.Error, ValueError) as error:
        _say({"id": number, "ok": False, "why": getattr(error, "reason", "") or str(error)})


def _settle(waiting: dict[int, tuple[float, Callable[[], Answer]]]) -> None:
    for number, (deadline, look) in list(waiting.items()):
        answer = look()
        if answer is not None:
            _say({"id": number, "ok": True, **answer})
            del waiting[number]
        elif time.monotonic() > deadline:
            _say({"id": number, "ok": False, "why": "nothing came in time"})
            del waiting[number]


def main(user: str, password: str, server: str, record: str, asks: str) -> None:
    """`asks`: "yes" subscribes to the lamp of its account."""
    phone = Telephone(user, password, server, Path(record), asks == "yes")
    _say({"id": 0, "ok": True})
    waiting: dict[int, tuple[float, Callable[[], Answer]]] = {}
    rest = b""
    while True:
        phone.endpoint.libHandleEvents(10)
        _settle(waiting)
        if select.select([0], [], [], 0)[0]:
            data = os.read(0, 65536)
            if not data:
                break
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                _begin(phone, line.decode(), waiting)
    phone.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
