"""What may be booked: the rules of payments and expenses, before the database is asked.

The database holds the same rules for every other program (studio_core/db/sql).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from studio_core.findings import Finding
from studio_core.ledger.models import EXPENSE_CATEGORIES, METHODS
from studio_core.money import LARGEST

NOTE_LIMIT = 2000
DESCRIPTION_LIMIT = 300


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A payment as typed. amount: BRL, below zero only for a refund. tip_amount: for the artist,
    beside the amount. client_id None: anonymous. commission_percent None: the artist's."""

    paid_on: date
    amount: Decimal
    method: str
    artist_id: int
    client_id: int | None = None
    session_id: int | None = None
    kind: str = "sale"
    tip_amount: Decimal = Decimal(0)
    commission_percent: Decimal | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class ExpenseDraft:
    """An expense as typed. amount: BRL, above zero."""

    spent_on: date
    amount: Decimal
    description: str
    category: str
    method: str
    notes: str | None = None


def payment_findings(draft: PaymentDraft, *, today: date) -> tuple[Finding, ...]:
    """Everything that is wrong with a payment; empty when it may be booked."""
    findings = _amount_findings(draft.amount if draft.kind != "refund" else -draft.amount)
    findings += _common_findings(draft.paid_on, "paid_on", draft.method, draft.notes, today)
    if draft.tip_amount < 0:
        findings.append(Finding("tip_amount", "amount_negative"))
    elif draft.tip_amount > LARGEST:
        findings.append(Finding("tip_amount", "amount_too_large"))
    percent = draft.commission_percent
    if percent is not None and not 0 <= percent <= 100:
        findings.append(Finding("commission_percent", "percent_out_of_range"))
    return tuple(findings)


def expense_findings(draft: ExpenseDraft, *, today: date) -> tuple[Finding, ...]:
    """Everything that is wrong with an expense; empty when it may be booked."""
    findings = _amount_findings(draft.amount)
    findings += _common_findings(draft.spent_on, "spent_on", draft.method, draft.notes, today)
    if not draft.description.strip():
        findings.append(Finding("description", "description_required"))
    elif len(draft.description) > DESCRIPTION_LIMIT:
        findings.append(Finding("description", "text_too_long", {"limit": DESCRIPTION_LIMIT}))
    if draft.category not in EXPENSE_CATEGORIES:
        findings.append(Finding("category", "category_unknown"))
    return tuple(findings)


def _amount_findings(amount: Decimal) -> list[Finding]:
    if amount == 0:
        return [Finding("amount", "amount_zero")]
    if amount < 0:
        return [Finding("amount", "amount_negative")]
    if amount > LARGEST:
        return [Finding("amount", "amount_too_large")]
    return []


def _common_findings(
    day: date, field: str, method: str, notes: str | None, today: date
) -> list[Finding]:
    findings = []
    if day > today:
        findings.append(Finding(field, "date_in_future"))
    if method not in METHODS:
        findings.append(Finding("method", "method_unknown"))
    if notes is not None and len(notes) > NOTE_LIMIT:
        findings.append(Finding("notes", "text_too_long", {"limit": NOTE_LIMIT}))
    return findings
