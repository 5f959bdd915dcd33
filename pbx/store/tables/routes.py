"""Where a call goes: the company's numbers, its menus and their choices."""

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pbx.store.tables.base import Base, Owned, owned, points_at, reference, unique

_AIM = (
    "aim = 'hangup' OR (aim = 'menu' AND aim_menu_id IS NOT NULL) OR (aim = 'extension' AND aim_extension IS NOT NULL)"
    " OR (aim = 'mailbox' AND aim_mailbox_id IS NOT NULL) OR (aim = 'message' AND aim_message_id IS NOT NULL)"
)


class Aimed:
    """Where a choice or a fallback leads: a column for each kind, so that the database knows what is pointed at."""

    aim: Mapped[str] = mapped_column(String(10))
    aim_menu_id: Mapped[str | None] = mapped_column(String(36))
    aim_extension: Mapped[str | None] = mapped_column(String(6))
    aim_mailbox_id: Mapped[str | None] = mapped_column(String(36))
    aim_message_id: Mapped[str | None] = mapped_column(String(36))


def _aimed() -> tuple[CheckConstraint, ...]:
    return (CheckConstraint(_AIM, name="aim"),)


class NumberRow(Owned, Base):
    """A public number of the company. `mailbox_id` is the number's own mailbox: it takes what nobody else does."""

    __tablename__ = "number"
    __table_args__ = owned(
        unique("e164", says="number-taken"),
        points_at("menu_id", "menu"),
        points_at("user_id", "user"),
        points_at("mailbox_id", "mailbox"),
        CheckConstraint(
            "(kind = 'menu' AND menu_id IS NOT NULL) OR (kind = 'user' AND user_id IS NOT NULL)"
            " OR (kind = 'mailbox' AND mailbox_id IS NOT NULL) OR kind = 'voicemail'",
            name="kind",
        ),
    )

    e164: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(10))
    menu_id: Mapped[str | None] = reference()
    user_id: Mapped[str | None] = reference()
    mailbox_id: Mapped[str | None] = reference()
    language: Mapped[str | None] = mapped_column(String(2))


class MenuRow(Aimed, Owned, Base):
    """`aim…` is the fallback: where callers go who press nothing, or wrong keys only."""

    __tablename__ = "menu"
    __table_args__ = owned(
        *_aimed(),
        points_at("aim_menu_id", "menu"),
        points_at("aim_mailbox_id", "mailbox"),
        points_at("aim_message_id", "message"),
        unique("company_id", "name", says="menu-name-taken"),
        CheckConstraint("tries BETWEEN 1 AND 10", name="tries"),
        CheckConstraint("timeout_s > 0 AND timeout_s <= 60", name="timeout"),
    )

    name: Mapped[str] = mapped_column(String(80))
    tries: Mapped[int]
    timeout_s: Mapped[float]


class MenuChoiceRow(Aimed, Owned, Base):
    __tablename__ = "menu_choice"
    __table_args__ = owned(
        *_aimed(),
        points_at("menu_id", "menu"),
        points_at("aim_menu_id", "menu"),
        points_at("aim_mailbox_id", "mailbox"),
        points_at("aim_message_id", "message"),
        unique("company_id", "menu_id", "digit", says="menu-key-taken"),
        CheckConstraint("digit IN ('0','1','2','3','4','5','6','7','8','9','*','#')", name="digit"),
        Index(None, "company_id", "menu_id"),
    )

    menu_id: Mapped[str] = reference()
    digit: Mapped[str] = mapped_column(String(1))
