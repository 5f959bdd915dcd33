"""The first tables: companies, people, routes, messages, mailboxes, takes, jobs and the log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

LIVE = sa.text("state IN ('queued', 'claimed', 'dialling', 'ringing', 'answered', 'recording', 'judging')")

TABLES = (
    "company",
    "take",
    "text",
    "version",
    "audit",
    "call_job",
    "message",
    "user",
    "job_item",
    "mailbox",
    "phone",
    "pin",
    "place",
    "user_number",
    "menu",
    "pin_failure",
    "voice_message",
    "menu_choice",
    "number",
)


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("outgoing", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("outgoing IN ('all', 'checked', 'none')", name="ck_company_outgoing"),
        sa.PrimaryKeyConstraint("id", name="pk_company"),
        sa.UniqueConstraint("name", name="uq_company_name"),
        sa.UniqueConstraint("slug", name="uq_company_slug"),
    )
    op.create_table(
        "take",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text_id", sa.String(length=36), nullable=True),
        sa.Column("mailbox_id", sa.String(length=36), nullable=True),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("channel", sa.String(length=150), nullable=False),
        sa.Column("caller_kind", sa.String(length=10), nullable=False),
        sa.Column("caller_number", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("spooled", sa.Boolean(), nullable=False),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("says", sa.String(length=60), nullable=True),
        sa.Column("result_id", sa.String(length=36), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            "(kind = 'greeting' AND text_id IS NOT NULL AND mailbox_id IS NOT NULL) OR (kind = 'prompt' AND text_id IS NOT NULL AND job_id IS NOT NULL) OR (kind = 'voice' AND mailbox_id IS NOT NULL)",
            name="ck_take_kind",
        ),
        sa.CheckConstraint("state IN ('open', 'waiting', 'kept', 'rejected', 'replaced')", name="ck_take_state"),
        sa.ForeignKeyConstraint(
            ["company_id", "job_id"], ["call_job.company_id", "call_job.id"], name="fk_take_company_id_job_id"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "mailbox_id"], ["mailbox.company_id", "mailbox.id"], name="fk_take_company_id_mailbox_id"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "text_id"], ["text.company_id", "text.id"], name="fk_take_company_id_text_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_take_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_take"),
        sa.UniqueConstraint("company_id", "id", name="uq_take_company_id_id"),
        sa.UniqueConstraint("file", name="uq_take_file"),
    )
    op.create_index("ix_take_state_spooled", "take", ["state", "spooled"])

    op.create_table(
        "text",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=True),
        sa.Column("retired_id", sa.String(length=36), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "message_id"], ["message.company_id", "message.id"], name="fk_text_company_id_message_id"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "retired_id"], ["version.company_id", "version.id"], name="fk_text_company_id_retired_id"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "version_id"], ["version.company_id", "version.id"], name="fk_text_company_id_version_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_text_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_text"),
        sa.UniqueConstraint("company_id", "id", name="uq_text_company_id_id"),
        sa.UniqueConstraint("company_id", "message_id", "lang", name="uq_text_company_id_message_id_lang"),
    )
    op.create_table(
        "version",
        sa.Column("text_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("level_db", sa.Double(), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("from_number", sa.String(length=16), nullable=False),
        sa.Column("take_id", sa.String(length=36), nullable=True),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint("source IN ('call', 'upload', 'speech', 'import')", name="ck_version_source"),
        sa.CheckConstraint("first >= 0 AND last > first", name="ck_version_cut"),
        sa.ForeignKeyConstraint(
            ["company_id", "take_id"], ["take.company_id", "take.id"], name="fk_version_company_id_take_id"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "text_id"], ["text.company_id", "text.id"], name="fk_version_company_id_text_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_version_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_version"),
        sa.UniqueConstraint("company_id", "id", name="uq_version_company_id_id"),
        sa.UniqueConstraint("company_id", "take_id", name="uq_version_company_id_take_id"),
    )
    op.create_index("ix_version_company_id_text_id", "version", ["company_id", "text_id"])

    op.create_table(
        "audit",
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_audit_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.UniqueConstraint("company_id", "id", name="uq_audit_company_id_id"),
    )
    op.create_index("ix_audit_company_id_at", "audit", ["company_id", "at"])

    op.create_table(
        "call_job",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("e164", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("because", sa.String(length=120), nullable=False),
        sa.Column("history", sa.Text(), nullable=False),
        sa.Column("node", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint("kind IN ('record', 'round', 'test', 'callback')", name="ck_call_job_kind"),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'dialling', 'ringing', 'answered', 'recording', 'judging', 'saved', 'busy', 'declined', 'no_answer', 'unreachable', 'unconfirmed', 'nothing_recorded', 'rejected', 'unsure', 'expired', 'failed', 'cancelled')",
            name="ck_call_job_state",
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_call_job_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_call_job"),
        sa.UniqueConstraint("company_id", "id", name="uq_call_job_company_id_id"),
        sa.UniqueConstraint("company_id", "key", name="uq_call_job_company_id_key"),
    )
    op.create_index("ix_call_job_company_id_created_at", "call_job", ["company_id", "created_at"])
    op.create_index("ix_call_job_state_created_at", "call_job", ["state", "created_at"])
    op.create_index(
        "uq_call_job_live_number",
        "call_job",
        ["company_id", "e164"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )

    op.create_table(
        "message",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_message_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("company_id", "id", name="uq_message_company_id_id"),
        sa.UniqueConstraint("company_id", "name", name="uq_message_company_id_name"),
        sa.UniqueConstraint("company_id", "number", name="uq_message_company_id_number"),
    )
    op.create_table(
        "user",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("extension", sa.String(length=6), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint("role IN ('user', 'admin')", name="ck_user_role"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_user_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_user"),
        sa.UniqueConstraint("company_id", "extension", name="uq_user_company_id_extension"),
        sa.UniqueConstraint("company_id", "id", name="uq_user_company_id_id"),
    )
    op.create_table(
        "job_item",
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("take_id", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'dialling', 'ringing', 'answered', 'recording', 'judging', 'saved', 'busy', 'declined', 'no_answer', 'unreachable', 'unconfirmed', 'nothing_recorded', 'rejected', 'unsure', 'expired', 'failed', 'cancelled')",
            name="ck_job_item_state",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "job_id"], ["call_job.company_id", "call_job.id"], name="fk_job_item_company_id_job_id"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "message_id"], ["message.company_id", "message.id"], name="fk_job_item_company_id_message_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_job_item_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_job_item"),
        sa.UniqueConstraint("company_id", "id", name="uq_job_item_company_id_id"),
    )
    op.create_index("ix_job_item_company_id_job_id", "job_item", ["company_id", "job_id"])
    op.create_index(
        "uq_job_item_live_message",
        "job_item",
        ["company_id", "message_id", "lang"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )

    op.create_table(
        "mailbox",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("greeting_id", sa.String(length=36), nullable=False),
        sa.Column("max_messages", sa.Integer(), nullable=False),
        sa.Column("max_s", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "greeting_id"],
            ["message.company_id", "message.id"],
            name="fk_mailbox_company_id_greeting_id",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"], ["user.company_id", "user.id"], name="fk_mailbox_company_id_user_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_mailbox_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mailbox"),
        sa.UniqueConstraint("company_id", "id", name="uq_mailbox_company_id_id"),
        sa.UniqueConstraint("company_id", "user_id", name="uq_mailbox_company_id_user_id"),
    )
    op.create_table(
        "phone",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("sip_user", sa.String(length=32), nullable=False),
        sa.Column("ha1", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"], ["user.company_id", "user.id"], name="fk_phone_company_id_user_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_phone_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_phone"),
        sa.UniqueConstraint("company_id", "id", name="uq_phone_company_id_id"),
        sa.UniqueConstraint("sip_user", name="uq_phone_sip_user"),
    )
    op.create_index("ix_phone_company_id_user_id", "phone", ["company_id", "user_id"])

    op.create_table(
        "pin",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"], ["user.company_id", "user.id"], name="fk_pin_company_id_user_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_pin_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pin"),
        sa.UniqueConstraint("company_id", "id", name="uq_pin_company_id_id"),
        sa.UniqueConstraint("company_id", "user_id", name="uq_pin_company_id_user_id"),
    )
    op.create_table(
        "place",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("slot", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint("kind IN ('menu', 'mailbox', 'announcement')", name="ck_place_kind"),
        sa.ForeignKeyConstraint(
            ["company_id", "message_id"], ["message.company_id", "message.id"], name="fk_place_company_id_message_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_place_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_place"),
        sa.UniqueConstraint("company_id", "id", name="uq_place_company_id_id"),
        sa.UniqueConstraint("company_id", "kind", "slot", name="uq_place_company_id_kind_slot"),
    )
    op.create_index("ix_place_company_id_message_id", "place", ["company_id", "message_id"])

    op.create_table(
        "user_number",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("e164", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"], ["user.company_id", "user.id"], name="fk_user_number_company_id_user_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_user_number_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_user_number"),
        sa.UniqueConstraint("company_id", "e164", name="uq_user_number_company_id_e164"),
        sa.UniqueConstraint("company_id", "id", name="uq_user_number_company_id_id"),
    )
    op.create_index("ix_user_number_company_id_user_id", "user_number", ["company_id", "user_id"])

    op.create_table(
        "menu",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("timeout_s", sa.Double(), nullable=False),
        sa.Column("aim", sa.String(length=10), nullable=False),
        sa.Column("aim_menu_id", sa.String(length=36), nullable=True),
        sa.Column("aim_extension", sa.String(length=6), nullable=True),
        sa.Column("aim_mailbox_id", sa.String(length=36), nullable=True),
        sa.Column("aim_message_id", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            "aim = 'hangup' OR (aim = 'menu' AND aim_menu_id IS NOT NULL) OR (aim = 'extension' AND aim_extension IS NOT NULL) OR (aim = 'mailbox' AND aim_mailbox_id IS NOT NULL) OR (aim = 'message' AND aim_message_id IS NOT NULL)",
            name="ck_menu_aim",
        ),
        sa.CheckConstraint("timeout_s > 0 AND timeout_s <= 60", name="ck_menu_timeout"),
        sa.CheckConstraint("tries BETWEEN 1 AND 10", name="ck_menu_tries"),
        sa.ForeignKeyConstraint(
            ["company_id", "aim_mailbox_id"],
            ["mailbox.company_id", "mailbox.id"],
            name="fk_menu_company_id_aim_mailbox_id",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "aim_menu_id"], ["menu.company_id", "menu.id"], name="fk_menu_company_id_aim_menu_id"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "aim_message_id"],
            ["message.company_id", "message.id"],
            name="fk_menu_company_id_aim_message_id",
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_menu_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_menu"),
        sa.UniqueConstraint("company_id", "id", name="uq_menu_company_id_id"),
        sa.UniqueConstraint("company_id", "name", name="uq_menu_company_id_name"),
    )
    op.create_table(
        "pin_failure",
        sa.Column("mailbox_id", sa.String(length=36), nullable=False),
        sa.Column("caller", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "mailbox_id"],
            ["mailbox.company_id", "mailbox.id"],
            name="fk_pin_failure_company_id_mailbox_id",
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_pin_failure_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pin_failure"),
        sa.UniqueConstraint("company_id", "id", name="uq_pin_failure_company_id_id"),
        sa.UniqueConstraint("company_id", "mailbox_id", "caller", name="uq_pin_failure_company_id_mailbox_id_caller"),
    )
    op.create_table(
        "voice_message",
        sa.Column("mailbox_id", sa.String(length=36), nullable=False),
        sa.Column("caller_kind", sa.String(length=10), nullable=False),
        sa.Column("caller_number", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("level_db", sa.Double(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("take_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint("state IN ('new', 'kept', 'deleted')", name="ck_voice_message_state"),
        sa.CheckConstraint("first >= 0 AND last > first", name="ck_voice_message_cut"),
        sa.ForeignKeyConstraint(
            ["company_id", "mailbox_id"],
            ["mailbox.company_id", "mailbox.id"],
            name="fk_voice_message_company_id_mailbox_id",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "take_id"], ["take.company_id", "take.id"], name="fk_voice_message_company_id_take_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_voice_message_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_voice_message"),
        sa.UniqueConstraint("company_id", "id", name="uq_voice_message_company_id_id"),
        sa.UniqueConstraint("company_id", "take_id", name="uq_voice_message_company_id_take_id"),
    )
    op.create_index(
        "ix_voice_message_company_id_mailbox_id_state", "voice_message", ["company_id", "mailbox_id", "state"]
    )

    op.create_table(
        "menu_choice",
        sa.Column("menu_id", sa.String(length=36), nullable=False),
        sa.Column("digit", sa.String(length=1), nullable=False),
        sa.Column("aim", sa.String(length=10), nullable=False),
        sa.Column("aim_menu_id", sa.String(length=36), nullable=True),
        sa.Column("aim_extension", sa.String(length=6), nullable=True),
        sa.Column("aim_mailbox_id", sa.String(length=36), nullable=True),
        sa.Column("aim_message_id", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            "aim = 'hangup' OR (aim = 'menu' AND aim_menu_id IS NOT NULL) OR (aim = 'extension' AND aim_extension IS NOT NULL) OR (aim = 'mailbox' AND aim_mailbox_id IS NOT NULL) OR (aim = 'message' AND aim_message_id IS NOT NULL)",
            name="ck_menu_choice_aim",
        ),
        sa.CheckConstraint("digit IN ('0','1','2','3','4','5','6','7','8','9','*','#')", name="ck_menu_choice_digit"),
        sa.ForeignKeyConstraint(
            ["company_id", "aim_mailbox_id"],
            ["mailbox.company_id", "mailbox.id"],
            name="fk_menu_choice_company_id_aim_mailbox_id",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "aim_menu_id"], ["menu.company_id", "menu.id"], name="fk_menu_choice_company_id_aim_menu_id"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "aim_message_id"],
            ["message.company_id", "message.id"],
            name="fk_menu_choice_company_id_aim_message_id",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "menu_id"], ["menu.company_id", "menu.id"], name="fk_menu_choice_company_id_menu_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_menu_choice_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_menu_choice"),
        sa.UniqueConstraint("company_id", "id", name="uq_menu_choice_company_id_id"),
        sa.UniqueConstraint("company_id", "menu_id", "digit", name="uq_menu_choice_company_id_menu_id_digit"),
    )
    op.create_index("ix_menu_choice_company_id_menu_id", "menu_choice", ["company_id", "menu_id"])

    op.create_table(
        "number",
        sa.Column("e164", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("menu_id", sa.String(length=36), nullable=True),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("mailbox_id", sa.String(length=36), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            "(kind = 'menu' AND menu_id IS NOT NULL) OR (kind = 'user' AND user_id IS NOT NULL) OR (kind = 'mailbox' AND mailbox_id IS NOT NULL) OR kind = 'voicemail'",
            name="ck_number_kind",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "mailbox_id"], ["mailbox.company_id", "mailbox.id"], name="fk_number_company_id_mailbox_id"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "menu_id"], ["menu.company_id", "menu.id"], name="fk_number_company_id_menu_id"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"], ["user.company_id", "user.id"], name="fk_number_company_id_user_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_number_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_number"),
        sa.UniqueConstraint("company_id", "id", name="uq_number_company_id_id"),
        sa.UniqueConstraint("e164", name="uq_number_e164"),
    )
    for what in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{what.lower()} BEFORE {what} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
