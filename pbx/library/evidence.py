"""What is true of the audio, by proof: what the copies hold, what the ledger of losses says, what still waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pbx.store import Store, losses, takes
from pbx.store.values import Version, VoiceMessage
from pbx.vault import Vault

Audio = Literal["ok", "missing", "corrupt", "healing"]
Shown = Literal["ok", "missing", "corrupt", "healing", "stand-in", "one-copy"]
"""As people see it: "one-copy" is whole, and in fewer copies than there are."""
WORST_FIRST: tuple[Audio, ...] = ("missing", "corrupt", "healing", "ok")


@dataclass(frozen=True, slots=True)
class Proved:
    """`copies`: how many hold it now. `lagging`: fewer than there are, and one at least."""

    audio: Audio
    copies: int
    lagging: bool


class Evidence:
    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    async def of(self, company: str, versions: Sequence[Version | VoiceMessage]) -> dict[str, Audio]:
        """What is true of their audio alone."""
        return {one: proved.audio for one, proved in (await self.proved(company, versions)).items()}

    async def proved(self, company: str, versions: Sequence[Version | VoiceMessage]) -> dict[str, Proved]:
        """For each version or voice message (some hundred at a time), by its id. "healing": it waits for the
        vault, and is heard from the spool; "corrupt": some copy has something of that name, and none the recording."""
        held = await self._vault.holders(company, [(version.sha256, version.size) for version in versions])
        async with self._store.read(company) as tx:
            waiting, ledger = await takes.waiting(tx), await losses.open_of(tx, [version.id for version in versions])
        corrupt = {of for of, loss in ledger.items() if loss.lost and loss.how == "corrupt"}
        return {
            version.id: Proved(
                _audio(version.id in waiting, version.id in corrupt, copies), copies, 0 < copies < self._vault.copies
            )
            for version, copies in zip(versions, held, strict=True)
        }


def _audio(waiting: bool, corrupt: bool, copies: int) -> Audio:
    if waiting:
        return "healing"
    if corrupt:
        return "corrupt"
    return "ok" if copies else "missing"


def shown(state: Audio | Literal["stand-in"], lagging: bool) -> Shown:
    return "one-copy" if state == "ok" and lagging else state


def worst(audio: Sequence[Audio]) -> Audio:
    """Of a message that has recordings in several languages."""
    return min(audio, key=WORST_FIRST.index)
