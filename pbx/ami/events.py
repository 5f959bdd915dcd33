"""What phones and calls do, as frozen values. Parsing is pure; what we have no use for becomes None."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

PhoneState = Literal["away", "idle", "ringing", "talking", "held"]
CallState = Literal["begun", "ringing", "up"]

_TECHNOLOGY: Final = "PJSIP/"
_STATES: Final[Mapping[str, PhoneState]] = {
    "NOT_INUSE": "idle",
    "INUSE": "talking",
    "BUSY": "talking",
    "RINGING": "ringing",
    "RINGINUSE": "talking",
    "ONHOLD": "held",
}


@dataclass(frozen=True, slots=True)
class PhoneIs:
    """`phone`: its SIP user. Not registered is `away`."""

    phone: str
    state: PhoneState


@dataclass(frozen=True, slots=True)
class CallIs:
    """A leg of a call: `id` is Asterisk's, which log lines bear too; `phone` the SIP user at its end."""

    id: str
    phone: str
    state: CallState


@dataclass(frozen=True, slots=True)
class CallEnded:
    id: str


Event = PhoneIs | CallIs | CallEnded


def parse(fields: Mapping[str, str]) -> Event | None:
    """An event of AMI, or a line of one of its lists; names in small letters. None also for what is cut off by a line
    break in somebody's number."""
    try:
        return _parse(fields)
    except KeyError:
        return None


def _parse(fields: Mapping[str, str]) -> Event | None:
    match fields.get("event"):
        case "DeviceStateChange" if fields["device"].startswith(_TECHNOLOGY):
            return PhoneIs(fields["device"].removeprefix(_TECHNOLOGY), _STATES.get(fields["state"], "away"))
        case "Newchannel" | "Newstate" | "CoreShowChannel" if fields["channel"].startswith(_TECHNOLOGY):
            return CallIs(fields["uniqueid"], _phone(fields["channel"]), _state(fields["channelstatedesc"]))
        case "Hangup":
            return CallEnded(fields["uniqueid"])
    return None


def _phone(channel: str) -> str:
    """The SIP user in `PJSIP/user-0000001f`."""
    return channel.removeprefix(_TECHNOLOGY).rpartition("-")[0]


def _state(told: str) -> CallState:
    return "up" if told == "Up" else "ringing" if told in ("Ring", "Ringing") else "begun"
