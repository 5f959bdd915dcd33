"""Our phone and one of another make understand each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.phone import ANSWER, BUSY, Phone, pseudo_speech
from tests.phone.other import OtherPhone

HELLO = pseudo_speech("hello", 0.5)
OTHER = pseudo_speech("other", 0.5)


async def test_a_telephone_of_another_make_calls_ours(tmp_path: Path) -> None:
    async with Phone("bo", policy=ANSWER) as bo, OtherPhone("anna", "", bo.line.address, tmp_path) as anna:
        assert await anna.call("333") == 200
        call = await bo.incoming()
        assert (call.dialled, call.from_user) == ("333", "anna")
        call.speak(np.tile(HELLO, 6))  # its jitter buffer leaves out what comes while it still finds its measure
        await anna.hear(HELLO)
        await anna.say(OTHER)
        assert (await call.hear(OTHER)).score > 0.9
        await anna.dial("5#")
        await call.until(lambda: call.digits_in == "5#")
        await call.press("12")
        await anna.hangup()
        assert (await call.hung_up()).by == "them"
        bo.policy = BUSY
        assert await anna.call("333") == 486
