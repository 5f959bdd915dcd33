"""What is true of the audio, by proof: what the copies hold, what the ledger of losses says, what still waits."""

from collections.abc import Sequence
from typing import Literal

from pbx.store import Store, losses, takes
from pbx.store.values import Version, VoiceMessage
from pbx.vault import Vault

Audio = Literal["ok", "missing", "corrupt", "healing"]
WORST_FIRST: tuple[Audio, ...] = ("missing", "corrupt", "healing", "ok")


class Evidence:
    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    async def of(self, company: str, versions: Sequence[Version | VoiceMessage]) -> dict[str, Audio]:
        """For each version or voice message (some hundred at a time), by its id. "healing": it waits for the
        vault, and is heard from the spool; "corrupt": some copy has something of that name, and none the recording."""
        held = await self._vault.holders(company, [(version.sha256, version.size) for version in versions])
        async with self._store.read(company) as tx:
            waiting, ledger = await takes.waiting(tx), await losses.open_of(tx, [version.id for version in versions])
        corrupt = {of for of, loss in ledger.items() if loss.lost and loss.how == "corrupt"}
        return {
            version.id: _audio(version.id in waiting, version.id in corrupt, copies)
            for version, copies in zip(versions, held, strict=True)
        }

    async def copies(self, company: str, version: Version) -> int:
        """How many hold it now."""
        return (await self._vault.holders(company, [(version.sha256, version.size)]))[0]


def _audio(waiting: bool, corrupt: bool, copies: int) -> Audio:
    if waiting:
        return "healing"
    if corrupt:
        return "corrupt"
    return "ok" if copies else "missing"


def worst(audio: Sequence[Audio]) -> Audio:
    """Of a message that has recordings in several languages."""
    return min(audio, key=WORST_FIRST.index)
