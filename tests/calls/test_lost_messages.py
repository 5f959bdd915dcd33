"""A voice message whose audio is gone stays in the list: who called is told, and can be called back."""

import pytest

from pbx.cli.desk import open_desk
from pbx.library import files
from pbx.rules import spoken
from pbx.rules.numbers import Number
from pbx.store.values import VoiceMessage
from pbx.vault.layout import object_path
from tests.calls.cast import invite
from tests.calls.steps import leave, received
from tests.calls.switchboard import Switchboard
from tests.phone import pseudo_speech

CALLER = Number("+46701740650")
# The same words would be the same object of the vault.
OTHER = pseudo_speech("other words", 1.2)


@pytest.mark.timeout(120)
async def test_a_lost_message_is_told_passed_by_deleted_or_its_caller_called_back(doomed: Switchboard) -> None:
    async with open_desk(doomed.settings) as desk, doomed.phone() as outside:
        cast = await invite(desk, doomed)
        older, newer = await leave(desk, cast.alva), await leave(desk, cast.alva, OTHER, CALLER)
        for message in (older, newer):
            await desk.library.mailboxes.media(message)
            _lose(doomed, message)
        async with cast.alva.phone() as alva:
            call = await alva.call("333")
            await call.hear(doomed.prompt("vm-main"))
            await call.press("1")
            for key in ("vm-new-from", *spoken.phone(CALLER, "sv"), "today", "vm-message-lost", "vm-lost-keys"):
                await call.hear(doomed.prompt(key))
            await call.press("4")
            for key in ("vm-new-from", "withheld", "today", "vm-message-lost", "vm-lost-keys-away"):
                await call.hear(doomed.prompt(key))
            await call.press("8")
            await call.hear(doomed.prompt("vm-call-back-withheld"))
            await call.press("3")
            await call.hear(doomed.prompt("vm-message-deleted"))
            await call.hear(doomed.prompt("vm-no-more"))
            await call.press("1")
            await call.hear(doomed.prompt("vm-message-lost"), timeout_s=15)
            await call.press("8")
            back = await outside.incoming(timeout_s=5)
            await back.answer()
            await call.hangup()
        assert [(message.caller, message.state) for message in await received(desk, cast.alva)] == [(CALLER, "new")]


def _lose(board: Switchboard, message: VoiceMessage) -> None:
    """Its object in each copy of the vault, and what was made of it to be played."""
    for copy in board.settings.vault_copies:
        (copy / object_path(message.company, message.sha256)).unlink()
    name = files.of_recording(message.sha256, message.first, message.last)
    made = files.base(board.settings.published, message.company, name)
    for extension in files.EXTENSIONS:
        made.with_name(f"{made.name}.{extension}").unlink()
