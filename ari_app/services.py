"""What flows may use, built once by pbx.service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pbx.ami import Ami
from pbx.company import Companies, Menus, People, Pins
from pbx.library import Library
from pbx.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Services:
    companies: Companies
    people: People
    pins: Pins
    menus: Menus
    library: Library
    phrases: Phrases
    switchman: Ami
    now: Callable[[], datetime]
