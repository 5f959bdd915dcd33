"""The library: one object that joins its parts, built once by the service."""

from pathlib import Path

from pbx.library.brake import Brake
from pbx.library.catalogue import Catalogue
from pbx.library.evidence import Evidence
from pbx.library.finishing import Finishing
from pbx.library.jobs import Jobs, Limits
from pbx.library.keeping import Keeping
from pbx.library.mailboxes import Mailboxes
from pbx.library.messages import Messages
from pbx.library.neutral import Neutral
from pbx.library.originals import Originals
from pbx.library.overview import Overview
from pbx.library.published import Published
from pbx.library.removal import Removal
from pbx.library.spool import Spool
from pbx.library.takes import Takes
from pbx.library.versions import Versions
from pbx.library.words import Words
from pbx.phrases import Phrases
from pbx.speech import Voice
from pbx.store import Store
from pbx.vault import Vault


class Library:
    """`published` and `spool` are folders of this machine; Asterisk sees them as /vaxel/published and its own spool.

    `countries`: E.164 country codes that may be rung.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        published: Path,
        spool: Path,
        voice: Voice,
        phrases: Phrases,
        countries: frozenset[str] = frozenset({"46"}),
        limits: Limits | None = None,
    ) -> None:
        self._finish = Finishing()
        words = Words(phrases)
        neutral = Neutral(phrases)
        lies = Spool(spool)
        self.catalogue = Catalogue(store, vault)
        store.join(self.catalogue)
        originals = Originals(store, vault, lies)
        self.published = Published(store, originals, published, voice, words, neutral)
        keeping = Keeping(store, vault, self.catalogue, lies, self.published)
        self.takes = Takes(store, keeping, lies, self._finish)
        evidence = Evidence(store, vault)
        self.versions = Versions(store, evidence)
        overview = Overview(store, evidence, self.published, neutral, words)
        self.messages = Messages(store, self.published, neutral, words, overview)
        self.brake = Brake(store)
        self.removal = Removal(store, self.brake)
        self.mailboxes = Mailboxes(store, self.published)
        self.jobs = Jobs(store, countries, limits)

    async def drain(self) -> None:
        """Waits for takes that are being kept though nobody waits for them any more. The last thing before the end."""
        await self._finish.drain()
