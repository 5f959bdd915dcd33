"""Pages: users' accounts, operators, sessions, links that work once, wrong attempts, and mail on its way."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.String(36)


def upgrade() -> None:
    account()
    operator()
    session()
    link()
    attempt()
    mail()


def downgrade() -> None:
    for table in ("mail", "attempt", "link", "session", "operator", "account"):
        op.drop_table(table)


def account() -> None:
    op.create_table(
        "account",
        sa.Column("id", ID, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("hash", sa.String(200), nullable=False),
        sa.Column("set_at", sa.DateTime()),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("company_id", "id", name="uq_account_company_id_id"),
        sa.UniqueConstraint("company_id", "user_id", name="uq_account_company_id_user_id"),
        sa.UniqueConstraint("email", name="uq_account_email"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_account_company_id"),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"], ["user.company_id", "user.id"], name="fk_account_company_id_user_id"
        ),
    )


def operator() -> None:
    op.create_table(
        "operator",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("hash", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operator"),
        sa.UniqueConstraint("email", name="uq_operator_email"),
    )


def session() -> None:
    op.create_table(
        "session",
        sa.Column("id", ID, nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("company_id", ID),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("secret", name="uq_session_secret"),
        sa.CheckConstraint("kind IN ('user', 'operator')", name=op.f("ck_session_kind")),
    )
    op.create_index("ix_session_person_id", "session", ["person_id"])


def link() -> None:
    op.create_table(
        "link",
        sa.Column("id", ID, nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("person_id", ID),
        sa.Column("company_id", ID),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.UniqueConstraint("secret", name="uq_link_secret"),
        sa.CheckConstraint("kind IN ('first', 'user', 'operator')", name=op.f("ck_link_kind")),
    )
    op.create_index("ix_link_person_id", "link", ["person_id"])


def attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.UniqueConstraint("key", name="uq_attempt_key"),
    )


def mail() -> None:
    op.create_table(
        "mail",
        sa.Column("id", ID, nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime()),
        sa.Column("fault", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail"),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("ck_mail_state")),
    )
    op.create_index("ix_mail_state_next_at", "mail", ["state", "next_at"])
