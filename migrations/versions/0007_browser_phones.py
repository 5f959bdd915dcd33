"""Phones in browsers: lent for minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.String(36)


def upgrade() -> None:
    op.create_table(
        "browser_phone",
        sa.Column("id", ID, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("sip_user", sa.String(32), nullable=False),
        sa.Column("ha1", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_browser_phone"),
        sa.UniqueConstraint("company_id", "id", name="uq_browser_phone_company_id_id"),
        sa.UniqueConstraint("sip_user", name="uq_browser_phone_sip_user"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_browser_phone_company_id"),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"], ["user.company_id", "user.id"], name="fk_browser_phone_company_id_user_id"
        ),
    )
    op.create_index("ix_browser_phone_company_id_user_id", "browser_phone", ["company_id", "user_id"])


def downgrade() -> None:
    op.drop_table("browser_phone")
