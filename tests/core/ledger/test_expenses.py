import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from studio_core.errors import RuleError
from studio_core.findings import FindingsError
from studio_core.ledger.actions import correct_expense, record_expense, void_expense
from studio_core.ledger.queries import ExpenseFilter, expenses_summary, page_of_expenses
from studio_core.ledger.rules import ExpenseDraft
from tests.books import DAY, MONTH, Books

RENT = ExpenseDraft(
    spent_on=DAY,
    amount=Decimal("2500.00"),
    description="Aluguel",
    category="rent",
    method="transfer",
)


def test_expenses_are_summed_by_what_a_filter_finds(books: Books) -> None:
    books.spend("100.00")
    books.spend("2500.00", description="Aluguel do salão", category="rent")
    with books.database.transaction() as session:
        by_word = expenses_summary(session, filter=ExpenseFilter(search="salao"))
        by_category = expenses_summary(session, filter=ExpenseFilter(category="materials"))
        page = page_of_expenses(session, filter=ExpenseFilter(month=MONTH), order="amount")
    assert by_word.total == Decimal("2500.00")
    assert by_category.total == Decimal("100.00")
    assert [row.amount for row in page.rows] == [Decimal("2500.00"), Decimal("100.00")]


def test_a_wrong_expense_is_told_everything(books: Books) -> None:
    draft = replace(
        RENT, amount=Decimal(-1), description=" ", category="gifts", spent_on=date(2999, 1, 1)
    )
    with pytest.raises(FindingsError) as refused, books.database.transaction() as session:
        record_expense(session, request_id=uuid.uuid4(), draft=draft)
    assert [finding.code for finding in refused.value.findings] == [
        "amount_negative",
        "date_in_future",
        "description_required",
        "category_unknown",
    ]


def test_an_expense_is_corrected_and_voided_with_a_trace(books: Books) -> None:
    first = books.spend("100.00")
    with books.database.transaction() as session:
        second = correct_expense(
            session,
            request_id=uuid.uuid4(),
            expense_id=first.id,
            version=first.version,
            draft=RENT,
        )
    with books.database.transaction() as session:
        void_expense(
            session,
            request_id=uuid.uuid4(),
            expense_id=second.id,
            version=second.version,
            reason="pago por outro",
        )
    with books.database.transaction() as session:
        assert expenses_summary(session, filter=ExpenseFilter()).count == 0
    assert books.rows("SELECT void_reason, corrects_expense_id FROM expenses ORDER BY id") == [
        ("corrected", None),
        ("pago por outro", first.id),
    ]
    with pytest.raises(RuleError, match="does not exist"), books.database.transaction() as session:
        void_expense(session, request_id=uuid.uuid4(), expense_id=999, version=1, reason="x")
