"""When a month's backup was copied to a second place.

Revision 0003, after 0007. What a backup of the whole database needs beside it is not in tables:
studio_core/db/sql/roles.sql and the grants.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("backups", sa.Column("copied_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("backups", "copied_at")
