"""What a job rings is a number, or the account of a phone in a browser."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_LIVE = sa.text("state IN ('queued', 'claimed', 'dialling', 'ringing', 'answered', 'recording', 'judging')")


def upgrade() -> None:
    _rename("e164", 16, "rings", 40)


def downgrade() -> None:
    op.execute("DELETE FROM job_item WHERE job_id IN (SELECT id FROM call_job WHERE rings NOT LIKE '+%')")
    op.execute("DELETE FROM call_job WHERE rings NOT LIKE '+%'")
    _rename("rings", 40, "e164", 16)


def _rename(old: str, its: int, new: str, length: int) -> None:
    op.drop_index("uq_call_job_live_number", "call_job")
    with op.batch_alter_table("call_job") as batch:
        batch.alter_column(
            old, new_column_name=new, existing_type=sa.String(its), type_=sa.String(length), existing_nullable=False
        )
    op.create_index(
        "uq_call_job_live_number",
        "call_job",
        ["company_id", new],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
