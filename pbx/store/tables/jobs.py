"""Jobs that ring somebody up, and what each is to bring home."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from pbx.rules.jobs import LIVE, JobState
from pbx.store.tables.base import Base, Owned, owned, points_at, reference, unique


def _among(states: frozenset[JobState] | type[JobState]) -> str:
    return "state IN (" + ", ".join(f"'{state}'" for state in JobState if state in states) + ")"


class CallJobRow(Owned, Base):
    """`rings`: a number, or the account of a phone in a browser. `aim…`: where a test call leads. Both are told and not
    referred to: what they were about may go, and the line stays."""

    __tablename__ = "call_job"
    __table_args__ = owned(
        CheckConstraint("kind IN ('record', 'round', 'test', 'callback')", name="kind"),
        CheckConstraint(_among(JobState), name="state"),
        unique("company_id", "key", says="job-known"),
        Index(
            "uq_call_job_live_number",
            "company_id",
            "rings",
            unique=True,
            sqlite_where=text(_among(LIVE)),
            info={"says": "number-busy"},
        ),
        Index(None, "state", "created_at"),
        Index(None, "company_id", "created_at"),
    )

    kind: Mapped[str] = mapped_column(String(8))
    rings: Mapped[str] = mapped_column(String(40))
    asked_by: Mapped[str] = mapped_column(String(120))
    key: Mapped[str | None] = mapped_column(String(80))
    aim: Mapped[str] = mapped_column(String(10), default="")
    aim_value: Mapped[str] = mapped_column(String(40), default="")
    aim_lang: Mapped[str] = mapped_column(String(2), default="")
    state: Mapped[str] = mapped_column(String(16))
    because: Mapped[str] = mapped_column(String(120), default="")
    history: Mapped[str] = mapped_column(Text, default="[]")  # JSON: [[state, time], …], so that no follower misses one
    node: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class JobItemRow(Owned, Base):
    """One message in one language that a job is to record. Where it is the only one, its state is the job's; those of a
    round have their own, in the order of their ids."""

    __tablename__ = "job_item"
    __table_args__ = owned(
        points_at("job_id", "call_job"),
        points_at("message_id", "message"),
        CheckConstraint(_among(JobState), name="state"),
        Index(
            "uq_job_item_live_message",
            "company_id",
            "message_id",
            "lang",
            unique=True,
            sqlite_where=text(_among(LIVE)),
            info={"says": "message-busy"},
        ),
        Index(None, "company_id", "job_id"),
    )

    job_id: Mapped[str] = reference()
    message_id: Mapped[str] = reference()
    lang: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(16))
    take_id: Mapped[str | None] = reference()
