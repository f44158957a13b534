"""The tables of a studio: people, clients, agenda, ledger, stock, extratos and their archive.

Revision 0001, the first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "payments",
    "extrato_progress",
    "user_logins",
    "stock_movements",
    "sessions",
    "extrato_runs",
    "commissions",
    "client_flags",
    "audit_identities",
    "users",
    "stock_items",
    "settings",
    "requests",
    "legacy_rows",
    "extratos",
    "expenses",
    "clients",
    "backups",
    "audit_log",
    "accounting_months",
)


def upgrade() -> None:
    op.create_table(
        "accounting_months",
        sa.Column("month_start", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("closing", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "month_start = date_trunc('month', month_start)::date",
            name=op.f("ck_accounting_months_month_start"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'closing', 'closed')", name=op.f("ck_accounting_months_state")
        ),
        sa.PrimaryKeyConstraint("month_start", name=op.f("pk_accounting_months")),
    )
    op.create_table(
        "commissions",
        sa.Column("extrato_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("artist_id", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("accrued_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.BigInteger(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("row_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("extrato_id", "id", name=op.f("pk_commissions")),
        schema="archive",
    )
    op.create_index(
        "ix_commissions_payment_id", "commissions", ["payment_id"], unique=False, schema="archive"
    )
    op.create_index("uq_commissions_id", "commissions", ["id"], unique=True, schema="archive")
    op.create_table(
        "expenses",
        sa.Column("extrato_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("corrects_expense_id", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.BigInteger(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("row_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("extrato_id", "id", name=op.f("pk_expenses")),
        schema="archive",
    )
    op.create_index("uq_expenses_id", "expenses", ["id"], unique=True, schema="archive")
    op.create_table(
        "names",
        sa.Column("extrato_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('artist', 'client')", name=op.f("ck_names_kind")),
        sa.PrimaryKeyConstraint("extrato_id", "kind", "ref_id", name=op.f("pk_names")),
        schema="archive",
    )
    op.create_table(
        "payments",
        sa.Column("extrato_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("tip_amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=True),
        sa.Column("artist_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("commission_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("corrects_payment_id", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.BigInteger(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("row_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("extrato_id", "id", name=op.f("pk_payments")),
        schema="archive",
    )
    op.create_index(
        "ix_payments_client_id", "payments", ["client_id"], unique=False, schema="archive"
    )
    op.create_index(
        "ix_payments_session_id", "payments", ["session_id"], unique=False, schema="archive"
    )
    op.create_index("uq_payments_id", "payments", ["id"], unique=True, schema="archive")
    op.create_table(
        "sessions",
        sa.Column("extrato_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=True),
        sa.Column("artist_id", sa.BigInteger(), nullable=False),
        sa.Column("chair", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_known", sa.Boolean(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("agreed_price", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("overlap_allowed", sa.Boolean(), nullable=False),
        sa.Column("google_event_id", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("row_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("extrato_id", "id", name=op.f("pk_sessions")),
        schema="archive",
    )
    op.create_index(
        "ix_sessions_client_id", "sessions", ["client_id"], unique=False, schema="archive"
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("login_role", sa.Text(), nullable=False),
        sa.Column("acting_role", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"], unique=False)
    op.create_index("ix_audit_log_row", "audit_log", ["table_name", "row_key"], unique=False)
    op.create_table(
        "backups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("month_start", sa.Date(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("manifest", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by",
            sa.BigInteger(),
            server_default=sa.text("studio.current_user_id()"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
    )
    op.create_index(op.f("ix_backups_month_start"), "backups", ["month_start"], unique=False)
    op.create_table(
        "clients",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("social_name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("cpf", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("instagram", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("whatsapp_opt_in", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("jotform_submission_id", sa.Text(), nullable=True),
        sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "name_key",
            sa.Text(collation="C"),
            sa.Computed("studio.fold(name)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "search_key",
            sa.Text(),
            sa.Computed(
                "studio.fold(name || ' ' || coalesce(social_name, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(cpf, '') || ' ' || coalesce(instagram, '') || ' ' || coalesce(email, ''))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_clients_name")),
        sa.CheckConstraint("cpf ~ '^[0-9]{11}$'", name=op.f("ck_clients_cpf")),
        sa.CheckConstraint("phone ~ '^\\+[0-9]{8,15}$'", name=op.f("ck_clients_phone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
    )
    op.create_index("ix_clients_name_key", "clients", ["name_key", "id"], unique=False)
    op.create_index("ix_clients_phone", "clients", ["phone"], unique=False)
    op.create_index(
        "ix_clients_search_key",
        "clients",
        ["search_key"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_key": "gin_trgm_ops"},
    )
    op.create_index("uq_clients_cpf", "clients", ["cpf"], unique=True)
    op.create_index(
        "uq_clients_jotform_submission_id", "clients", ["jotform_submission_id"], unique=True
    )
    op.create_table(
        "expenses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), server_default=sa.text("'other'"), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("corrects_expense_id", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("imported", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.BigInteger(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "imported OR method IN ('cash', 'pix', 'debit', 'credit', 'transfer', 'other')",
            name=op.f("ck_expenses_method"),
        ),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason IS NULL)", name=op.f("ck_expenses_void")
        ),
        sa.CheckConstraint("imported OR amount > 0", name=op.f("ck_expenses_amount")),
        sa.CheckConstraint("amount <> 'NaN'", name=op.f("ck_expenses_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expenses")),
    )
    op.create_index("ix_expenses_spent_on", "expenses", ["spent_on", "id"], unique=False)
    op.create_table(
        "extratos",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("closing_order", sa.BigInteger(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("totals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("table_digests", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("previous_digest", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("'closing'"), nullable=False),
        sa.Column("backup_id", sa.BigInteger(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_why", sa.Text(), nullable=True),
        sa.CheckConstraint("source IN ('closing', 'legacy')", name=op.f("ck_extratos_source")),
        sa.CheckConstraint(
            "(superseded_at IS NULL) = (superseded_why IS NULL)",
            name=op.f("ck_extratos_superseded"),
        ),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_extratos_month")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extratos")),
    )
    op.create_index("uq_extratos_closing_order", "extratos", ["closing_order"], unique=True)
    op.create_index(
        "uq_extratos_current",
        "extratos",
        ["year", "month"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index("uq_extratos_version", "extratos", ["year", "month", "version"], unique=True)
    op.create_table(
        "legacy_rows",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("legacy_key", sa.Text(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column(
            "imported_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("table_name", "legacy_key", name=op.f("pk_legacy_rows")),
    )
    op.create_table(
        "requests",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "requested_by", sa.Text(), server_default=sa.text("session_user"), nullable=False
        ),
        sa.Column(
            "requested_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_requests")),
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "stock_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("supplier", sa.Text(), nullable=True),
        sa.Column("unit_price", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("balance", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_stock_items_name")),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_stock_items_balance")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_stock_items_unit_price")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_items")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("access", sa.Text(), nullable=True),
        sa.Column("is_artist", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "commission_percent",
            sa.Numeric(precision=5, scale=2),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("colour", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "access IN ('owner', 'manager', 'reception', 'artist')", name=op.f("ck_users_access")
        ),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_users_name")),
        sa.CheckConstraint(
            "commission_percent BETWEEN 0 AND 100", name=op.f("ck_users_commission_percent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_email", "users", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "audit_identities",
        sa.Column("audit_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_log.id"], name=op.f("fk_audit_identities_audit_id")
        ),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit_identities")),
    )
    op.create_index(
        op.f("ix_audit_identities_client_id"), "audit_identities", ["client_id"], unique=False
    )
    op.create_table(
        "client_flags",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), server_default=sa.text("'warning'"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('allergy', 'behaviour', 'other')", name=op.f("ck_client_flags_kind")
        ),
        sa.CheckConstraint(
            "severity IN ('info', 'warning', 'danger')", name=op.f("ck_client_flags_severity")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_client_flags_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_flags")),
    )
    op.create_index(op.f("ix_client_flags_client_id"), "client_flags", ["client_id"], unique=False)
    op.create_table(
        "commissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("artist_id", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("accrued_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("imported", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.BigInteger(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason IS NULL)", name=op.f("ck_commissions_void")
        ),
        sa.CheckConstraint(
            "imported OR percent BETWEEN 0 AND 100", name=op.f("ck_commissions_percent")
        ),
        sa.CheckConstraint(
            "amount <> 'NaN' AND percent <> 'NaN'", name=op.f("ck_commissions_number")
        ),
        sa.ForeignKeyConstraint(["artist_id"], ["users.id"], name=op.f("fk_commissions_artist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commissions")),
    )
    op.create_index("ix_commissions_accrued_on", "commissions", ["accrued_on", "id"], unique=False)
    op.create_index(
        "ix_commissions_artist_id", "commissions", ["artist_id", "accrued_on"], unique=False
    )
    op.create_index("ix_commissions_payment_id", "commissions", ["payment_id"], unique=False)
    op.create_table(
        "extrato_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("month_start", sa.Date(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("forced", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("batch_size", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), server_default=sa.text("'running'"), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("backup_id", sa.BigInteger(), nullable=True),
        sa.Column("extrato_id", sa.BigInteger(), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.Column("run_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("action IN ('close', 'reopen')", name=op.f("ck_extrato_runs_action")),
        sa.CheckConstraint(
            "status IN ('running', 'done', 'failed', 'refused', 'cancelled', 'died', 'rehearsed')",
            name=op.f("ck_extrato_runs_status"),
        ),
        sa.ForeignKeyConstraint(
            ["backup_id"], ["backups.id"], name=op.f("fk_extrato_runs_backup_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extrato_runs")),
    )
    op.create_index(
        "ix_extrato_runs_month_start", "extrato_runs", ["month_start", "id"], unique=False
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=True),
        sa.Column("artist_id", sa.BigInteger(), nullable=False),
        sa.Column("chair", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_known", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("agreed_price", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("status", sa.Text(), server_default=sa.text("'scheduled'"), nullable=False),
        sa.Column("overlap_allowed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("google_event_id", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("artist_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            where=sa.text("status NOT IN ('cancelled', 'no_show') AND NOT overlap_allowed"),
            using="gist",
            name="ex_sessions_artist",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("chair"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            where=sa.text("status NOT IN ('cancelled', 'no_show') AND NOT overlap_allowed"),
            using="gist",
            name="ex_sessions_chair",
        ),
        sa.CheckConstraint(
            "status IN ('requested', 'scheduled', 'confirmed', 'arrived', 'in_progress', 'to_pay', 'paid', 'cancelled', 'no_show')",
            name=op.f("ck_sessions_status"),
        ),
        sa.CheckConstraint(
            "agreed_price >= 0 AND agreed_price <> 'NaN'", name=op.f("ck_sessions_agreed_price")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_sessions_times")),
        sa.CheckConstraint(
            "ends_at <= starts_at + interval '24 hours'", name=op.f("ck_sessions_length")
        ),
        sa.ForeignKeyConstraint(["artist_id"], ["users.id"], name=op.f("fk_sessions_artist_id")),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_sessions_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(
        "ix_sessions_artist_id_starts_at", "sessions", ["artist_id", "starts_at"], unique=False
    )
    op.create_index("ix_sessions_client_id", "sessions", ["client_id", "starts_at"], unique=False)
    op.create_index("ix_sessions_starts_at", "sessions", ["starts_at"], unique=False)
    op.create_index("uq_sessions_google_event_id", "sessions", ["google_event_id"], unique=True)
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "moved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "moved_by",
            sa.BigInteger(),
            server_default=sa.text("studio.current_user_id()"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "reason IN ('opening', 'purchase', 'use', 'adjustment')",
            name=op.f("ck_stock_movements_reason"),
        ),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_stock_movements_quantity")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["stock_items.id"], name=op.f("fk_stock_movements_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
    )
    op.create_index(
        op.f("ix_stock_movements_item_id"), "stock_movements", ["item_id"], unique=False
    )
    op.create_table(
        "user_logins",
        sa.Column("role_name", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("kind IN ('password', 'google')", name=op.f("ck_user_logins_kind")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_logins_user_id")),
        sa.PrimaryKeyConstraint("role_name", name=op.f("pk_user_logins")),
    )
    op.create_index(op.f("ix_user_logins_user_id"), "user_logins", ["user_id"], unique=False)
    op.create_table(
        "extrato_progress",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("rows_done", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("rows_total", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "cancel_requested", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["extrato_runs.id"], name=op.f("fk_extrato_progress_run_id")
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_extrato_progress")),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column(
            "tip_amount",
            sa.Numeric(precision=12, scale=2),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("'sale'"), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=True),
        sa.Column("artist_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("commission_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("corrects_payment_id", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("imported", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.BigInteger(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "imported OR (kind = 'refund' AND amount < 0) OR (kind <> 'refund' AND amount > 0)",
            name=op.f("ck_payments_amount"),
        ),
        sa.CheckConstraint(
            "imported OR method IN ('cash', 'pix', 'debit', 'credit', 'transfer', 'other')",
            name=op.f("ck_payments_method"),
        ),
        sa.CheckConstraint("kind IN ('sale', 'deposit', 'refund')", name=op.f("ck_payments_kind")),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason IS NULL)", name=op.f("ck_payments_void")
        ),
        sa.CheckConstraint(
            "commission_percent BETWEEN 0 AND 100", name=op.f("ck_payments_commission_percent")
        ),
        sa.CheckConstraint("tip_amount >= 0", name=op.f("ck_payments_tip_amount")),
        sa.CheckConstraint(
            "amount <> 'NaN' AND tip_amount <> 'NaN'", name=op.f("ck_payments_number")
        ),
        sa.ForeignKeyConstraint(["artist_id"], ["users.id"], name=op.f("fk_payments_artist_id")),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_payments_client_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_payments_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.create_index("ix_payments_artist_id", "payments", ["artist_id", "paid_on"], unique=False)
    op.create_index("ix_payments_client_id", "payments", ["client_id"], unique=False)
    op.create_index("ix_payments_paid_on", "payments", ["paid_on", "id"], unique=False)
    op.create_index("ix_payments_session_id", "payments", ["session_id"], unique=False)
    # Every month the books can hold, so that no two desks ever wait to create one.
    op.execute(
        "INSERT INTO accounting_months (month_start)"
        " SELECT generate_series(DATE '2000-01-01', DATE '2100-12-01', INTERVAL '1 month')"
    )


def downgrade() -> None:
    """Leaves the database as it was found; roles and extensions belong to the cluster."""
    op.execute("DROP VIEW IF EXISTS public.all_payments")
    for table in _TABLES:
        op.execute(f"DROP TABLE {table} CASCADE")
    op.execute("DROP SCHEMA archive CASCADE")
    op.execute("DROP SCHEMA studio CASCADE")
