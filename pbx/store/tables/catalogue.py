"""The redo log of a company's rows, as it leaves for the vault."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pbx.store.tables.base import Base, Owned, owned, unique


class CatalogueRow(Owned, Base):
    """One transaction's after-images, or (`image`) all rows of the company. `prev` is the `sha` of the entry before."""

    __tablename__ = "catalogue_entry"
    __table_args__ = owned(
        unique("company_id", "number", says="catalogue-busy"),
        CheckConstraint("kind IN ('change', 'image')", name="kind"),
    )

    number: Mapped[int]
    prev: Mapped[str] = mapped_column(String(64))
    sha: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
