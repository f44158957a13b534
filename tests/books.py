"""A small studio's books for tests: people and rows booked with few words."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from studio_core.db.engine import Database
from studio_core.ledger.actions import record_expense, record_payment
from studio_core.ledger.queries import ExpenseRow, PaymentRow
from studio_core.ledger.rules import ExpenseDraft, PaymentDraft
from studio_core.months import Month
from studio_core.people.models import User

MONTH = Month(2025, 9)
DAY = date(2025, 9, 12)


class Reader:
    """Questions to one database. Every call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def value(self, question: str, **params: object) -> Any:
        """The single value of a query."""
        with self.database.transaction() as session:
            return session.execute(text(question), params).scalar_one()

    def rows(self, question: str, **params: object) -> list[tuple[Any, ...]]:
        with self.database.transaction() as session:
            return [tuple(row) for row in session.execute(text(question), params)]

    def everything(self) -> dict[str, str | None]:
        """A digest of each table, to prove that nothing was written."""
        tables = self.rows(
            "SELECT schemaname || '.' || tablename FROM pg_tables"
            " WHERE schemaname IN ('public', 'archive')"
        )
        return dict(
            self.rows(
                " UNION ALL ".join(
                    f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text))"
                    f" FROM {table} t"
                    for (table,) in tables
                )
            )
        )

    def kept_by_a_backup(self) -> dict[str, str | None]:
        """The same, of all that a full backup brings back as it was: its own record, and that this
        was noted, come after."""
        found = self.everything()
        return {
            table: digest
            for table, digest in found.items()
            if table not in ("public.full_backups", "public.audit_log")
        }

    def snapshot(self, month: Month = MONTH) -> dict[str, list[tuple[Any, ...]]]:
        """Every stored value of a month's live rows, to compare row for row."""
        return {
            table: self.rows(
                f"SELECT * FROM {table} WHERE {day} >= :first AND {day} < :after ORDER BY id",
                first=month.first_day,
                after=month.first_day_after,
            )
            for table, day in (
                ("payments", "paid_on"),
                ("commissions", "accrued_on"),
                ("expenses", "spent_on"),
                ("sessions", "(starts_at AT TIME ZONE 'America/Sao_Paulo')::date"),
            )
        }


@contextmanager
def closings_held_at_their_end(database: Database) -> Iterator[None]:
    """Keeps the lock of the extratos' chain: a closing gets to its last step and waits there."""
    with (
        Database(database.url, application_name="tests-holding", pool_size=1) as holder,
        holder.transaction() as session,
    ):
        run(session, "LOCK TABLE extratos IN SHARE UPDATE EXCLUSIVE MODE")
        yield


class Books(Reader):
    """Books of one database. Every call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.ana = self.artist("Ana Tinta", percent="50")
        self.bento = self.artist("Bento Traço", percent="0")

    def artist(self, name: str, *, percent: str) -> int:
        with self.database.transaction() as session:
            new_id: int = session.execute(
                insert(User)
                .values(name=name, is_artist=True, commission_percent=Decimal(percent))
                .returning(User.id)
            ).scalar_one()
            return new_id

    def client(self, name: str) -> int:
        with self.database.transaction() as session:
            new_id: int = session.execute(
                text("INSERT INTO clients (name) VALUES (:name) RETURNING id"), {"name": name}
            ).scalar_one()
            return new_id

    def set_zone(self, zone: str) -> None:
        with self.database.transaction() as session:
            run(
                session,
                "INSERT INTO settings (key, value)"
                " VALUES ('time_zone', to_jsonb(CAST(:zone AS text)))"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                zone=zone,
            )

    def draft(self, amount: str, **changes: Any) -> PaymentDraft:
        plain = PaymentDraft(paid_on=DAY, amount=Decimal(amount), method="pix", artist_id=self.ana)
        return replace(plain, **changes)

    def pay(self, amount: str, **changes: Any) -> PaymentRow:
        with self.database.transaction() as session:
            return record_payment(
                session, request_id=uuid.uuid4(), draft=self.draft(amount, **changes)
            )

    def spend(self, amount: str, **changes: Any) -> ExpenseRow:
        draft = ExpenseDraft(
            spent_on=DAY,
            amount=Decimal(amount),
            description="Agulhas",
            category="materials",
            method="cash",
        )
        with self.database.transaction() as session:
            return record_expense(session, request_id=uuid.uuid4(), draft=replace(draft, **changes))

    def fill(self, payments: int, month: Month = MONTH) -> None:
        """Many payments of a month by one statement, with their sessions and expenses."""
        with self.database.transaction() as session:
            run(
                session,
                """
                WITH held AS (
                    INSERT INTO sessions (artist_id, starts_at, ends_at, status, overlap_allowed)
                    SELECT :ana, day, day + interval '1 hour', 'paid', true
                    FROM generate_series(1, :rows) AS g,
                         LATERAL (SELECT (CAST(:first AS date) + g % 28)::timestamptz
                                         + interval '15 hours' AS day) AS d
                    RETURNING id, starts_at, artist_id)
                INSERT INTO payments (paid_on, amount, method, artist_id, session_id, notes)
                SELECT (starts_at AT TIME ZONE 'UTC')::date, 50 + id % 700 + 0.25,
                       (ARRAY['pix', 'cash', 'credit'])[1 + id % 3],
                       CASE id % 4 WHEN 0 THEN :bento ELSE artist_id END, id, 'tatuagem'
                FROM held""",
                rows=payments,
                ana=self.ana,
                bento=self.bento,
                first=month.first_day,
            )
            run(
                session,
                """
                INSERT INTO expenses (spent_on, amount, description, category, method)
                SELECT CAST(:first AS date) + g % 28, 10 + g % 90 + 0.10, 'Tinta', 'materials',
                       'cash'
                FROM generate_series(1, :rows) AS g""",
                rows=max(1, payments // 10),
                first=month.first_day,
            )


def run(session: Session, statement: str, **params: object) -> None:
    session.execute(text(statement), params)
