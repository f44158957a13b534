"""Rows that stand in the legacy system twice: in a table, and among the lines of a closed month.

A closing there moves rows from its tables into an extrato. When that happens between two imports,
the lines are rows that are here already. Payments and sessions keep their id as a line;
commissions and expenses do not, and are known by their content.
"""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from psycopg2 import sql
from sqlalchemy import select

from studio_core.agenda.models import TattooSession
from studio_core.extrato.models import ArchivedPayment
from studio_core.ledger.models import Commission, Expense, Payment
from studio_core.legacy.models import LegacyRow
from studio_core.legacy.run import Existing, Run
from studio_core.legacy.source import Row
from studio_core.legacy.tidying import day, money
from studio_core.months import Month

Content = tuple[object, ...]


class Twins:
    def __init__(self, run: Run) -> None:
        self._run = run

    def among_lines(self, rows: list[Row]) -> dict[int, Existing]:
        """Live payments, by legacy id, that came in as a line of a closed month."""
        return self._same_payments(rows, "extratos.pagamentos", "pagamentos")

    def among_payments(self, lines: list[Row]) -> dict[int, Existing]:
        """Payment lines, by legacy id, that came in when they were live."""
        return self._same_payments(lines, "pagamentos", "extratos.pagamentos")

    def among_sessions(self, lines: list[Row]) -> dict[int, Existing]:
        """Session lines, by legacy id, whose session is in the legacy agenda too, or was."""
        known = self._run.memory.known("sessoes", (line["id"] for line in lines))
        found = {known_row.row_id for known_row in known.values()}
        starts: dict[int, datetime] = dict(
            self._run.session.execute(
                select(TattooSession.id, TattooSession.starts_at).where(TattooSession.id.in_(found))
            ).all()
        )
        return {
            line["id"]: Existing(here.row_id)
            for line in lines
            if (here := known.get(str(line["id"]))) is not None
            and day(starts.get(here.row_id), self._run.zone) == day(line["data"], self._run.zone)
        }

    def with_lines(self, rows: list[Row]) -> set[int]:
        """Legacy ids of live payments that are one row with their line."""
        ids = [row["id"] for row in rows]
        lines = self._run.memory.known("extratos.pagamentos", ids)
        if not lines:
            return set()
        live = self._run.memory.known("pagamentos", ids)
        return {
            int(key)
            for key, line in lines.items()
            if key in live and live[key].row_id == line.row_id
        }

    def moved_commissions(self, month: Month) -> "MovedRows":
        """Commissions of that month that an earlier import brought, and that have since left the
        legacy table: by (artist id, percent, amount, day)."""
        c = Commission
        return self._moved(
            "comissoes",
            select(c.id, c.artist_id, c.percent, c.amount, c.accrued_on).where(
                c.accrued_on.between(month.first_day, month.last_day)
            ),
            c.id,
        )

    def moved_expenses(self, month: Month) -> "MovedRows":
        """As moved_commissions, by (day, amount, method, description)."""
        e = Expense
        return self._moved(
            "gastos",
            select(e.id, e.spent_on, e.amount, e.method, e.description).where(
                e.spent_on.between(month.first_day, month.last_day)
            ),
            e.id,
        )

    def _same_payments(self, rows: list[Row], table: str, here: str) -> dict[int, Existing]:
        known = self._run.memory.known(table, (row["id"] for row in rows))
        if not known:
            return {}
        stands = self._payments_here({found.row_id for found in known.values()})
        same: dict[int, Existing] = {}
        for row in rows:
            found = known.get(str(row["id"]))
            if found is None:
                continue
            read = (day(row["data"], self._run.zone), money(row["valor"]))
            if stands.get(found.row_id) != read:
                self._run.find(
                    "id_reused",
                    here,
                    row["id"],
                    "A live payment and one of a closed month have this id, but another date or "
                    "amount: they are taken as two.",
                )
                continue
            if here == "pagamentos":
                self._run.find(
                    "in_both",
                    here,
                    row["id"],
                    "The payment is live and in a closed month too: it is taken as one.",
                )
            same[row["id"]] = Existing(found.row_id)
        return same

    def _payments_here(self, ids: set[int]) -> dict[int, tuple[date, Any]]:
        stands: dict[int, tuple[date, Any]] = {}
        for model in (Payment, ArchivedPayment):
            table: Any = model.__table__
            for row_id, paid_on, amount in self._run.session.execute(
                select(table.c.id, table.c.paid_on, table.c.amount).where(table.c.id.in_(ids))
            ):
                stands[row_id] = (paid_on, amount)
        return stands

    def _moved(self, table: str, statement: Any, row_id: Any) -> "MovedRows":
        rows = self._run.session.execute(
            statement.add_columns(LegacyRow.legacy_key).join(
                LegacyRow, (LegacyRow.row_id == row_id) & (LegacyRow.table_name == table)
            )
        ).all()
        still_there = {
            str(found["id"])
            for found in self._run.source.ask(
                sql.SQL("SELECT id FROM public.{} WHERE id = ANY (%s)").format(
                    sql.Identifier(table)
                ),
                ([int(row[-1]) for row in rows],),
            )
        }
        moved = MovedRows()
        for row in rows:
            if row[-1] not in still_there:
                moved.add(tuple(row[1:-1]), row[0])
        return moved


class MovedRows:
    """Rows by their content; each is taken once, since equal rows are not the same row."""

    def __init__(self) -> None:
        self._rows: defaultdict[Content, list[int]] = defaultdict(list)

    def add(self, content: Content, row_id: int) -> None:
        self._rows[content].append(row_id)

    def take(self, *content: object) -> Existing | None:
        waiting = self._rows.get(content)
        return Existing(waiting.pop(0)) if waiting else None
