"""The first tables: companies, people, routes, messages, mailboxes, takes, jobs and the log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.String(36)
TABLES = (
    "company audit user user_number phone pin pin_failure number menu menu_choice mailbox "
    "voice_message message text version place take call_job job_item"
)
LIVE = "state IN ('queued', 'claimed', 'dialling', 'ringing', 'answered', 'recording', 'judging')"
ANY_STATE = (
    "state IN ('queued', 'claimed', 'dialling', 'ringing', 'answered', 'recording', 'judging', 'saved', "
    "'busy', 'declined', 'no_answer', 'unreachable', 'unconfirmed', 'nothing_recorded', 'rejected', "
    "'unsure', 'expired', 'failed', 'cancelled')"
)
AIM = (
    "aim = 'hangup' OR (aim = 'menu' AND aim_menu_id IS NOT NULL) OR "
    "(aim = 'extension' AND aim_extension IS NOT NULL) OR "
    "(aim = 'mailbox' AND aim_mailbox_id IS NOT NULL) OR (aim = 'message' AND aim_message_id IS NOT NULL)"
)


def owned(name: str, *parts: sa.schema.SchemaItem) -> None:
    """A table whose rows belong to a company; other tables point at (company, row), never at a row alone."""
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("company_id", "id", name=f"uq_{name}_company_id_id"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=f"fk_{name}_company_id"),
    )


def points_at(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", column],
        [f"{target}.company_id", f"{target}.id"],
        name=f"fk_{table}_company_id_{column}",
    )


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    companies()
    people()
    routes()
    mailboxes()
    messages()
    takes_and_jobs()
    for what, when in (
        ("UPDATE", ""),
        ("DELETE", ""),
        ("INSERT", "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)"),  # INSERT OR REPLACE removes without a DELETE
    ):
        op.execute(
            f"CREATE TRIGGER audit_no_{what.lower()} BEFORE {what} ON audit {when}"
            " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )


def downgrade() -> None:
    for table in reversed(TABLES.split()):
        op.drop_table(table)


def companies() -> None:
    op.create_table(
        "company",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("outgoing", sa.String(8), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        check("company", "outgoing", "outgoing IN ('all', 'checked', 'none')"),
        sa.PrimaryKeyConstraint("id", name="pk_company"),
        unique("company", "name"),
        unique("company", "slug"),
    )
    owned(
        "audit",
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
    )
    op.create_index("ix_audit_company_id_at", "audit", ["company_id", "at"])


def people() -> None:
    owned(
        "user",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("extension", sa.String(6), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        check("user", "role", "role IN ('user', 'admin')"),
        unique("user", "company_id", "extension"),
    )
    owned(
        "user_number",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("e164", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        points_at("user_number", "user_id", "user"),
        unique("user_number", "company_id", "e164"),
    )
    op.create_index("ix_user_number_company_id_user_id", "user_number", ["company_id", "user_id"])
    owned(
        "phone",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("sip_user", sa.String(32), nullable=False),
        sa.Column("ha1", sa.String(32), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        points_at("phone", "user_id", "user"),
        unique("phone", "sip_user"),
    )
    op.create_index("ix_phone_company_id_user_id", "phone", ["company_id", "user_id"])
    owned(
        "pin",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("hash", sa.String(200), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        points_at("pin", "user_id", "user"),
        unique("pin", "company_id", "user_id"),
    )
    owned(
        "pin_failure",
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("caller", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        points_at("pin_failure", "mailbox_id", "mailbox"),
        unique("pin_failure", "company_id", "mailbox_id", "caller"),
    )


def routes() -> None:
    owned(
        "number",
        sa.Column("e164", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("menu_id", ID),
        sa.Column("user_id", ID),
        sa.Column("mailbox_id", ID),
        sa.Column("language", sa.String(2)),
        check(
            "number",
            "kind",
            "(kind = 'menu' AND menu_id IS NOT NULL) OR (kind = 'user' AND user_id IS NOT NULL) OR "
            "(kind = 'mailbox' AND mailbox_id IS NOT NULL) OR kind = 'voicemail'",
        ),
        points_at("number", "mailbox_id", "mailbox"),
        points_at("number", "menu_id", "menu"),
        points_at("number", "user_id", "user"),
        unique("number", "e164"),
    )
    owned(
        "menu",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("timeout_s", sa.Double(), nullable=False),
        sa.Column("aim", sa.String(10), nullable=False),
        sa.Column("aim_menu_id", ID),
        sa.Column("aim_extension", sa.String(6)),
        sa.Column("aim_mailbox_id", ID),
        sa.Column("aim_message_id", ID),
        check("menu", "aim", AIM),
        check("menu", "timeout", "timeout_s > 0 AND timeout_s <= 60"),
        check("menu", "tries", "tries BETWEEN 1 AND 10"),
        points_at("menu", "aim_mailbox_id", "mailbox"),
        points_at("menu", "aim_menu_id", "menu"),
        points_at("menu", "aim_message_id", "message"),
        unique("menu", "company_id", "name"),
    )
    owned(
        "menu_choice",
        sa.Column("menu_id", ID, nullable=False),
        sa.Column("digit", sa.String(1), nullable=False),
        sa.Column("aim", sa.String(10), nullable=False),
        sa.Column("aim_menu_id", ID),
        sa.Column("aim_extension", sa.String(6)),
        sa.Column("aim_mailbox_id", ID),
        sa.Column("aim_message_id", ID),
        check("menu_choice", "aim", AIM),
        check("menu_choice", "digit", "digit IN ('0','1','2','3','4','5','6','7','8','9','*','#')"),
        points_at("menu_choice", "aim_mailbox_id", "mailbox"),
        points_at("menu_choice", "aim_menu_id", "menu"),
        points_at("menu_choice", "aim_message_id", "message"),
        points_at("menu_choice", "menu_id", "menu"),
        unique("menu_choice", "company_id", "menu_id", "digit"),
    )
    op.create_index("ix_menu_choice_company_id_menu_id", "menu_choice", ["company_id", "menu_id"])


def mailboxes() -> None:
    owned(
        "mailbox",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("greeting_id", ID, nullable=False),
        sa.Column("max_messages", sa.Integer(), nullable=False),
        sa.Column("max_s", sa.Integer(), nullable=False),
        points_at("mailbox", "greeting_id", "message"),
        points_at("mailbox", "user_id", "user"),
        unique("mailbox", "company_id", "user_id"),
    )
    owned(
        "voice_message",
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("caller_kind", sa.String(10), nullable=False),
        sa.Column("caller_number", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("deleted_at", sa.DateTime()),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("level_db", sa.Double(), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("take_id", ID, nullable=False),
        check("voice_message", "cut", "first >= 0 AND last > first"),
        check("voice_message", "state", "state IN ('new', 'kept', 'deleted')"),
        points_at("voice_message", "mailbox_id", "mailbox"),
        points_at("voice_message", "take_id", "take"),
        unique("voice_message", "company_id", "take_id"),
    )
    op.create_index(
        "ix_voice_message_company_id_mailbox_id_state", "voice_message", ["company_id", "mailbox_id", "state"]
    )


def messages() -> None:
    owned(
        "message",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        unique("message", "company_id", "name"),
        unique("message", "company_id", "number"),
    )
    op.create_index("ix_message_changed_at", "message", ["changed_at"])
    op.create_index("ix_message_company_id_changed_at", "message", ["company_id", "changed_at"])
    owned(
        "text",
        sa.Column("message_id", ID, nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("version_id", ID),
        sa.Column("retired_id", ID),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        points_at("text", "message_id", "message"),
        points_at("text", "retired_id", "version"),
        points_at("text", "version_id", "version"),
        unique("text", "company_id", "message_id", "lang"),
    )
    owned(
        "version",
        sa.Column("text_id", ID, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("level_db", sa.Double(), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("from_number", sa.String(16), nullable=False),
        sa.Column("take_id", ID),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime()),
        sa.Column("retired_at", sa.DateTime()),
        check("version", "cut", "first >= 0 AND last > first"),
        check("version", "source", "source IN ('call', 'upload', 'speech', 'import')"),
        points_at("version", "take_id", "take"),
        points_at("version", "text_id", "text"),
        unique("version", "company_id", "take_id"),
    )
    op.create_index("ix_version_company_id_text_id", "version", ["company_id", "text_id"])
    owned(
        "place",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("slot", sa.String(80), nullable=False),
        sa.Column("message_id", ID),
        check("place", "kind", "kind IN ('menu', 'mailbox', 'announcement')"),
        points_at("place", "message_id", "message"),
        unique("place", "company_id", "kind", "slot"),
    )
    op.create_index("ix_place_company_id_message_id", "place", ["company_id", "message_id"])


def takes_and_jobs() -> None:
    owned(
        "take",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("text_id", ID),
        sa.Column("mailbox_id", ID),
        sa.Column("job_id", ID),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("channel", sa.String(150), nullable=False),
        sa.Column("caller_kind", sa.String(10), nullable=False),
        sa.Column("caller_number", sa.String(16), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("spooled", sa.Boolean(), nullable=False),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("says", sa.String(60)),
        sa.Column("result_id", ID),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        check(
            "take",
            "kind",
            "(kind = 'greeting' AND text_id IS NOT NULL AND mailbox_id IS NOT NULL) OR "
            "(kind = 'prompt' AND text_id IS NOT NULL AND job_id IS NOT NULL) OR "
            "(kind = 'voice' AND mailbox_id IS NOT NULL)",
        ),
        check("take", "state", "state IN ('open', 'waiting', 'kept', 'rejected', 'replaced')"),
        points_at("take", "job_id", "call_job"),
        points_at("take", "mailbox_id", "mailbox"),
        points_at("take", "text_id", "text"),
        unique("take", "file"),
    )
    op.create_index("ix_take_spooled", "take", ["spooled"])
    owned(
        "call_job",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("e164", sa.String(16), nullable=False),
        sa.Column("asked_by", sa.String(120), nullable=False),
        sa.Column("key", sa.String(80)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("because", sa.String(120), nullable=False),
        sa.Column("history", sa.Text(), nullable=False),
        sa.Column("node", sa.String(80)),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        check("call_job", "kind", "kind IN ('record', 'round', 'test', 'callback')"),
        check("call_job", "state", ANY_STATE),
        unique("call_job", "company_id", "key"),
    )
    op.create_index("ix_call_job_company_id_created_at", "call_job", ["company_id", "created_at"])
    op.create_index("ix_call_job_state_created_at", "call_job", ["state", "created_at"])
    op.create_index(
        "uq_call_job_live_number",
        "call_job",
        ["company_id", "e164"],
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )
    owned(
        "job_item",
        sa.Column("job_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("take_id", ID),
        check("job_item", "state", ANY_STATE),
        points_at("job_item", "job_id", "call_job"),
        points_at("job_item", "message_id", "message"),
    )
    op.create_index("ix_job_item_company_id_job_id", "job_item", ["company_id", "job_id"])
    op.create_index(
        "uq_job_item_live_message",
        "job_item",
        ["company_id", "message_id", "lang"],
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )
