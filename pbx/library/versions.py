"""Versions: every recording that there is of a message, and which of them is heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pbx.company.languages import LANGUAGES, known
from pbx.errors import Refused
from pbx.library.editing import as_seen
from pbx.library.evidence import Audio, Evidence, Proved, Shown, shown
from pbx.rules.scripts import still_matches
from pbx.store import Store, audit, messages, versions
from pbx.store.messages import Heard
from pbx.store.values import Source, Version

_CHUNK = 400


@dataclass(frozen=True, slots=True)
class VersionView:
    """`number` counts in its language. `from_number`: the telephone that it was read in from, or empty. `level_db`:
    dBov while somebody speaks. `notes`: what was remarked of it. `revision`: of the message's texts, by language.
    `voice`: what spoke it, or empty. `matches`: whether it was made from the script of now; None: nobody knows.
    `copies`: how many hold it now. `lagging`: these are fewer than there are."""

    id: str
    number: int
    lang: str
    current: bool
    source: Source
    by: str
    from_number: str
    at: datetime
    seconds: float
    level_db: float
    notes: str
    interrupted: bool
    sha256: str
    audio: Audio
    revision: Mapping[str, int]
    voice: str
    matches: bool | None
    copies: int
    lagging: bool

    @property
    def shown(self) -> Shown:
        return shown(self.audio, self.lagging)


class Versions:
    def __init__(self, store: Store, evidence: Evidence) -> None:
        self._store = store
        self._evidence = evidence

    async def all(self, company: str, message_id: str, lang: str | None = None) -> list[VersionView]:
        """By language, the newest first. Refused: `message-unknown`, `message-deleted`, `language-unknown`."""
        wanted = None if lang is None else known(lang)
        async with self._store.read(company) as tx:
            heard = await messages.with_texts(tx, message_id)
            found = await versions.of_message(tx, message_id)
        texts = {text.id: text for text in heard.texts.values() if wanted in {None, text.lang}}
        found = [version for version in found if version.text in texts]
        proved: dict[str, Proved] = {}
        for at in range(0, len(found), _CHUNK):
            proved |= await self._evidence.proved(company, found[at : at + _CHUNK])
        views = [_view(version, heard, texts[version.text].lang, proved[version.id]) for version in found]
        return sorted(views, key=lambda view: (view.lang != heard.language, view.lang, -view.number))

    async def get(self, company: str, message_id: str, version_id: str) -> Version:
        """One of the message's own. Refused: `message-unknown`, `message-deleted`, `version-unknown`."""
        async with self._store.read(company) as tx:
            heard = await messages.with_texts(tx, message_id)
            version = await versions.get(tx, version_id)
        if version.text not in {text.id for text in heard.texts.values()}:
            raise Refused("version-unknown", version_id[:40])
        return version

    async def use(
        self, company: str, message_id: str, number: int, *, lang: str, expected: int | None = None, by: str
    ) -> Version:
        """That version of the language's text is heard from now on, be it a newer one or an older. `expected`: the
        text's revision that the person saw.

        Refused: `message-unknown`, `message-deleted`, `language-unknown`, `version-unknown`, `edited-meanwhile`.
        """
        lang = known(lang)
        async with self._store.edit(company) as tx:
            heard = await messages.with_texts(tx, message_id)
            if lang not in heard.texts:
                raise Refused("version-unknown", f"{lang} {number}"[:20])
            version = await versions.numbered(tx, heard.texts[lang].id, number)
            await as_seen(tx, heard, lang, expected)
            await versions.use(tx, version.id)
            name = heard.message.name
            await audit.write(tx, by, "version used", name, message=message_id, lang=lang, version=number)
        return version


def _view(version: Version, heard: Heard, lang: str, proved: Proved) -> VersionView:
    current = heard.texts[lang].current
    return VersionView(
        id=version.id,
        number=version.number,
        lang=lang,
        current=current is not None and current.id == version.id,
        source=version.source,
        by=version.made_by,
        from_number=version.from_number,
        at=version.created_at,
        seconds=round(version.seconds, 2),
        level_db=round(version.level_db, 1),
        notes=version.notes,
        interrupted=version.interrupted,
        sha256=version.sha256,
        audio=proved.audio,
        revision=revisions(heard),
        voice=version.voice,
        matches=still_matches(version.script_sha256, heard.texts[lang].script),
        copies=proved.copies,
        lagging=proved.lagging,
    )


def revisions(heard: Heard) -> dict[str, int]:
    """Of each language's text; 0 where there is none."""
    return {lang: heard.texts[lang].revision if lang in heard.texts else 0 for lang in LANGUAGES}
