"""Times, lengths and numbers as people read them, in their language and the company's time zone, in one piece."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

from pbx.rules.numbers import Number, caller, shown
from pbx.store.clock import Clock, utc_now

_SPACE = "\u00a0"
_HYPHEN = "\u2011"
_DAYS = {"sv": ("i dag", "i går"), "en": ("today", "yesterday")}


@dataclass(frozen=True, slots=True)
class Shown:
    lang: str
    zone: str = "Europe/Stockholm"
    clock: Clock = utc_now

    def time(self, at: datetime) -> str:
        """`i dag 09:31`, `24 nov 08:05`, `3 mar 2025 08:05`."""
        zone = ZoneInfo(self.zone)
        local, today = at.astimezone(zone), self.clock().astimezone(zone).date()
        this, last = _DAYS[self.lang]
        month = format_datetime(local, "MMM", locale=self.lang)[:3]  # "mars" would be longer than its neighbours
        if local.date() == today:
            day = this
        elif local.date() == today - timedelta(days=1):
            day = last
        else:
            day = f"{local.day} {month}" if local.year == today.year else f"{local.day} {month} {local.year}"
        return f"{day} {local:%H:%M}".replace(" ", _SPACE)

    def iso(self, at: datetime) -> str:
        return at.isoformat(timespec="seconds")

    def whose(self, name: str) -> str:
        """`Annas`, `Lars`; `Anna’s`."""
        if self.lang == "en":
            return f"{name}’s"
        return name if name.casefold().endswith(("s", "x", "z")) else f"{name}s"

    def length(self, seconds: float | None) -> str:
        """`0:09`; a dash where there is nothing."""
        if seconds is None:
            return "–"
        whole = max(1, round(seconds))
        return f"{whole // 60}:{whole % 60:02}"

    def reading_s(self, script: str) -> int:
        """About how long that takes to read aloud."""
        return max(1, round(len(script) / 12))

    def count(self, number: float) -> str:
        return format_decimal(number, locale=self.lang)

    def decimal(self, number: float) -> str:
        """`−19,2`."""
        return format_decimal(round(number, 1), format="0.0", locale=self.lang).replace("-", "−")

    def size(self, bytes: float) -> str:
        """`3,8 TB`."""
        power = next((power for power in (4, 3, 2) if bytes >= 1000**power), 1)
        return f"{self.decimal(bytes / 1000**power)}{_SPACE}{('kB', 'MB', 'GB', 'TB')[power - 1]}"

    def number(self, e164: str) -> str:
        """A telephone number as people write it: `070-174 06 05`."""
        who = caller(e164)
        text = shown(who, self.lang)
        if isinstance(who, Number) and text.startswith("07"):
            digits = text.replace("-", "").replace(" ", "")
            text = f"{digits[:3]}-{digits[3:6]} {digits[6:8]} {digits[8:]}"
        return text.replace(" ", _SPACE).replace("-", _HYPHEN)
