"""Jobs for many messages in one call, and for calls that only let somebody hear."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_BEFORE = (
    "queued", "claimed", "dialling", "ringing", "answered", "recording", "judging", "saved", "busy", "declined",
    "no_answer", "unreachable", "unconfirmed", "nothing_recorded", "rejected", "unsure", "expired", "failed",
    "cancelled",
)  # fmt: skip
_AFTER = (*_BEFORE[:8], "done", "skipped", *_BEFORE[8:])


def upgrade() -> None:
    for name, length in (("aim", 10), ("aim_value", 40), ("aim_lang", 2)):
        op.add_column("call_job", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    _among(_AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM call_job WHERE kind = 'test'")
    op.execute("UPDATE job_item SET state = 'cancelled' WHERE state = 'skipped'")
    _among(_BEFORE)
    for name in ("aim_lang", "aim_value", "aim"):
        op.drop_column("call_job", name)


def _among(states: tuple[str, ...]) -> None:
    for table in ("call_job", "job_item"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint("state", type_="check")
            batch.create_check_constraint("state", "state IN (" + ", ".join(f"'{state}'" for state in states) + ")")
