"""The memory of what has been imported."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from studio_core.db.base import Base


class LegacyRow(Base):
    """Which row here came from which row of the system that this one replaces."""

    __tablename__ = "legacy_rows"

    table_name: Mapped[str] = mapped_column(primary_key=True)
    legacy_key: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[int]
    digest: Mapped[str]
    """SHA-256 of the legacy row as it was read, to tell what changed there since."""
    imported_at: Mapped[datetime] = mapped_column(server_default=func.now())
