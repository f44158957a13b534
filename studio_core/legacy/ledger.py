"""Payments, and what decides whether booked money may enter: it comes over as it stands."""

from collections.abc import Sequence
from datetime import date

from studio_core.ledger.models import Payment
from studio_core.legacy.memory import Values
from studio_core.legacy.people import People
from studio_core.legacy.run import Converted, Run, import_table
from studio_core.legacy.source import Row
from studio_core.legacy.tidying import (
    clean,
    day,
    joined,
    method,
    money,
    month_label,
)
from studio_core.legacy.twins import Twins


def import_payments(run: Run, people: People, twins: Twins) -> None:
    def convert(rows: list[Row]) -> Sequence[Converted]:
        clients = run.memory.ids("clients", (row["cliente_id"] for row in rows))
        artists = run.memory.ids("users", (row["artista_id"] for row in rows))
        sessions = run.memory.ids("extratos.sessoes", (row["sessao_id"] for row in rows))
        sessions |= run.memory.ids("sessoes", (row["sessao_id"] for row in rows))
        same = twins.among_lines(rows)
        return [
            same.get(row["id"])
            or _payment(
                run,
                row,
                client_id=clients.get(row["cliente_id"]),
                artist_id=artists.get(row["artista_id"]) or people.lost_artist(),
                session_id=sessions.get(row["sessao_id"]),
            )
            for row in rows
        ]

    def seen(rows: list[Row]) -> None:
        counted_as_lines = twins.with_lines(rows)
        for row in rows:
            amount, on = money(row["valor"]), own_day(run, row)
            if amount is not None and on is not None and row["id"] not in counted_as_lines:
                run.notes.add_up("payments", month_label(on), amount)

    import_table(run, "pagamentos", Payment, convert, seen=seen)


def payment_values(run: Run, table: str, key: object, written: Row, **values: object) -> Values:
    """The row of a payment: values, and from `written` valor, forma_pagamento, observacoes."""
    amount = money(written["valor"])
    assert amount is not None
    paid_by, is_known = method(written["forma_pagamento"])
    if not is_known:
        run.find("method_unknown", table, key, f"Paid by “{paid_by}”, which is no known method.")
    if amount <= 0:
        run.find("amount_not_positive", table, key, f"The payment is of {amount}.")
    return {
        "amount": amount,
        "method": paid_by,
        "kind": "refund" if amount < 0 else "sale",
        "imported": True,
        **values,
    }


def _payment(
    run: Run, row: Row, *, client_id: int | None, artist_id: int, session_id: int | None
) -> Converted:
    key, on = row["id"], own_day(run, row)
    if not may_enter(run, "pagamentos", key, row, on):
        return None
    if row["artista_id"] is None:
        run.find("artist_missing", "pagamentos", key, "The payment has no artist.")
    if row["cliente_id"] is not None and client_id is None:
        run.find("client_missing", "pagamentos", key, "The payment's client does not exist.")
    _compare_links(run, row, session_id)
    _compare_commission(run, row)
    event = clean(row["google_event_id"])
    if event is not None and event == row["session_event"]:
        event = None
    return payment_values(
        run,
        "pagamentos",
        key,
        row,
        paid_on=on,
        client_id=client_id,
        artist_id=artist_id,
        session_id=session_id,
        notes=joined(clean(row["observacoes"]), event and f"Evento do Google: {event}"),
    )


def _compare_links(run: Run, row: Row, session_id: int | None) -> None:
    named = row["sessao_id"]
    if named is None:
        return
    if session_id is None:
        run.find(
            "session_missing", "pagamentos", row["id"], f"The payment's session {named} is missing."
        )
    elif row["session_found"] is not None and row["session_names"] is None:
        run.find(
            "link_disagrees",
            "pagamentos",
            row["id"],
            f"The payment names session {named}, which names no payment. "
            "The payment's side stands: they are linked.",
        )


def _compare_commission(run: Run, row: Row) -> None:
    noted = money(row["comissao"])
    if noted is not None and noted != (money(row["commission"]) or 0):
        run.find(
            "commission_disagrees",
            "pagamentos",
            row["id"],
            f"The payment notes a commission of {noted}, its commissions add up to "
            f"{row['commission'] or 0}: these count.",
        )


def may_enter(run: Run, table: str, key: object, row: Row, on: date | None) -> bool:
    """Whether a row can be booked; what keeps it out, or makes it odd, is noted."""
    if money(row["valor"]) is None:
        run.find("amount_missing", table, key, f"“{row['valor']}” is not an amount: left out.")
        return False
    if on is None:
        run.find("date_missing", table, key, "There is no date, not even of its entry: left out.")
        return False
    if run.is_closed_here(on):
        run.find(
            "month_closed_here",
            table,
            key,
            f"The month {month_label(on)} is closed here: left out. Reopen the month and import "
            "again.",
        )
        return False
    if row.get("data", on) is None:
        run.find("date_missing", table, key, f"There is no date: the day of its entry, {on}.")
    if not 2000 <= on.year <= 2100:
        run.find("date_odd", table, key, f"The date is {on}.")
    if run.is_closed_there(on):
        run.find(
            "late_row",
            table,
            key,
            f"The row was entered after the old system had closed {month_label(on)}. "
            "It is part of that month's extrato here.",
        )
    return True


def own_day(run: Run, row: Row) -> date | None:
    return day(row["data"], run.zone) or day(row["created_at"], run.zone)
