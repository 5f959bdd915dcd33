"""A message spoken by a voice: judged, and kept as safe as what was read in by telephone."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pbx.audio import flac
from pbx.audio.judge import judge
from pbx.audio.pcm import Pcm
from pbx.audio.rendition import shape
from pbx.company.languages import known
from pbx.company.pronunciations import dictionary_of
from pbx.errors import Refused
from pbx.library.editing import as_seen
from pbx.library.finishing import Finishing
from pbx.library.messages import clean_script
from pbx.library.pace import Pace
from pbx.library.securing import Securing, Sound, Thing
from pbx.library.sidecars import about_speech
from pbx.rules.said.dictionary import Dictionary
from pbx.rules.scripts import script_mark
from pbx.rules.voice_names import VoiceName, voice_name
from pbx.speech import CannotSpeak, Voice
from pbx.speech.voices import Voices
from pbx.store import Store, audit, messages, new_versions, versions
from pbx.store.tx import Writing
from pbx.store.values import Audio, Version
from pbx.vault import Stored

# A voice may say one word; it has neither hands nor a bad line.
_GOOD = {None, "take-too-short"}


@dataclass(frozen=True, slots=True)
class Said:
    """Saved, and heard by the next caller. `copies`: how many have proved to hold it."""

    version: Version
    copies: int


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be said. `new_script`: it becomes the message's script."""

    script: str
    new_script: bool
    words: Dictionary
    about: Mapping[str, object]


class Speaking:
    """`voice`: the one that speaks where none is named. `voices`: the others, by name."""

    def __init__(self, store: Store, secure: Securing, finish: Finishing, voice: Voice, voices: Voices | None) -> None:
        self._store = store
        self._secure = secure
        self._finish = finish
        self._voice = voice
        self._voices = voices
        self._pace = Pace(store)

    async def speak(
        self, company: str, message_id: str, *, lang: str, text: str | None = None, voice: str | None = None,
        expected: int | None = None, by: str,
    ) -> Said:  # fmt: skip
        """The message's script, or `text`, which becomes its script, is heard of it from now on, as this voice says it.
        `expected`: the text's revision that the person saw. Once spoken, it runs to its end even if we are cancelled.

        Refused: `message-unknown`, `message-deleted`, `language-unknown`, `script-too-long`, `edited-meanwhile`,
        `speak-nothing`, `voice-unknown`, `too-much-speech`, `speak-failed`, `vault-away`, and as edits are.
        """
        lang, speaker = known(lang), self._speaker(known(lang), voice)
        order = await self._order(company, message_id, lang, text, expected, by)
        await self._pace.speech(company, by)
        sound = await _sound(speaker, order, lang)
        told = {**order.about, "script": order.script, "voice": speaker.about(lang)}
        master = Thing(await asyncio.to_thread(flac.encode, sound.pcm), told)

        async def write(tx: Writing, stored: Sequence[Stored]) -> Said:
            heard = await messages.with_texts(tx, message_id)
            await as_seen(tx, heard, lang, expected)
            if order.new_script:
                await messages.set_script(tx, message_id, lang, order.script)
            text_id = await messages.text_id(tx, message_id, lang)
            version = await _write(tx, text_id, order, sound, stored[0], speaker.about(lang), by)
            await audit.write(
                tx, by, "message spoken", heard.message.name, message=message_id, lang=lang, version=version.number
            )
            return Said(version, stored[0].copies)

        return await self._finish(self._secure(company, [master], sound, self._store.edit, write))

    async def preview(
        self, company: str, message_id: str, *, lang: str, text: str | None = None, voice: str | None = None,
        by: str,
    ) -> Pcm:  # fmt: skip
        """What callers would hear, at 16 kHz; nothing is changed. Refused as above."""
        lang, speaker = known(lang), self._speaker(known(lang), voice)
        order = await self._order(company, message_id, lang, text, None, by)
        await self._pace.speech(company, by)
        sound = await _sound(speaker, order, lang)
        return await asyncio.to_thread(shape, sound.pcm, sound.verdict)

    def offered(self, lang: str) -> list[VoiceName]:
        """The voices that a person may name; the first one speaks where none is named. Looks into a folder."""
        return self._voices.offered(lang) if self._voices is not None else []

    def _speaker(self, lang: str, voice: str | None) -> Voice:
        if voice is None:
            return self._voice
        try:
            if self._voices is None:
                raise CannotSpeak("no other voices")
            return self._voices.speaker(lang, voice_name(voice))
        except (ValueError, CannotSpeak) as error:
            raise Refused("voice-unknown", str(error)[:200]) from error

    async def _order(
        self, company: str, message_id: str, lang: str, text: str | None, expected: int | None, by: str
    ) -> _Order:
        async with self._store.read(company) as tx:
            heard = await messages.with_texts(tx, message_id)
            await as_seen(tx, heard, lang, expected)
            written = heard.texts[lang].script if lang in heard.texts else ""
            script = written if text is None else clean_script(text)
            about = await about_speech(tx, heard, lang, by)
            return _Order(script, script != written, await dictionary_of(tx), about)


async def _sound(voice: Voice, order: _Order, lang: str) -> Sound:
    """Refused: `speak-nothing`, `speak-failed`."""
    if not any(character.isalnum() for character in order.script):
        raise Refused("speak-nothing")
    try:
        pcm = await voice.speak(order.words.said(order.script, lang), lang)
    except CannotSpeak as error:
        raise Refused("speak-failed", str(error)[:200]) from error
    verdict = await asyncio.to_thread(judge, pcm)
    if verdict.says not in _GOOD:
        raise Refused("speak-failed", str(verdict.says))
    return Sound(pcm, replace(verdict, ok=True, says=None))


async def _write(
    tx: Writing, text_id: str, order: _Order, sound: Sound, stored: Stored, voice: str, by: str
) -> Version:
    """Refused `vault-away`: not enough copies have it."""
    if not stored.copies:
        raise Refused("vault-away")
    verdict = sound.verdict
    version = await new_versions.bring(
        tx, text_id, Audio(stored.sha256, stored.size, verdict.start, verdict.end, verdict.level_db), "speech",
        made_by=by, made_at=tx.now, notes=",".join(verdict.notes), voice=voice,
        script_sha256=script_mark(order.script),
    )  # fmt: skip
    await versions.use(tx, version.id)
    return await versions.get(tx, version.id)
