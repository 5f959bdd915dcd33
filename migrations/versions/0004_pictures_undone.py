"""A picture that is replaced or removed can be brought back for a while: a user has one, and those before it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("picture") as batch:
        batch.drop_constraint("uq_picture_company_id_user_id", type_="unique")
        batch.add_column(sa.Column("retired_at", sa.DateTime()))
    current = sa.text("retired_at IS NULL")
    op.create_index(
        "uq_picture_current", "picture", ["company_id", "user_id"], unique=True,
        sqlite_where=current, postgresql_where=current,
    )  # fmt: skip


def downgrade() -> None:
    op.execute("DELETE FROM picture WHERE retired_at IS NOT NULL")
    op.drop_index("uq_picture_current", "picture")
    with op.batch_alter_table("picture") as batch:
        batch.drop_column("retired_at")
        batch.create_unique_constraint("uq_picture_company_id_user_id", ["company_id", "user_id"])
