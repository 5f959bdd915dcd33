"""What the product has told, as one who only listens would write it down: nothing of how it is kept."""

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
Text = tuple[str, str]
"""Message and language."""
Slot = tuple[str, str]
"""A place: kind and slot."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A version, a voice message or a picture. `owner`: its message, its mailbox, or its user. `take`: id of the take
    that it was."""

    id: str
    kind: str
    owner: str
    lang: str
    sha256: str
    take: str


@dataclass(slots=True)
class Book:
    """One company. `current`: by text, the version. `retired`: by text, the greeting that was taken back. `deleted`:
    messages, voice messages, versions that were said no to, and pictures that are not shown any more: when. `boxes`: by
    mailbox, its greeting."""

    company: str
    names: dict[str, str] = field(default_factory=dict)
    scripts: dict[Text, str] = field(default_factory=dict)
    current: dict[Text, str] = field(default_factory=dict)
    retired: dict[Text, str] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    deleted: dict[str, datetime] = field(default_factory=dict)
    places: dict[Slot, str | None] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)

    def copy(self) -> "Book":
        copy = Book(self.company)
        for one in fields(self)[1:]:
            setattr(copy, one.name, dict(getattr(self, one.name)))
        return copy

    def differs(self, other: "Book") -> list[str]:
        """Where the other says otherwise, in words."""
        found: list[str] = []
        for one in fields(self)[1:]:
            here, there = getattr(self, one.name), getattr(other, one.name)
            keys = [key for key in {**here, **there} if here.get(key) != there.get(key)]
            found += [f"{one.name} {key}: {here.get(key)} / {there.get(key)}" for key in keys]
        return found

    def of(self, owner: str) -> list[Recording]:
        """A message's versions, or a mailbox's voice messages, oldest first."""
        return [one for one in self.recordings.values() if one.owner == owner]

    def voices(self) -> list[Recording]:
        return [one for one in self.recordings.values() if one.kind == "voice"]

    def versions(self) -> list[Recording]:
        return [one for one in self.recordings.values() if one.kind == "version"]

    def pictures(self) -> list[Recording]:
        return [one for one in self.recordings.values() if one.kind == "picture"]

    def shown(self, user: str) -> Recording | None:
        """Their picture."""
        return next((one for one in self.of(user) if one.id not in self.deleted), None)

    def objects(self) -> set[str]:
        return {one.sha256 for one in self.recordings.values()}

    def placed(self, message: str) -> bool:
        return message in self.places.values() or message in self.boxes.values()

    def messages(self, *, deleted: bool = False) -> list[str]:
        """Those that are deleted, or that are not, oldest first."""
        return [one for one in self.names if (one in self.deleted) is deleted]

    def weight(self, message: str) -> int:
        """What its deletion counts for the brake."""
        return max(1, len(self.of(message)))

    def recorded(self, recording: Recording, *, heard: bool) -> None:
        self.recordings[recording.id] = recording
        if heard:
            self.use(recording)

    def use(self, recording: Recording) -> None:
        text = recording.owner, recording.lang
        self.current[text] = recording.id
        self.retired.pop(text, None)
        self.deleted.pop(recording.id, None)

    def forget(self, recording: Recording) -> None:
        """It is erased."""
        del self.recordings[recording.id]
        self.deleted.pop(recording.id, None)
        text = recording.owner, recording.lang
        if self.retired.get(text) == recording.id:
            del self.retired[text]

    def forget_message(self, message: str) -> None:
        for recording in self.of(message):
            self.forget(recording)
        for told in (self.scripts, self.current, self.retired):
            for text in [text for text in told if text[0] == message]:
                del told[text]
        del self.names[message]
        self.deleted.pop(message, None)
