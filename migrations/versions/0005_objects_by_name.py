"""Whose an object is, is asked by its name: for each one that is erased, lost, healed, or read from the spool."""

from alembic import op

revision = "0005"
down_revision = "0004"

_NAMES = (("version", "sha256"), ("version", "original_sha256"), ("voice_message", "sha256"), ("picture", "sha256"))


def upgrade() -> None:
    for table, name in _NAMES:
        op.create_index(f"ix_{table}_company_id_{name}", table, ["company_id", name])


def downgrade() -> None:
    for table, name in _NAMES:
        op.drop_index(f"ix_{table}_company_id_{name}", table)
