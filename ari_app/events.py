"""The ARI events that we use, as frozen values. Parsing is pure; what we do not know becomes None.

Here, beside `agi_scripts/answers`, is the only place where a caller's number is read: it becomes a
`Caller` and the raw string goes no further.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pbx.rules.numbers import Caller, caller

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entered:
    """A call has come to us (StasisStart); `args` are what the dialplan gave to Stasis()."""

    channel: str
    name: str
    caller: Caller
    args: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A key was released."""

    channel: str
    digit: str


@dataclass(frozen=True, slots=True)
class Played:
    """A playback has ended, by itself or stopped; `failed` when it could not begin."""

    channel: str
    playback: str
    failed: bool


@dataclass(frozen=True, slots=True)
class RecordingBegan:
    channel: str
    recording: str


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    """Proves nothing about the audio: it is told also when the disk was full."""

    channel: str
    recording: str


@dataclass(frozen=True, slots=True)
class Ringing:
    channel: str


@dataclass(frozen=True, slots=True)
class Answered:
    channel: str


@dataclass(frozen=True, slots=True)
class Left:
    """The channel is no longer ours: hung up, led onwards, or never answered.

    `cause` is the Q.850 cause of a channel that we originated, else 0.
    """

    channel: str
    cause: int


@dataclass(frozen=True, slots=True)
class SwitchLost:
    """The connection to Asterisk is gone; what happens to the call is decided when it is back."""

    channel: str


Event = Entered | Key | Played | RecordingBegan | RecordingEnded | Ringing | Answered | Left | SwitchLost

WANTED = (
    "StasisStart",
    "StasisEnd",
    "ChannelDestroyed",
    "ChannelDtmfReceived",
    "ChannelStateChange",
    "PlaybackFinished",
    "RecordingStarted",
    "RecordingFinished",
    "RecordingFailed",
    "ApplicationReplaced",
    "RESTResponse",  # a filter without it swallows every answer on the WebSocket
)

# Of the channels of an endpoint that we ring: whether it rings, and how it ended.
WANTED_APART = ("ChannelStateChange", "ChannelDestroyed", "ApplicationReplaced", "RESTResponse")


def parse(raw: Json) -> Event | None:
    """The event in Asterisk's JSON `raw`, or None if we have no use for it."""
    channel = raw.get("channel", {})
    match raw.get("type"):
        case "StasisStart":
            return Entered(channel["id"], channel["name"], caller(channel["caller"]["number"]), _args(raw["args"]))
        case "ChannelDtmfReceived":
            return Key(channel["id"], raw["digit"])
        case "PlaybackFinished":
            playback = raw["playback"]
            return Played(_owner(playback["target_uri"]), playback["id"], playback["state"] == "failed")
        case "RecordingStarted":
            return RecordingBegan(_owner(raw["recording"]["target_uri"]), raw["recording"]["name"])
        case "RecordingFinished" | "RecordingFailed":
            return RecordingEnded(_owner(raw["recording"]["target_uri"]), raw["recording"]["name"])
        case "ChannelStateChange" if channel["state"] == "Ringing":
            return Ringing(channel["id"])
        case "ChannelStateChange" if channel["state"] == "Up":
            return Answered(channel["id"])
        case "StasisEnd":
            return Left(channel["id"], 0)
        case "ChannelDestroyed":
            return Left(channel["id"], int(raw["cause"]))
    return None


def _owner(uri: str) -> str:
    return uri.removeprefix("channel:")


def _args(args: Sequence[str]) -> tuple[str, ...]:
    return tuple(args)
