"""What a request of a desk needs: its refusal by code, its cancelling, and who started a run.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("extrato_requests", "extrato_runs"):
        op.add_column(table, sa.Column("code", sa.Text(), nullable=True))
        op.add_column(
            table, sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
        )
    op.add_column(
        "extrato_requests",
        sa.Column(
            "cancel_requested", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
    )
    op.add_column("extrato_runs", sa.Column("started_by", sa.BigInteger(), nullable=True))
    # Apart from the column, so that earlier runs are not said to be the migrating login's.
    op.alter_column(
        "extrato_runs", "started_by", server_default=sa.text("studio.current_user_id()")
    )


def downgrade() -> None:
    op.drop_column("extrato_runs", "started_by")
    op.drop_column("extrato_requests", "cancel_requested")
    for table in ("extrato_runs", "extrato_requests"):
        op.drop_column(table, "params")
        op.drop_column(table, "code")
