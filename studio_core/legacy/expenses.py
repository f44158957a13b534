"""Expenses, with the name of who entered each in its notes."""

from collections.abc import Sequence

from sqlalchemy import select

from studio_core.ledger.models import Expense
from studio_core.legacy.ledger import may_enter, own_day
from studio_core.legacy.memory import Values
from studio_core.legacy.run import Converted, Run, import_table
from studio_core.legacy.source import Row
from studio_core.legacy.tidying import clean, method, money, month_label, tidy
from studio_core.people.models import User

UNTOLD = "(sem descrição)"


def import_expenses(run: Run) -> None:
    def convert(rows: list[Row]) -> Sequence[Converted]:
        names = names_of_users(run, [row["created_by"] for row in rows])
        return [_expense(run, row, names.get(row["created_by"])) for row in rows]

    def seen(rows: list[Row]) -> None:
        for row in rows:
            amount, on = money(row["valor"]), own_day(run, row)
            if amount is not None and on is not None:
                run.notes.add_up("expenses", month_label(on), amount)

    import_table(run, "gastos", Expense, convert, seen=seen)


def expense_values(run: Run, table: str, key: object, written: Row, **values: object) -> Values:
    """The row of an expense: values, and from `written` valor, forma_pagamento, descricao."""
    amount = money(written["valor"])
    assert amount is not None
    paid_by, is_known = method(written["forma_pagamento"])
    if not is_known:
        run.find("method_unknown", table, key, f"Paid by “{paid_by}”, which is no known method.")
    if amount <= 0:
        run.find("amount_not_positive", table, key, f"The expense is of {amount}.")
    return {
        "amount": amount,
        "method": paid_by,
        "description": clean(written["descricao"]) or UNTOLD,
        "category": "other",
        "imported": True,
        **values,
    }


def names_of_users(run: Run, legacy_ids: list[int | None]) -> dict[int, str]:
    ids = run.memory.ids("users", legacy_ids)
    names = dict(
        run.session.execute(select(User.id, User.name).where(User.id.in_(ids.values()))).all()
    )
    return {legacy_id: names[user_id] for legacy_id, user_id in ids.items()}


def entered_by(name: str | None) -> str | None:
    return f"Lançado por: {name}" if name else None


def _expense(run: Run, row: Row, name: str | None) -> Converted:
    key, on = row["id"], own_day(run, row)
    if not may_enter(run, "gastos", key, row, on):
        return None
    return expense_values(
        run, "gastos", key, row, spent_on=on, notes=entered_by(name and tidy(name))
    )
