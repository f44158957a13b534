"""Writing the ledger. Each action takes the request_id of one press of a button: a retry after a
lost answer returns the first result and books nothing twice.

Money is never corrected in place: a correction voids the old row and books a new one that names it.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from studio_core.db.requests import once
from studio_core.errors import ConflictError, RuleError
from studio_core.findings import refuse_if_any
from studio_core.ledger.models import Expense, Payment
from studio_core.ledger.queries import (
    ExpenseRow,
    PaymentRow,
    expense_row,
    payment_row,
    studio_today,
)
from studio_core.ledger.rules import (
    ExpenseDraft,
    PaymentDraft,
    expense_findings,
    payment_findings,
)
from studio_core.money import cents

Row = TypeVar("Row", PaymentRow, ExpenseRow)
_CORRECTED = "corrected"


def record_payment(session: Session, *, request_id: UUID, draft: PaymentDraft) -> PaymentRow:
    """Books a payment, and by the database's trigger its commission.

    Raises FindingsError, RuleError: month_closed, month_in_closing.
    """
    refuse_if_any(payment_findings(draft, today=studio_today(session)))
    return _once(session, request_id, "record_payment", payment_row, lambda: _book(session, draft))


def correct_payment(
    session: Session, *, request_id: UUID, payment_id: int, version: int, draft: PaymentDraft
) -> PaymentRow:
    """Voids a payment and books it anew. version: of the row that the person saw.

    Raises ConflictError when somebody changed it since, RuleError: no_such_payment, already_voided,
    imported_row, and those of record_payment.
    """
    refuse_if_any(payment_findings(draft, today=studio_today(session)))

    def correct() -> int:
        held = _held_payment(session, payment_id, version)
        if held.imported:
            raise RuleError("imported_row")
        _void(session, Payment, payment_id, _CORRECTED)
        return _book(session, draft, corrects=payment_id)

    return _once(session, request_id, "correct_payment", payment_row, correct)


def refund_payment(
    session: Session,
    *,
    request_id: UUID,
    payment_id: int,
    amount: Decimal,
    method: str,
    paid_on: date,
    reason: str,
) -> PaymentRow:
    """Gives money back: a payment below zero that names the first, and takes its commission back.

    amount: BRL above zero, at most what is left of the payment.
    Raises FindingsError, RuleError: reason_required, no_such_payment, already_voided,
    refund_too_large, and those of record_payment.
    """
    if not reason.strip():
        raise RuleError("reason_required")

    def refund() -> int:
        original = _held_payment(session, payment_id, None)
        returned = session.scalar(
            select(func.coalesce(func.sum(Payment.amount), 0)).where(
                Payment.corrects_payment_id == payment_id,
                Payment.kind == "refund",
                Payment.voided_at.is_(None),
            )
        )
        left = original.amount + (returned or 0)
        if amount > left:
            raise RuleError("refund_too_large", limit=left)
        draft = PaymentDraft(
            paid_on=paid_on,
            amount=-amount,
            method=method,
            artist_id=original.artist_id,
            client_id=original.client_id,
            session_id=original.session_id,
            kind="refund",
            commission_percent=original.commission_percent,
            notes=reason.strip(),
        )
        refuse_if_any(payment_findings(draft, today=studio_today(session)))
        return _book(session, draft, corrects=payment_id)

    return _once(session, request_id, "refund_payment", payment_row, refund)


def void_payment(
    session: Session, *, request_id: UUID, payment_id: int, version: int, reason: str
) -> PaymentRow:
    """Voids a payment and its commission; the row stays, and counts nothing.

    version: of the row that the person saw. Raises ConflictError when somebody changed it since,
    RuleError: reason_required, no_such_payment, already_voided, month_closed, month_in_closing.
    """
    if not reason.strip():
        raise RuleError("reason_required")

    def void() -> int:
        _held_payment(session, payment_id, version)
        _void(session, Payment, payment_id, reason.strip())
        return payment_id

    return _once(session, request_id, "void_payment", payment_row, void)


def record_expense(session: Session, *, request_id: UUID, draft: ExpenseDraft) -> ExpenseRow:
    """Books an expense. Raises as record_payment."""
    refuse_if_any(expense_findings(draft, today=studio_today(session)))
    return _once(session, request_id, "record_expense", expense_row, lambda: _spend(session, draft))


def correct_expense(
    session: Session, *, request_id: UUID, expense_id: int, version: int, draft: ExpenseDraft
) -> ExpenseRow:
    """Voids an expense and books it anew. Raises as correct_payment."""
    refuse_if_any(expense_findings(draft, today=studio_today(session)))

    def correct() -> int:
        held = _held_expense(session, expense_id, version)
        if held.imported:
            raise RuleError("imported_row")
        _void(session, Expense, expense_id, _CORRECTED)
        return _spend(session, draft, corrects=expense_id)

    return _once(session, request_id, "correct_expense", expense_row, correct)


def void_expense(
    session: Session, *, request_id: UUID, expense_id: int, version: int, reason: str
) -> ExpenseRow:
    """Voids an expense; the row stays, and counts nothing. Raises as void_payment."""
    if not reason.strip():
        raise RuleError("reason_required")

    def void() -> int:
        _held_expense(session, expense_id, version)
        _void(session, Expense, expense_id, reason.strip())
        return expense_id

    return _once(session, request_id, "void_expense", expense_row, void)


def _once(
    session: Session,
    request_id: UUID,
    action: str,
    read: Callable[[Session, int], Row | None],
    work: Callable[[], int],
) -> Row:
    result = once(session, request_id, action, lambda: {"id": work()})
    row = read(session, int(result["id"]))
    if row is None:  # Booked by the first try, and its month was closed before this one.
        raise RuleError("booked_and_closed")
    return row


def _book(session: Session, draft: PaymentDraft, corrects: int | None = None) -> int:
    return _inserted(
        session,
        insert(Payment)
        .values(
            paid_on=draft.paid_on,
            amount=cents(draft.amount),
            tip_amount=cents(draft.tip_amount),
            method=draft.method,
            kind=draft.kind,
            client_id=draft.client_id,
            artist_id=draft.artist_id,
            session_id=draft.session_id,
            commission_percent=draft.commission_percent,
            corrects_payment_id=corrects,
            notes=_text(draft.notes),
        )
        .returning(Payment.id),
    )


def _spend(session: Session, draft: ExpenseDraft, corrects: int | None = None) -> int:
    return _inserted(
        session,
        insert(Expense)
        .values(
            spent_on=draft.spent_on,
            amount=cents(draft.amount),
            description=draft.description.strip(),
            category=draft.category,
            method=draft.method,
            corrects_expense_id=corrects,
            notes=_text(draft.notes),
        )
        .returning(Expense.id),
    )


def _inserted(session: Session, statement: Any) -> int:
    new_id: int = session.execute(statement).scalar_one()
    return new_id


def _held_payment(session: Session, payment_id: int, version: int | None) -> PaymentRow:
    session.execute(select(Payment.id).where(Payment.id == payment_id).with_for_update())
    row = payment_row(session, payment_id)
    if row is None:
        raise RuleError("no_such_payment")
    _require_current(row, version)
    return row


def _held_expense(session: Session, expense_id: int, version: int) -> ExpenseRow:
    session.execute(select(Expense.id).where(Expense.id == expense_id).with_for_update())
    row = expense_row(session, expense_id)
    if row is None:
        raise RuleError("no_such_expense")
    _require_current(row, version)
    return row


def _require_current(row: PaymentRow | ExpenseRow, version: int | None) -> None:
    if row.voided_at is not None:
        raise RuleError("already_voided")
    if version is not None and row.version != version:
        raise ConflictError("changed_elsewhere", current=row)


def _void(session: Session, table: type[Payment | Expense], row_id: int, reason: str) -> None:
    session.execute(
        update(table)
        .where(table.id == row_id)
        .values(voided_at=func.now(), voided_by=func.studio.current_user_id(), void_reason=reason)
    )


def _text(typed: str | None) -> str | None:
    return (typed or "").strip() or None
