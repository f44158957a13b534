"""The invented books that the proofs work on, and fingerprints to compare them by."""

from pathlib import Path
from typing import Any

from sqlalchemy import text

from server_jobs.invented_month import fill_month
from studio_core.db.engine import Database
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions
from studio_core.months import Month

BEFORE, MONTH, AFTER = Month(2025, 8), Month(2025, 9), Month(2025, 10)
PAYMENTS = 400
_NEIGHBOURS = 60

_TABLES = (
    *("public.payments", "public.commissions", "public.expenses", "public.sessions"),
    *("archive.payments", "archive.commissions", "archive.expenses", "archive.sessions"),
    *("archive.names", "public.extratos", "public.accounting_months", "public.clients"),
)
_DAY = {
    "payments": "p.paid_on",
    "commissions": "p.accrued_on",
    "expenses": "p.spent_on",
    "sessions": "(p.starts_at AT TIME ZONE studio.zone())::date",
}


class Books:
    """Three months in a row, so that a row taken from a neighbour would be seen."""

    def __init__(self, admin: Database, folder: Path) -> None:
        self.admin = admin
        self.folder = folder
        for month, payments in ((BEFORE, _NEIGHBOURS), (MONTH, PAYMENTS), (AFTER, _NEIGHBOURS)):
            fill_month(admin, month, payments)

    def back_up(self) -> None:
        create_backup(self.admin, month=MONTH, directory=self.folder)

    def options(self, **changes: Any) -> ClosingOptions:
        return ClosingOptions(backup_dir=self.folder, **changes)

    def fingerprint(self) -> dict[str, str]:
        """Table → SHA-256 over every value of every row that a closing could touch."""
        return {
            table: self.value(_digest(f"SELECT p::text AS row FROM {table} p"))  # noqa: S608  Our own table names.
            for table in _TABLES
        }

    def live_rows(self, month: Month) -> dict[str, str]:
        """Table → SHA-256 over a month's live rows, whole."""
        return self._rows(month, "public.{0}", "to_jsonb(p)")

    def finished_rows(self, month: Month) -> dict[str, str]:
        """The same of the rows that its closing must archive: unfinished sessions stay out."""
        found = self._rows(month, "public.{0}", "to_jsonb(p)")
        found["sessions"] = self._digest_of(
            "public.sessions",
            "to_jsonb(p)",
            _DAY["sessions"],
            month,
            " AND status IN ('to_pay', 'paid', 'cancelled', 'no_show')",
        )
        return found

    def archived_rows(self, month: Month) -> dict[str, str]:
        """The same over a month's archived rows, without what the archive adds to each."""
        return self._rows(month, "archive.{0}", "to_jsonb(p) - 'extrato_id' - 'row_hash'")

    def value(self, question: str, **params: object) -> Any:
        with self.admin.transaction() as session:
            return session.execute(text(question), params).scalar_one()

    def run(self, statement: str) -> None:
        with self.admin.transaction() as session:
            session.execute(text(statement))

    def _rows(self, month: Month, place: str, row: str) -> dict[str, str]:
        return {
            table: self._digest_of(place.format(table), row, day, month)
            for table, day in _DAY.items()
        }

    def _digest_of(self, place: str, row: str, day: str, month: Month, more: str = "") -> str:
        rows = (
            f"SELECT ({row})::text AS row FROM {place} p WHERE {day} >= :first AND {day} < :after"  # noqa: S608  Our own names.
        )
        found: str = self.value(
            _digest(rows + more), first=month.first_day, after=month.first_day_after
        )
        return found


def _digest(rows: str) -> str:
    every_row = "string_agg(row, E'\\n' ORDER BY row COLLATE \"C\")"
    hashed = f"encode(sha256(convert_to(coalesce({every_row}, ''), 'UTF8')), 'hex')"
    return f"SELECT count(*) || ':' || {hashed} FROM ({rows}) AS r"  # noqa: S608  Our own queries.
