"""Brings the lines of the legacy system's closed months over, as rows of their month.

They become live rows first; closing the month then archives them (see closing.py).
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from studio_core.agenda.models import TattooSession
from studio_core.db.base import Base
from studio_core.ledger.models import Commission, Expense, Payment
from studio_core.legacy.agenda import session_status, session_values
from studio_core.legacy.closed_months import ClosedMonth
from studio_core.legacy.expenses import entered_by, expense_values, names_of_users
from studio_core.legacy.ledger import payment_values
from studio_core.legacy.memory import Origin, Values, digest_of
from studio_core.legacy.paid_lines import PaidLines
from studio_core.legacy.people import People
from studio_core.legacy.run import Converted, Run, batched, write_converted
from studio_core.legacy.source import Row
from studio_core.legacy.tidying import clean, day, joined, money, percent, tidy
from studio_core.legacy.twins import Twins

ConvertLines = Callable[[list[Row], list[str]], Sequence[Converted]]


class ClosedLines:
    """One closed month's lines. Sessions first, for all months; then the money, month by month."""

    def __init__(self, run: Run, people: People, twins: Twins, closed: ClosedMonth) -> None:
        self._run = run
        self._people = people
        self._twins = twins
        self._closed = closed
        self._clients = people.clients_named(
            line["cliente_name"]
            for kind in ("pagamentos", "sessoes")
            for line in closed.lines[kind]
        )
        self._artists: dict[str, int] = {}

    def import_sessions(self) -> None:
        paid = {line["sessao_id"] for line in self._closed.lines["pagamentos"]}

        def convert(lines: list[Row], keys: list[str]) -> Sequence[Converted]:
            same = self._twins.among_sessions(lines)
            return [
                same.get(line["id"]) or self._session(line, key, paid=line["id"] in paid)
                for line, key in zip(lines, keys, strict=True)
            ]

        self._import("sessoes", TattooSession, convert)

    def import_money(self) -> None:
        payments = self._import_payments()
        self._import_commissions(payments)
        self._import_expenses()

    def _import_payments(self) -> list[int | None]:
        def convert(lines: list[Row], keys: list[str]) -> Sequence[Converted]:
            same = self._twins.among_payments(lines)
            sessions = self._run.memory.ids("sessoes", (line["sessao_id"] for line in lines))
            sessions |= self._run.memory.ids(
                "extratos.sessoes", (line["sessao_id"] for line in lines)
            )
            return [
                same.get(line["id"]) or self._payment(line, key, sessions.get(line["sessao_id"]))
                for line, key in zip(lines, keys, strict=True)
            ]

        return self._import("pagamentos", Payment, convert)

    def _import_commissions(self, payments: list[int | None]) -> None:
        moved = self._twins.moved_commissions(self._closed.month)
        paid = PaidLines(self._closed.lines["pagamentos"], payments)

        def convert(lines: list[Row], keys: list[str]) -> Sequence[Converted]:
            converted: list[Converted] = []
            for line, key in zip(lines, keys, strict=True):
                fitting = paid.fitting(line)
                row = self._commission(line, key, fitting)
                same = row and moved.take(
                    row["artist_id"], row["percent"], row["amount"], row["accrued_on"]
                )
                converted.append(same or row)
            return converted

        self._import("comissoes", Commission, convert)

    def _import_expenses(self) -> None:
        moved = self._twins.moved_expenses(self._closed.month)

        def convert(lines: list[Row], keys: list[str]) -> Sequence[Converted]:
            names = names_of_users(self._run, [line["created_by"] for line in lines])
            converted: list[Converted] = []
            for line, key in zip(lines, keys, strict=True):
                row = self._expense(line, key, names.get(line["created_by"]))
                same = row and moved.take(
                    row["spent_on"], row["amount"], row["method"], row["description"]
                )
                converted.append(same or row)
            return converted

        self._import("gastos", Expense, convert)

    def _import(self, kind: str, model: type[Base], convert: ConvertLines) -> list[int | None]:
        """Our id of each line, in order."""
        table = f"extratos.{kind}"
        ids: list[int | None] = []
        numbered = list(enumerate(self._closed.lines[kind], start=1))
        for batch in batched(numbered):
            lines = [line for _, line in batch]
            keys = self._keys(table, batch)
            origins = [
                Origin(table, key, digest_of(line, sorted(line)))
                for key, line in zip(keys, lines, strict=True)
            ]
            converted = convert(lines, keys)
            ids += write_converted(self._run, table, model, origins, converted)
            self._run.notes.count(table, "read", len(lines))
        return ids

    def _keys(self, table: str, numbered: list[tuple[int, Row]]) -> list[str]:
        """The lines' own ids where they have one of their own, else month and place."""
        taken = set(self._run.memory.known(table, (line.get("id") for _, line in numbered)))
        keys = []
        for place, line in numbered:
            key = str(line.get("id"))
            if line.get("id") is None or key in taken:
                key = f"{self._closed.month}/{place}"
            taken.add(key)
            keys.append(key)
        return keys

    def _session(self, line: Row, key: str, *, paid: bool) -> Converted:
        table = "extratos.sessoes"
        on = day(line["data"], self._run.zone) or self._outside(table, key, None)
        client_id, notes = self._client(table, key, line)
        return session_values(
            self._run,
            table,
            key,
            on=on,
            price=money(line["valor"]),
            status=session_status(self._run, table, key, line["status"], on=on, paid=paid),
            client_id=client_id,
            artist_id=self._artist(table, key, line),
            notes=joined(notes, clean(line["observacoes"])),
        )

    def _payment(self, line: Row, key: str, session_id: int | None) -> Converted:
        table = "extratos.pagamentos"
        if not self._has_amount(table, key, line):
            return None
        on, was = self._in_month(table, key, line["data"])
        client_id, notes = self._client(table, key, line)
        if line["sessao_id"] is not None and session_id is None:
            self._run.find(
                "session_missing",
                table,
                key,
                f"The payment's session {line['sessao_id']} is missing.",
            )
        return payment_values(
            self._run,
            table,
            key,
            line,
            paid_on=on,
            client_id=client_id,
            artist_id=self._artist(table, key, line),
            session_id=session_id,
            notes=joined(notes, clean(line["observacoes"]), was),
        )

    def _commission(self, line: Row, key: str, fitting: list[int | None]) -> Values | None:
        table = "extratos.comissoes"
        if not self._has_amount(table, key, line):
            return None
        on, was = self._in_month(table, key, line["pagamento_data"])
        if len(fitting) != 1:
            self._run.find(
                "commission_unlinked",
                table,
                key,
                f"{len(fitting) or 'No'} payments of the month fit the commission: it names none.",
            )
        return {
            "payment_id": fitting[0] if len(fitting) == 1 else None,
            "artist_id": self._artist(table, key, line),
            "percent": percent(line["percentual"]) or Decimal(0),
            "amount": money(line["valor"]),
            "accrued_on": on,
            "notes": joined(clean(line["observacoes"]), was),
            "imported": True,
        }

    def _expense(self, line: Row, key: str, name: str | None) -> Values | None:
        table = "extratos.gastos"
        if not self._has_amount(table, key, line):
            return None
        on, was = self._in_month(table, key, line["data"])
        category = tidy(line["categoria"])
        notes = f"Categoria: {category}" if category not in {"", "Outros"} else None
        return expense_values(
            self._run, table, key, line, spent_on=on, notes=joined(notes, entered_by(name), was)
        )

    def _artist(self, table: str, key: str, line: Row) -> int:
        name = tidy(line["artista_name"])
        if name not in self._artists:
            self._artists[name] = self._people.artist_named(name, table, key)
        return self._artists[name]

    def _client(self, table: str, key: str, line: Row) -> tuple[int | None, str | None]:
        """The client's id; among homonyms none, and the name for the notes."""
        name = str(line["cliente_name"] or "")
        found = self._clients.get(name, [])
        if len(found) < 2:
            return (found[0] if found else None), None
        self._run.find(
            "client_homonyms",
            table,
            key,
            f"{len(found)} clients are called “{tidy(name)}”: the name stands in the notes.",
        )
        return None, f"Cliente: {tidy(name)}"

    def _has_amount(self, table: str, key: str, line: Row) -> bool:
        amount = money(line["valor"])
        if amount is None:
            self._run.find(
                "amount_missing", table, key, f"“{line['valor']}” is not an amount: left out."
            )
            return False
        return True

    def _in_month(self, table: str, key: str, written: object) -> tuple[date, str | None]:
        """A day of the closed month, and a note of the written one where that lies outside."""
        on = day(written, self._run.zone)
        month = self._closed.month
        if on is not None and month.first_day <= on <= month.last_day:
            return on, None
        return self._outside(table, key, on), f"Data no sistema antigo: {on}" if on else None

    def _outside(self, table: str, key: str, on: date | None) -> date:
        month = self._closed.month
        stands = month.last_day
        if on is not None and on < month.first_day:
            stands = month.first_day
        self._run.find(
            "date_outside",
            table,
            key,
            f"The line of {month} is dated {on or 'nowhere'}: it counts on {stands}.",
        )
        return stands


def line_sums(run: Run, closed: ClosedMonth) -> None:
    """Counts the month's lines towards the sums that the import is proved by."""
    for kind, name in (
        ("pagamentos", "payments"),
        ("comissoes", "commissions"),
        ("gastos", "expenses"),
    ):
        for line in closed.lines[kind]:
            amount = money(line["valor"])
            if amount is not None:
                run.notes.add_up(name, closed.month.label, amount)
