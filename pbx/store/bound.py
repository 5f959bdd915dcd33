"""Bound to a company by construction: what a session may ask and write.

Each statement gets the company as a criterion on every table in it, sub-queries and aliases included. What could
slip past that (plain SQL, statements on tables instead of mapped classes, bulk changes) is refused, and so is
writing a row of another company. Nobody has to remember a WHERE clause.
"""

from typing import Any

from sqlalchemy import Table, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import visitors

from pbx.errors import VaxelError
from pbx.store.tables import CompanyRow, Owned

ACROSS = "*"
"""In place of a company: the operator's questions, which may look and never touch."""


class Unbound(VaxelError):
    """A statement or a row did not belong to the company that the transaction was begun for."""


class BoundSession(Session):
    """`info["company"]` is a company's id or ACROSS; `info["writes"]` says whether rows may change."""


@event.listens_for(BoundSession, "do_orm_execute")
def _bind(state: ORMExecuteState) -> None:
    company = state.session.info.get("company")
    if not company or not state.is_select or not _only_mapped(state.statement):
        raise Unbound(f"refused: {state.statement}")
    if company == ACROSS:
        return
    state.statement = state.statement.options(
        with_loader_criteria(Owned, lambda row: row.company_id == company, include_aliases=True),
        with_loader_criteria(CompanyRow, CompanyRow.id == company, include_aliases=True),
    )


@event.listens_for(BoundSession, "before_flush")
def _check_rows(session: Session, context: Any, instances: Any) -> None:
    company = session.info.get("company")
    rows = [*session.new, *session.dirty, *session.deleted]
    if rows and not session.info.get("writes"):
        raise Unbound("refused: this transaction only reads")
    for row in rows:
        owner = row.id if isinstance(row, CompanyRow) else row.company_id
        if owner != company:
            raise Unbound(f"refused: a row of {type(row).__name__} of another company")


def _only_mapped(statement: Any) -> bool:
    """Whether every table in the statement is there by its mapped class, and there is at least one."""
    tables = [part for part in visitors.iterate(statement) if isinstance(part, Table)]
    return bool(tables) and all("parententity" in table._annotations for table in tables)
