"""What must hold of a month after any fault: it is as it was, or it was closed exactly once."""

from typing import Any

from sqlalchemy import text

from studio_core.extrato.verify import verify_chain
from tests.books import MONTH
from tests.core.extrato.conftest import Closer

_DAY = {
    "payments": "paid_on",
    "commissions": "accrued_on",
    "expenses": "spent_on",
    "sessions": "(starts_at AT TIME ZONE studio.zone())::date",
}
_STATE = "SELECT state FROM accounting_months WHERE month_start = :first"

Rows = dict[str, list[tuple[Any, ...]]]


class TheMonth:
    """A filled month, remembered row for row. Every session in it is over."""

    def __init__(self, closer: Closer, payments: int = 40, *, backed_up: bool = True) -> None:
        self._closer = closer
        self._books = closer.books
        closer.books.fill(payments)  # type: ignore[attr-defined] # These tests' readers are books.
        if backed_up:
            closer.back_up()
        self._before = self._live()

    def is_as_it_was(self) -> None:
        assert self._live() == self._before
        assert self._archived() == {table: [] for table in _DAY}
        assert self._books.rows("SELECT * FROM extratos") == []
        assert self._books.value(_STATE, first=MONTH.first_day) == "open"

    def is_closed_once(self) -> None:
        assert self._archived() == self._before
        assert self._live() == {
            table: rows if table == "sessions" else [] for table, rows in self._before.items()
        }
        assert self._books.rows("SELECT month, version FROM extratos") == [(MONTH.month, 1)]
        assert self._books.value(_STATE, first=MONTH.first_day) == "closed"
        with self._books.database.transaction() as session:
            assert verify_chain(session) == ()

    def closes_now(self) -> None:
        """The next run succeeds, and all of the month is in it."""
        self._closer.close(batch_size=10_000)
        self.is_closed_once()

    def runs(self) -> list[tuple[str, str | None]]:
        """How each run on record ended, and what it says of it."""
        return [
            (status, message)
            for status, message in self._books.rows(
                "SELECT status, message FROM extrato_runs ORDER BY id"
            )
        ]

    def statuses(self) -> list[str]:
        return [status for status, _ in self.runs()]

    def _live(self) -> Rows:
        return {
            table: self._rows(
                f"SELECT to_jsonb(p) FROM public.{table} p"
                f" WHERE {day} >= :first AND {day} < :after ORDER BY id",
                first=MONTH.first_day,
                after=MONTH.first_day_after,
            )
            for table, day in _DAY.items()
        }

    def _archived(self) -> Rows:
        return {
            table: self._rows(
                f"SELECT to_jsonb(p) - 'extrato_id' - 'row_hash' FROM archive.{table} p ORDER BY id"
            )
            for table in _DAY
        }

    def _rows(self, question: str, **params: object) -> list[tuple[Any, ...]]:
        with self._books.database.transaction() as session:
            return [tuple(row) for row in session.execute(text(question), params)]
