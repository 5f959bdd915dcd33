"""For a service that tests make fall: from SIGUSR1 on the next call that comes in ends it."""

import signal
from typing import Any


def _fall(*_: object) -> None:
    from ari_app.runner import Runner

    async def hold(*_: Any) -> None:
        raise RuntimeError("a fault that nobody expected")

    Runner._hold = hold  # type: ignore[method-assign, assignment]


signal.signal(signal.SIGUSR1, _fall)
