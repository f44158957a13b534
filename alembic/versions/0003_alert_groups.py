"""Alerts that happen again and again are one row, and are told to Slack once.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("group_key", sa.Text(), nullable=True))
    op.add_column("alerts", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("uq_alerts_group_key", "alerts", ["group_key"], unique=True)
    op.create_index(
        "ix_alerts_unsent", "alerts", ["id"], postgresql_where=sa.text("sent_at IS NULL")
    )


def downgrade() -> None:
    """Their functions stay until revision 0001 goes too, and nothing calls them meanwhile."""
    op.drop_index("ix_alerts_unsent", table_name="alerts")
    op.drop_index("uq_alerts_group_key", table_name="alerts")
    op.drop_column("alerts", "sent_at")
    op.drop_column("alerts", "group_key")
