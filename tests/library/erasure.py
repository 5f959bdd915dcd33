"""A message in the vault, in rows and in published files, for the tests of its erasure."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from pbx.library import files
from pbx.store import messages
from pbx.store.tables import EraseOrderRow
from tests.library.house import House
from tests.library.recordings import called

BY = "cli:root"
SCRIPT = "Lunchrummet har stuckit."
"""Plain letters, which a file of JSON has as they are."""


@dataclass(frozen=True)
class Erasable:
    """`objects`: names in the vault; `versions`: ids, the last one current."""

    message: str
    versions: list[str]
    objects: list[str]
    published: list[Path]
    aside: list[Path]


async def erasable(house: House, *seeds: str, name: str = "lunch") -> Erasable:
    """In no place: a script, and a version by call for each seed, of which the last is current. The takes are out of
    the spool, but for what was set aside under their names."""
    company, versions, objects = house.world.exempel.id, [], []
    published, aside = [], []
    async with house.world.store.begin(company) as tx:
        message = await messages.add(tx, name, "announcement", None)
        await messages.set_script(tx, message.id, "sv", SCRIPT)
        for seed in seeds:
            version, take = await called(tx, message.id, seed)
            version.sha256 = (await house.vault.put(company, seed.encode() * 100, {"message": name})).sha256
            versions.append(version.id)
            objects.append(version.sha256)
            recording = files.of_recording(version.sha256, version.first, version.last)
            base = files.base(house.root / "published", company, recording)
            published += [base.with_name(f"{base.name}.{extension}") for extension in files.EXTENSIONS]
            stem = Path(take.file).stem
            aside += [house.spool / "aside" / f"{stem}{end}.sln16" for end in ("", "-0123abcd")]
    spoken = house.library.published.speech_name(SCRIPT, "sv")
    published.append(files.base(house.root / "published", company, spoken).with_suffix(".sln16"))
    for file in (*published, *aside):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"sound")
    await house.library.catalogue.export(company)
    return Erasable(message.id, versions, objects, published, aside)


def everything_under(*folders: Path) -> bytes:
    """Names and contents."""
    found = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"\n".join(str(path).encode() + b" " + path.read_bytes() for path in found)


async def order_rows(house: House) -> list[EraseOrderRow]:
    async with house.world.store.read(house.world.exempel.id) as tx:
        return list(await tx.all(select(EraseOrderRow).order_by(EraseOrderRow.id)))
