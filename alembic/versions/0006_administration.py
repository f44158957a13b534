"""Reports of the studio's health, and what the Administration screen searches and lists by.

Revision 0006, after 0005. Building the indexes of the audit takes about a minute for a million
entries, during which nobody can save; the screen is the better for them, older programs are too.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WORDS = "studio.audit_words(before, after)"


def upgrade() -> None:
    op.create_table(
        "health_reports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "asked_by",
            sa.BigInteger(),
            server_default=sa.text("studio.current_user_id()"),
            nullable=True,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_by", sa.Text(), nullable=True),
        sa.Column("looked_on", sa.Text(), nullable=True),
        sa.Column("healthy", sa.Boolean(), nullable=True),
        sa.Column(
            "conditions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("message", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'looking', 'done', 'failed')",
            name=op.f("ck_health_reports_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_reports")),
    )
    op.create_index(
        "ix_health_reports_unfinished",
        "health_reports",
        ["id"],
        postgresql_where=sa.text("status IN ('waiting', 'looking')"),
    )
    op.create_index("ix_alerts_unseen_first", "alerts", [sa.text("(seen_at IS NULL)"), "id"])
    op.create_index("ix_audit_log_at_id", "audit_log", ["at", "id"])
    op.create_index("ix_audit_log_table", "audit_log", ["table_name", "at", "id"])
    op.create_index("ix_audit_log_user", "audit_log", ["user_id", "at", "id"])
    op.create_index("ix_audit_log_action", "audit_log", ["action", "at", "id"])
    op.create_index("ix_audit_log_correlation_id", "audit_log", ["correlation_id"])
    op.create_index("ix_audit_log_words", "audit_log", [sa.text(_WORDS)], postgresql_using="gin")
    op.create_index(
        "ix_audit_identities_words", "audit_identities", [sa.text(_WORDS)], postgresql_using="gin"
    )
    op.drop_index("ix_audit_log_at", table_name="audit_log")


def downgrade() -> None:
    """Their functions stay until revision 0001 goes too, and nothing calls them meanwhile."""
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    for index, table in (
        ("ix_audit_identities_words", "audit_identities"),
        ("ix_audit_log_words", "audit_log"),
        ("ix_audit_log_correlation_id", "audit_log"),
        ("ix_audit_log_action", "audit_log"),
        ("ix_audit_log_user", "audit_log"),
        ("ix_audit_log_table", "audit_log"),
        ("ix_audit_log_at_id", "audit_log"),
        ("ix_alerts_unseen_first", "alerts"),
    ):
        op.drop_index(index, table_name=table)
    op.drop_table("health_reports")
