"""What all tables share: an id, a company, and constraints that have names (a migration in batch mode needs them)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from pbx.store.columns import Utc
from pbx.store.ids import new_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Utc()}  # noqa: RUF012


class Owned:
    """A row that belongs to exactly one company. The session adds the company to every statement about it."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    company_id: Mapped[str] = mapped_column(String(36), ForeignKey("company.id"))


class Housed:
    """A row that belongs to no company: it is asked for and changed in a transaction of the house alone."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)


def owned(*more: SchemaItem) -> tuple[SchemaItem, ...]:
    """Table arguments of an owned table: `(company_id, id)` is unique, so that composite keys can point at it."""
    return (UniqueConstraint("company_id", "id"), *more)


def points_at(column: str, table: str, *, back: bool = False) -> ForeignKeyConstraint:
    """`column` names a row of `table` in the same company; the database itself refuses one of another company.
    `back`: that table points here too, so this reference does not count where tables are put in order."""
    return ForeignKeyConstraint(["company_id", column], [f"{table}.company_id", f"{table}.id"], use_alter=back)


def unique(*columns: str, says: str) -> UniqueConstraint:
    """Unique columns; who breaks it is told the phrase `says`."""
    return UniqueConstraint(*columns, info={"says": says})


def reference(**options: Any) -> Mapped[Any]:
    """A column that holds an id."""
    return mapped_column(String(36), **options)
