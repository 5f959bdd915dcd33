"""What a good take becomes: a version that is heard, or one that is not yet, or a voice message."""

from pbx.audio.judge import Verdict
from pbx.company.pins import key_of
from pbx.rules.numbers import Number
from pbx.store import audit, jobs, mailboxes, messages, new_versions, versions
from pbx.store.tx import Writing
from pbx.store.values import Audio, Take
from pbx.vault import Stored

ENOUGH_S = 3.0
"""So much speech makes an interrupted greeting better than none."""


async def write_result(tx: Writing, take: Take, verdict: Verdict, stored: Stored, interrupted: bool) -> str:
    """The id of the version or voice message. Refused `take-kept`: it is there already."""
    audio = Audio(stored.sha256, stored.size, verdict.start, verdict.end, verdict.level_db)
    if take.kind == "voice":
        return (await mailboxes.add_message(tx, take, audio, interrupted=interrupted)).id
    current = not interrupted or await _better_than_nothing(tx, take, verdict)
    speaker = (await jobs.get(tx, take.owner)).speaker if take.kind == "prompt" else take.caller
    version = await new_versions.add(
        tx, take, audio, from_number=speaker if isinstance(speaker, Number) else None, interrupted=interrupted,
        notes=",".join(verdict.notes),
    )  # fmt: skip
    if current:
        await versions.use(tx, version.id)
    what = "greeting recorded" if take.kind == "greeting" else "message recorded"
    by = take.made_by or key_of(take.caller)
    await audit.write(tx, by, what, version.text, version=version.id, interrupted=interrupted, current=current)
    return version.id


async def _better_than_nothing(tx: Writing, take: Take, verdict: Verdict) -> bool:
    if take.kind != "greeting" or verdict.speech_s < ENOUGH_S:
        return False
    heard = await messages.heard(tx, (await mailboxes.get(tx, take.owner)).greeting)
    return heard is not None and not any(text.current for text in heard.texts.values())
