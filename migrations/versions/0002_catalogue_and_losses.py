"""The catalogue, the loss ledger, erase orders and the brake; messages that can be deleted, versions with numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.String(36)


def upgrade() -> None:
    op.add_column("message", sa.Column("deleted_at", sa.DateTime()))
    op.add_column("text", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("version", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("version", sa.Column("notes", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE version SET number = (SELECT count(*) FROM version AS other"
        " WHERE other.company_id = version.company_id AND other.text_id = version.text_id AND other.id <= version.id)"
    )
    catalogue()
    losses()
    erasing()


def downgrade() -> None:
    for table in ("brake", "erase_order", "loss", "catalogue_entry"):
        op.drop_table(table)
    op.drop_column("version", "notes")
    op.drop_column("version", "number")
    op.drop_column("text", "revision")
    op.drop_column("message", "deleted_at")


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


def catalogue() -> None:
    owned(
        "catalogue_entry",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('change', 'image')", name=op.f("ck_catalogue_entry_kind")),
        sa.UniqueConstraint("company_id", "number", name="uq_catalogue_entry_company_id_number"),
    )


def losses() -> None:
    owned(
        "loss",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("of_id", ID, nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("how", sa.String(8), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.Column("copies", sa.String(200), nullable=False),
        sa.Column("heard", sa.String(16), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("proved_at", sa.DateTime()),
        sa.Column("healed_at", sa.DateTime()),
        sa.Column("healed_from", sa.String(80), nullable=False),
        sa.CheckConstraint("how IN ('missing', 'corrupt')", name=op.f("ck_loss_how")),
    )
    still_open = sa.text("healed_at IS NULL")
    op.create_index(
        "uq_loss_open", "loss", ["company_id", "of_id"], unique=True,
        sqlite_where=still_open, postgresql_where=still_open,
    )  # fmt: skip
    op.create_index("ix_loss_company_id_found_at", "loss", ["company_id", "found_at"])


def erasing() -> None:
    owned(
        "erase_order",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("because", sa.String(20), nullable=False),
        sa.Column("ordered_by", sa.String(120), nullable=False),
        sa.Column("ordered_at", sa.DateTime(), nullable=False),
        sa.Column("obeyed", sa.Text(), nullable=False),
        sa.Column("obeyed_at", sa.DateTime()),
        sa.UniqueConstraint("company_id", "digest", name="uq_erase_order_company_id_digest"),
    )
    op.create_index("ix_erase_order_company_id_ordered_at", "erase_order", ["company_id", "ordered_at"])
    owned(
        "brake",
        sa.Column("stopped_at", sa.DateTime()),
        sa.Column("because", sa.String(200), nullable=False),
        sa.Column("released_until", sa.DateTime()),
        sa.Column("released_by", sa.String(120), nullable=False),
        sa.UniqueConstraint("company_id", name="uq_brake_company_id"),
    )
