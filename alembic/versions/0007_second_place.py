"""When a month's backup was copied to a second place.

Revision 0007, after 0006. What a backup of the whole database needs beside it is not in tables:
studio_core/db/sql/roles.sql and the grants.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("backups", sa.Column("copied_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("backups", "copied_at")
