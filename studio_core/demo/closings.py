"""Closes the demo studio's earlier months, oldest first, each with its backup."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.demo.past import set_closings_back
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_core.extrato.queries import open_months
from studio_core.months import Month
from studio_core.settings.queries import studio_zone


def close_earlier_months(
    database: Database, today: date, backup_dir: Path, say: Callable[[str, int, int], None]
) -> None:
    """Every open month before last month, which stays open and ready to be closed."""
    last_month = Month.of(today).previous()
    with database.transaction() as session:
        months = sorted(found.month for found in open_months(session) if found.month < last_month)
    options = ClosingOptions(backup_dir, batch_size=10_000)
    for number, month in enumerate(months):
        say("closing", number, len(months))
        create_backup(database, month=month, directory=backup_dir)
        close_month(database, month=month, options=options)
    with database.transaction() as session:
        owner = session.scalar(text("SELECT id FROM users WHERE access = 'owner'"))
        set_closings_back(session, zone=studio_zone(session), owner=int(owner or 0))
    say("closing", len(months), len(months))
