"""What the vault says when it cannot do what was asked."""

from pbx.errors import VaxelError


class TooFewCopies(VaxelError):
    """Fewer copies than the minimum took it, or none can be read. What was to be kept is still where it came from."""


class NotWritten(VaxelError):
    """What was read back is not what was written."""


class NotTaking(VaxelError):
    """This copy takes no writes: it is frozen, or could not be made."""


class UnknownCopy(VaxelError):
    """No copy has this name or path; the message lists those there are."""


class CannotAdd(VaxelError):
    """This folder cannot become a copy; the message says why."""


class CannotRetire(VaxelError):
    """Without this copy, something would be held by fewer copies than it must be; the message says what."""


class CannotRefill(VaxelError):
    """The copy could not be filled and stays as it was; the message says why."""


class WrongBytes(VaxelError):
    """The bytes given are not those of the name given."""


class BadEntry(VaxelError):
    """Bytes that are no whole entry of a catalogue; the message says what is wrong with them."""


class Behind(VaxelError):
    """This copy lacks the entry before those that it was given: it gets what it lacks first, so that it has no gap."""


class Diverged(VaxelError):
    """A copy holds another whole entry of that number: two databases have written to one vault."""

    def __init__(self, copy: str, number: int) -> None:
        super().__init__(f"copy {copy} holds another entry {number}")
        self.copy = copy
        self.number = number


class Broken(VaxelError):
    """A company's catalogue cannot be read through: at this number it has a gap, damage or a link that does not
    hold, and no copy can mend it."""

    def __init__(self, company: str, number: int, why: str) -> None:
        super().__init__(f"the catalogue of company {company} is broken at {number}: {why}")
        self.company = company
        self.number = number
        self.why = why
