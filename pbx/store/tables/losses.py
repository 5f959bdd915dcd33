"""What was found gone or damaged, what is to be erased, and the brake on erasing."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from pbx.store.tables.base import Base, Owned, owned, reference, unique


class LossRow(Owned, Base):
    """A line of the ledger: it cannot be reconstructed afterwards, so it is written when the loss is seen and kept.

    `of_id` is the version or voice message whose audio it is, `subject_id` the message or mailbox that it belongs to.
    They are told and not referred to: the ledger outlives them. `proved_at`: when the object was last seen whole.
    `lost`: no copy had it; else another copy did. `copies`: where it was bad, by name.
    """

    __tablename__ = "loss"
    __table_args__ = owned(
        CheckConstraint("how IN ('missing', 'corrupt')", name="how"),
        Index(
            "uq_loss_open", "company_id", "of_id", unique=True,
            sqlite_where=text("healed_at IS NULL"),
            info={"says": "loss-known"},
        ),
        Index(None, "company_id", "found_at"),
    )  # fmt: skip

    sha256: Mapped[str] = mapped_column(String(64))
    of_id: Mapped[str] = reference()
    subject_id: Mapped[str] = reference()
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(80))
    lang: Mapped[str] = mapped_column(String(2))
    how: Mapped[str] = mapped_column(String(8))
    lost: Mapped[bool]
    copies: Mapped[str] = mapped_column(String(200))
    heard: Mapped[str] = mapped_column(String(16))
    found_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
    healed_at: Mapped[datetime | None]
    healed_from: Mapped[str] = mapped_column(String(80), default="")


class EraseOrderRow(Owned, Base):
    """The only thing that ever unlinks audio. Until every copy has obeyed it names the object; afterwards `digest`,
    made from the name, is all that is left: enough to keep it from coming back, and nothing to know it by."""

    __tablename__ = "erase_order"
    __table_args__ = owned(
        unique("company_id", "digest", says="erase-ordered"),
        Index(None, "company_id", "ordered_at"),
    )

    digest: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str | None] = mapped_column(String(64))
    because: Mapped[str] = mapped_column(String(20))
    ordered_by: Mapped[str] = mapped_column(String(120))
    ordered_at: Mapped[datetime]
    obeyed: Mapped[str] = mapped_column(Text)  # JSON: how far it has come, see pbx.store.orders
    obeyed_at: Mapped[datetime | None]


class BrakeRow(Owned, Base):
    """Erasing in a company has been stopped, until the operator says yes; that holds until `released_until`."""

    __tablename__ = "brake"
    __table_args__ = owned(unique("company_id", says="brake-on"))

    stopped_at: Mapped[datetime | None]
    because: Mapped[str] = mapped_column(String(200), default="")
    released_until: Mapped[datetime | None]
    released_by: Mapped[str] = mapped_column(String(120), default="")
