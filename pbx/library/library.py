"""The library: one object that joins its parts, built once by the service."""

from dataclasses import dataclass
from pathlib import Path

from pbx.audio.decoding import USUAL
from pbx.audio.decoding import Limits as UploadLimits
from pbx.company.pronunciations import Pronunciations
from pbx.library.alone import Alone
from pbx.library.brake import Brake
from pbx.library.catalogue import Catalogue
from pbx.library.erasing import Erasing
from pbx.library.evidence import Evidence
from pbx.library.finishing import Finishing
from pbx.library.instead import heard_instead
from pbx.library.jobs import Jobs, Limits
from pbx.library.keeping import Keeping
from pbx.library.ledger import Ledger
from pbx.library.leftovers import Leftovers
from pbx.library.listing import Listing
from pbx.library.mailboxes import Mailboxes
from pbx.library.mending import Mending
from pbx.library.messages import Messages
from pbx.library.neutral import Neutral
from pbx.library.obeying import Obeying
from pbx.library.originals import Originals
from pbx.library.overview import Overview
from pbx.library.pictures import Pictures
from pbx.library.progress import Progress
from pbx.library.proof import Proof
from pbx.library.published import Published
from pbx.library.removal import Removal
from pbx.library.rounds import Rounds
from pbx.library.securing import Securing
from pbx.library.speaking import Speaking
from pbx.library.spool import Spool
from pbx.library.takes import Takes
from pbx.library.uploads import Uploads
from pbx.library.versions import Versions
from pbx.library.words import Words
from pbx.phrases import Phrases
from pbx.speech import Voice
from pbx.speech.voices import Voices
from pbx.store import Store
from pbx.store.erased import Erased
from pbx.vault import Vault


@dataclass(frozen=True, slots=True)
class Folders:
    """Of this machine: Asterisk sees the first two as /vaxel/published and its own spool. `progress` is the file that
    says how far the proof has come."""

    published: Path
    spool: Path
    progress: Path


class Library:
    """`countries`: E.164 country codes that may be rung. `scrub_s`: within this time everything is read once. `upload`:
    how large a file may be that somebody hands in."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        folders: Folders,
        voice: Voice,
        phrases: Phrases,
        countries: frozenset[str] = frozenset({"46"}),
        limits: Limits | None = None,
        scrub_s: float = 604_800.0,
        upload: UploadLimits = USUAL,
        voices: Voices | None = None,
    ) -> None:
        self._finish = Finishing()
        words = Words(phrases)
        neutral = Neutral(phrases)
        lies = Spool(folders.spool)
        self.catalogue = Catalogue(store, vault)
        store.join(self.catalogue)
        originals = self.originals = Originals(store, vault, lies)
        self.published = Published(store, originals, folders.published, voice, words, neutral)
        secure = Securing(vault, self.published)
        keeping = Keeping(store, vault, self.catalogue, lies, secure)
        self.takes = Takes(store, keeping, lies, self._finish)
        self.uploads = Uploads(store, secure, self._finish, upload)
        self._voices = voices
        self.pronunciations = Pronunciations(store)
        self.speaking = Speaking(store, secure, self._finish, voice, voices)
        evidence = Evidence(store, vault)
        self.versions = Versions(store, evidence)
        overview = Overview(store, evidence, self.published, neutral, words)
        self.overview = overview
        self.listing = Listing(store)
        self.rounds = Rounds(store, self.listing, evidence)
        self.messages = Messages(store, self.published, neutral, words, overview)
        self.alone = Alone(store, self.published, words)
        self.brake = Brake(store)
        self.removal = Removal(store, self.brake)
        self.mailboxes = Mailboxes(store, self.published, evidence)
        self.pictures = Pictures(store, vault)
        self.jobs = Jobs(store, countries, limits)
        self.ledger = Ledger(store)
        self.erased = Erased(store.path)
        leftovers = Leftovers(folders.published, folders.spool, store.path)
        obeying = Obeying(store, vault, self.brake, self.catalogue, leftovers)
        self.erasing = Erasing(store, self.brake, self.catalogue, obeying, words, self.published.speech_names)
        mending = Mending(store, vault, originals, self.erased)
        self.proof = Proof(
            store, vault, self.ledger, mending, heard_instead(self.messages), Progress(folders.progress), scrub_s
        )

    async def drain(self) -> None:
        """Waits for takes that are being kept though nobody waits for them any more. The last thing before the end."""
        await self._finish.drain()
        if self._voices is not None:
            await self._voices.close()
        self.erased.close()
