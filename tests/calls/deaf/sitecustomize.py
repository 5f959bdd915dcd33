"""For a service to which tests make Asterisk deaf: from SIGUSR1 on no question over a socket is answered, from SIGUSR2
on each by an error."""

import json
import signal
from typing import Any


def _from_now_on(answered: Any) -> Any:
    def hook(*_: object) -> None:
        from aiohttp import ClientWebSocketResponse, WSMsgType

        receive = ClientWebSocketResponse.receive

        async def changed(self: Any, *limit: Any) -> Any:
            while True:
                message = await receive(self, *limit)
                answer = json.loads(message.data) if message.type is WSMsgType.TEXT else {}
                if answer.get("type") != "RESTResponse":
                    return message
                if answered:
                    return message._replace(data=json.dumps(answer | {"status_code": 500, "message_body": "{}"}))

        ClientWebSocketResponse.receive = changed  # type: ignore[method-assign, assignment]

    return hook


signal.signal(signal.SIGUSR1, _from_now_on(False))
signal.signal(signal.SIGUSR2, _from_now_on(True))
