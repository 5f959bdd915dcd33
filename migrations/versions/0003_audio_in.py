"""What a version was made of, pictures of users, and how words are to be said."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.String(36)


def upgrade() -> None:
    op.add_column("version", sa.Column("voice", sa.String(160), nullable=False, server_default=""))
    op.add_column("version", sa.Column("script_sha256", sa.String(64), nullable=False, server_default=""))
    op.add_column("version", sa.Column("original_sha256", sa.String(64)))
    op.add_column("version", sa.Column("original_size", sa.Integer()))
    owned(
        "picture",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"], ["user.company_id", "user.id"], name="fk_picture_company_id_user_id"
        ),
        sa.UniqueConstraint("company_id", "user_id", name="uq_picture_company_id_user_id"),
    )
    owned(
        "pronunciation",
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("word", sa.String(80), nullable=False),
        sa.Column("spoken", sa.String(160), nullable=False),
        sa.UniqueConstraint("company_id", "lang", "word", name="uq_pronunciation_company_id_lang_word"),
    )


def downgrade() -> None:
    for table in ("pronunciation", "picture"):
        op.drop_table(table)
    for column in ("original_size", "original_sha256", "script_sha256", "voice"):
        op.drop_column("version", column)


def owned(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("company_id", "id", name=f"uq_{name}_company_id_id"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=f"fk_{name}_company_id"),
    )
