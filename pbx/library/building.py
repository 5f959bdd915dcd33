"""The library as the settings say: built in one way by the service and by each command."""

from dataclasses import dataclass
from pathlib import Path

from pbx.audio.decoding import Limits
from pbx.library.library import Folders, Library
from pbx.library.progress import Progress
from pbx.phrases import Phrases
from pbx.settings import Settings
from pbx.speech.voices import Voices
from pbx.store import Store
from pbx.vault import Vault


@dataclass(frozen=True, slots=True)
class Parts:
    """What everything that is not a call is made of. The store is not open yet."""

    store: Store
    vault: Vault
    phrases: Phrases
    library: Library


def build(settings: Settings) -> Parts:
    store = Store(settings.database)
    vault = open_vault(settings)
    phrases = Phrases(settings.sounds, own=settings.own_sounds)
    folders = Folders(settings.published, settings.spool, _progress_file(settings))
    voices = voices_of(settings)
    library = Library(
        store,
        vault,
        folders,
        voices.speaker(),
        phrases,
        settings.countries,
        scrub_s=settings.scrub_days * 86_400.0,
        upload=Limits(settings.upload_mb << 20, settings.upload_minutes * 60),
        voices=voices,
    )
    return Parts(store, vault, phrases, library)


def voices_of(settings: Settings) -> Voices:
    return Voices(settings.voices, {"sv": settings.voice_sv, "en": settings.voice_en})


def open_vault(settings: Settings) -> Vault:
    return Vault(settings.vault_copies, settings.vault_minimum, register=register_of(settings))


def progress_of(settings: Settings) -> Progress:
    """What the last look at everything has told, of whichever process."""
    return Progress(_progress_file(settings))


def _progress_file(settings: Settings) -> Path:
    return settings.var / "proof.json"


def register_of(settings: Settings) -> Path:
    """The file that says which copies there are."""
    return settings.var / "vault.json"
