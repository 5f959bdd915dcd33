"""Bound to a company by construction: what a session may ask and write.

Each question gets the company as a criterion on every table in it, sub-queries and aliases included, and what leaves
for the database is looked at once more: a SELECT that reads a table without naming the company for it is refused, be
it ever so clever. Statements that change many rows at once are refused as well, and so is writing a row of another
company. Nobody has to remember a WHERE clause.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, bindparam, event
from sqlalchemy.engine import ExecutionContext
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from pbx.errors import VaxelError
from pbx.store.tables import Base, CompanyRow, Housed, Owned

ACROSS = "*"
"""In place of a company: the operator's questions, which may look and never touch."""
HOUSE = "-"
"""In place of a company: rows that belong to none, and no others."""

_ABOVE = frozenset({ACROSS, HOUSE})

_READ = re.compile(r'(?:\bFROM|\bJOIN|,)\s+"?(\w+)"?(?![\w".])(?:\s+AS\s+"?(\w+)"?)?')
_NAMED = re.compile(r'"?\b(\w+)"?\.(company_id|id) = \?')


class Unbound(VaxelError):
    """A statement or a row did not belong to the company that the transaction was begun for."""


class BoundSession(Session):
    """`info["company"]` is a company's id, ACROSS or HOUSE; `info["writes"]` says whether rows may change."""


@event.listens_for(BoundSession, "do_orm_execute")
def _bind(state: ORMExecuteState) -> None:
    company = state.session.info.get("company")
    if not company or not state.is_select:
        raise Unbound(f"refused: {state.statement}")
    state.update_execution_options(company=company)
    if company not in _ABOVE:
        state.statement = _with_company(state.statement)
        state.parameters = {**_values(state), "the_company": company}


def _values(state: ORMExecuteState) -> Mapping[str, Any]:
    if state.parameters is not None and not isinstance(state.parameters, Mapping):
        raise Unbound(f"refused: {state.statement}")
    return state.parameters or {}


_bound: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def _with_company(statement: Any) -> Any:
    """The statement with its criteria. Kept for as long as the statement is: the questions of a call are built once,
    and so is this and the key under which SQLAlchemy finds them compiled (half of what such a question costs)."""
    found = _bound.get(statement)
    if found is None:
        found = _bound[statement] = statement.options(
            with_loader_criteria(Owned, lambda row: row.company_id == bindparam("the_company"), include_aliases=True),
            with_loader_criteria(CompanyRow, CompanyRow.id == bindparam("the_company"), include_aliases=True),
        )
    return found


@event.listens_for(BoundSession, "before_flush")
def _check_rows(session: Session, context: Any, instances: Any) -> None:
    company = session.info.get("company")
    rows = [*session.new, *session.dirty, *session.deleted]
    if rows and not session.info.get("writes"):
        raise Unbound("refused: this transaction only reads")
    for row in rows:
        if _owner(row) != company:
            raise Unbound(f"refused: a row of {type(row).__name__} of another company")


def _owner(row: Any) -> str:
    if isinstance(row, Housed):
        return HOUSE
    return str(row.id if isinstance(row, CompanyRow) else row.company_id)


def watch(engine: Engine) -> None:
    """Looks at every SELECT on its way to the database."""

    @event.listens_for(engine, "before_cursor_execute")
    def _look(
        connection: Connection, cursor: Any, sql: str, parameters: Any, context: ExecutionContext | None, many: bool
    ) -> None:
        if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
            return
        company = context.execution_options.get("company") if context is not None else None
        if company is None or (company == HOUSE and not of_the_house(sql)) or (company not in _ABOVE and unnamed(sql)):
            raise Unbound(f"refused: {sql}")


@lru_cache(maxsize=256)
def of_the_house(sql: str) -> bool:
    """Whether the statement reads tables that belong to no company, and nothing else."""
    tables = {table for table, _ in _READ.findall(sql) if table in Base.metadata.tables}
    return bool(tables) and tables <= {mapped.__tablename__ for mapped in Housed.__subclasses__()}  # type: ignore[attr-defined]


@lru_cache(maxsize=4_096)
def unnamed(sql: str) -> bool:
    """Whether the statement reads some table without `company_id = ?` for it. It knows how SQLAlchemy writes SQL."""
    tables = Base.metadata.tables
    reads = Counter((alias or table, table) for table, alias in _READ.findall(sql) if table in tables)
    named = Counter(_NAMED.findall(sql))
    column = {table: "id" if table == "company" else "company_id" for table in tables}
    return not reads or any(named[(name, column[table])] < count for (name, table), count in reads.items())
