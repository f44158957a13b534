"""Who may do what: one-time passwords, PINs, tokens, health answers, whose client is whose.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = (
    "client_artists",
    "client_health_answers",
    "signin_attempts",
    "signin_nonces",
    "api_tokens",
    "user_pins",
)


def upgrade() -> None:
    op.add_column(
        "user_logins",
        sa.Column("must_change", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_table(
        "user_pins",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_pins_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_pins")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("jti", sa.Uuid(), nullable=False),
        sa.Column("role_name", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_tokens_user_id")),
        sa.PrimaryKeyConstraint("jti", name=op.f("pk_api_tokens")),
    )
    op.create_index("ix_api_tokens_expires_at", "api_tokens", ["expires_at"], unique=False)
    op.create_table(
        "signin_nonces",
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column(
            "issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_signin_nonces")),
    )
    op.create_index("ix_signin_nonces_expires_at", "signin_nonces", ["expires_at"], unique=False)
    op.create_table(
        "signin_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_hash", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signin_attempts")),
    )
    op.create_index(
        "ix_signin_attempts_account_hash", "signin_attempts", ["account_hash", "at"], unique=False
    )
    op.create_index(
        "ix_signin_attempts_address", "signin_attempts", ["address", "at"], unique=False
    )
    op.create_index("ix_signin_attempts_at", "signin_attempts", ["at"], unique=False)
    op.create_table(
        "client_health_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("'desk'"), nullable=False),
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
        sa.CheckConstraint("btrim(question) <> ''", name=op.f("ck_client_health_answers_question")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_client_health_answers_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_health_answers")),
    )
    op.create_index(
        op.f("ix_client_health_answers_client_id"),
        "client_health_answers",
        ["client_id"],
        unique=False,
    )
    op.create_table(
        "client_artists",
        sa.Column("artist_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("artist_id", "client_id", name=op.f("pk_client_artists")),
    )
    op.execute(
        "INSERT INTO client_artists (artist_id, client_id)"
        " SELECT artist_id, client_id FROM sessions WHERE client_id IS NOT NULL"
        " UNION SELECT artist_id, client_id FROM payments WHERE client_id IS NOT NULL"
        " UNION SELECT artist_id, client_id FROM archive.sessions WHERE client_id IS NOT NULL"
        " UNION SELECT artist_id, client_id FROM archive.payments WHERE client_id IS NOT NULL"
    )


def downgrade() -> None:
    """Triggers and policies that stand on these tables go with them, or with revision 0001."""
    for table in _TABLES:
        op.drop_table(table)
    op.drop_column("user_logins", "must_change")
