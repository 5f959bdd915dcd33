"""Figures about this process, as Prometheus reads them; `vaxel status` shows some of them to people.

Figures carry no number, name or company: whoever can reach the port may read them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

from pbx import fresh

REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

calls_held = Gauge("vaxel_calls_held", "Calls that a flow holds now.", ["flow"], registry=REGISTRY)
calls_ended = Counter(
    "vaxel_calls", "Calls that a flow has held, by how it ended: led, hungup, lost, failed.", ["flow", "how"],
    registry=REGISTRY,
)  # fmt: skip
phones_registered = Gauge("vaxel_phones_registered", "Telephones that are registered.", registry=REGISTRY)
legs_up = Gauge("vaxel_call_legs", "Legs of calls that Asterisk has now.", registry=REGISTRY)
asterisk_up = Gauge("vaxel_asterisk_up", "1 while the connection that carries calls is open.", registry=REGISTRY)
carrier_up = Gauge(
    "vaxel_carrier_up", "1 while the carrier answers and has us registered, where one is named.", registry=REGISTRY
)
lamps_told = Counter("vaxel_lamps_told", "Lamps of telephones that were told anew.", registry=REGISTRY)
objects_lacking = Gauge(
    "vaxel_vault_objects_lacking", "Objects in use that this copy has not got, though another has.", ["copy"],
    registry=REGISTRY,
)  # fmt: skip
copies_out = Gauge("vaxel_vault_copies_out", "Copies of the vault that are frozen or away.", registry=REGISTRY)
entries_lagging = Gauge(
    "vaxel_catalogue_entries_lagging", "Entries of the catalogue that not every copy has.", registry=REGISTRY
)
losses_open = Gauge("vaxel_losses_open", "Recordings and pictures that no copy has.", registry=REGISTRY)
loop_lag = Histogram(
    "vaxel_loop_lag_seconds", "How much later than asked the event loop woke, ten times a second.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8), registry=REGISTRY,
)  # fmt: skip
_ages = Gauge("vaxel_age_seconds", "Since this was done last, or since the start.", ["what"], registry=REGISTRY)


def tell_ages(chores: Iterable[fresh.Chore]) -> None:
    """Of what this process does, and no other does in its place."""
    for what in chores:
        _ages.labels(what).set_function(partial(lambda what: fresh.age(what).seconds, what))


@contextmanager
def holding(flow: str) -> Iterator[None]:
    """A flow holds a call as long as this lasts."""
    held = calls_held.labels(flow)
    held.inc()
    try:
        yield
    finally:
        held.dec()
