"""What the next process does with what the last one left: as the service does, one part after the other."""

from pbx.library import returning
from pbx.store import Store, companies
from tests.crash.homes import NODE, Home
from tests.library.house import House


async def restarted(home: Home) -> House:
    store = Store(home.root / "vaxel.db")
    house = home.house(store)
    await house.vault.open()
    await returning.refuse_to_begin_anew(store.path, house.vault)
    await returning.bring_back(store.path, house.vault)
    await store.open()
    await recovered(house)
    return house


async def recovered(house: House) -> None:
    """What a service does by itself within a minute, at its start or when a fault is over."""
    library = house.library
    await library.takes.adopt()
    await library.jobs.abandoned(NODE, _nobody)
    await library.jobs.waited()
    await exported(house)
    await library.published.mend()
    await library.proof.sweep()
    await library.erasing.work()
    await exported(house)


async def _nobody() -> set[str]:
    """No call is alive."""
    return set()


async def exported(house: House) -> None:
    """Every company's catalogue into every copy."""
    async with house.world.store.across() as tx:
        everyone = await companies.all_of_them(tx)
    for company in everyone:
        await house.library.catalogue.export_to_all(company.id)
