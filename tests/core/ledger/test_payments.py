import uuid
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from studio_core.errors import ConflictError, RuleError
from studio_core.findings import FindingsError
from studio_core.ledger.actions import (
    correct_payment,
    record_payment,
    refund_payment,
    void_payment,
)
from studio_core.ledger.queries import (
    PaymentFilter,
    PaymentRow,
    page_of_payments,
    payments_summary,
)
from studio_core.money import commission_due
from tests.books import DAY, MONTH, Books

COMMISSION = "SELECT amount FROM commissions WHERE payment_id = :id AND voided_at IS NULL"


def test_a_payment_books_its_commission_with_it(books: Books) -> None:
    payment = books.pay("333.33")
    assert books.rows(
        "SELECT artist_id, percent, amount, accrued_on FROM commissions WHERE payment_id = :id",
        id=payment.id,
    ) == [(books.ana, Decimal("50.00"), Decimal("166.67"), DAY)]


def test_zero_percent_makes_no_commission(books: Books) -> None:
    books.pay("100.00", artist_id=books.bento)
    books.pay("100.00", commission_percent=Decimal(0))
    assert books.value("SELECT count(*) FROM commissions") == 0


def test_a_deposit_earns_nothing_until_it_is_used(books: Books) -> None:
    books.pay("100.00", kind="deposit")
    assert books.value("SELECT count(*) FROM commissions") == 0


def test_two_equal_anonymous_sales_on_one_day_are_two_sales(books: Books) -> None:
    books.pay("80.00")
    books.pay("80.00")
    with books.database.transaction() as session:
        found = payments_summary(session, filter=PaymentFilter(month=MONTH))
    assert (found.count, found.total) == (2, Decimal("160.00"))


def test_the_same_request_books_once_and_answers_alike(books: Books) -> None:
    request = uuid.uuid4()
    answers = []
    for _ in range(2):
        with books.database.transaction() as session:
            answers.append(record_payment(session, request_id=request, draft=books.draft("80.00")))
    assert answers[0] == answers[1]
    assert books.value("SELECT count(*) FROM payments") == 1


def test_a_form_is_told_everything_that_is_wrong(books: Books) -> None:
    draft = books.draft(
        "0.00",
        paid_on=date(2999, 1, 1),
        method="fiado",
        tip_amount=Decimal(-1),
        commission_percent=Decimal(101),
        notes="x" * 2001,
    )
    with pytest.raises(FindingsError) as refused, books.database.transaction() as session:
        record_payment(session, request_id=uuid.uuid4(), draft=draft)
    assert {finding.field: finding.code for finding in refused.value.findings} == {
        "amount": "amount_zero",
        "paid_on": "date_in_future",
        "method": "method_unknown",
        "tip_amount": "amount_negative",
        "commission_percent": "percent_out_of_range",
        "notes": "text_too_long",
    }
    assert books.value("SELECT count(*) FROM payments") == 0


def test_a_correction_voids_the_old_row_and_names_it(books: Books) -> None:
    first = books.pay("100.00")
    with books.database.transaction() as session:
        second = correct_payment(
            session,
            request_id=uuid.uuid4(),
            payment_id=first.id,
            version=first.version,
            draft=books.draft("120.00"),
        )
    assert second.corrects_payment_id == first.id
    assert books.rows(COMMISSION, id=first.id) == []
    assert books.rows(COMMISSION, id=second.id) == [(Decimal("60.00"),)]
    assert books.rows("SELECT void_reason FROM payments WHERE id = :id", id=first.id) == [
        ("corrected",)
    ]


def test_a_voided_payment_counts_nothing_and_stays(books: Books) -> None:
    payment = books.pay("100.00")
    with books.database.transaction() as session:
        void_payment(
            session,
            request_id=uuid.uuid4(),
            payment_id=payment.id,
            version=payment.version,
            reason="digitado duas vezes",
        )
    with books.database.transaction() as session:
        found = payments_summary(session, filter=PaymentFilter(month=MONTH))
    assert (found.count, found.total) == (0, Decimal("0.00"))
    assert books.rows(
        "SELECT p.void_reason, c.void_reason FROM payments p JOIN commissions c"
        " ON c.payment_id = p.id"
    ) == [("digitado duas vezes", "digitado duas vezes")]


def test_a_void_wants_a_reason_and_happens_once(books: Books) -> None:
    payment = books.pay("100.00")

    def void(reason: str) -> None:
        with books.database.transaction() as session:
            void_payment(
                session, request_id=uuid.uuid4(), payment_id=payment.id, version=1, reason=reason
            )

    with pytest.raises(RuleError, match="Say why"):
        void("  ")
    void("engano")
    with pytest.raises(RuleError, match="already voided"):
        void("engano")


def test_the_second_of_two_people_is_told_that_it_changed(books: Books) -> None:
    payment = books.pay("100.00")
    with books.database.transaction() as session:
        session.execute(text("UPDATE payments SET notes = 'Sinal pago'"))
    with pytest.raises(ConflictError) as refused, books.database.transaction() as session:
        correct_payment(
            session,
            request_id=uuid.uuid4(),
            payment_id=payment.id,
            version=payment.version,
            draft=books.draft("120.00"),
        )
    assert refused.value.params["current"].notes == "Sinal pago"  # type: ignore[attr-defined]  # Params hold any value.


def test_no_program_can_give_back_more_than_was_paid(books: Books) -> None:
    payment = books.pay("100.00")
    for original in (payment.id, 999_999):
        with pytest.raises(RuleError), books.database.transaction() as session:
            session.execute(
                text(
                    "INSERT INTO payments (paid_on, amount, method, kind, artist_id,"
                    " corrects_payment_id) VALUES ('2025-09-12', -100.01, 'cash', 'refund', :ana,"
                    " :original)"
                ),
                {"ana": books.ana, "original": original},
            )
    assert books.value("SELECT count(*) FROM payments") == 1


def test_refunds_take_back_their_commission_and_never_more_than_was_paid(books: Books) -> None:
    payment = books.pay("100.00")

    def refund(amount: str) -> None:
        with books.database.transaction() as session:
            refund_payment(
                session,
                request_id=uuid.uuid4(),
                payment_id=payment.id,
                amount=Decimal(amount),
                method="cash",
                paid_on=DAY,
                reason="desistiu",
            )

    refund("60.01")
    with pytest.raises(RuleError, match=r"39\.99"):
        refund("40.00")
    refund("39.99")
    assert books.value("SELECT sum(amount) FROM payments") == 0
    assert books.value("SELECT sum(amount) FROM commissions") == Decimal("0.00")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    amount=st.decimals(min_value="0.01", max_value="99999.99", places=2),
    percent=st.decimals(min_value=0, max_value=100, places=2),
)
def test_form_and_database_compute_the_same_commission(
    books: Books, amount: Decimal, percent: Decimal
) -> None:
    payment = books.pay(str(amount), commission_percent=percent)
    booked = books.rows(COMMISSION, id=payment.id)
    assert booked == ([(commission_due(amount, percent),)] if percent else [])


def test_a_change_by_any_other_program_keeps_the_commission_true(books: Books) -> None:
    payment = books.pay("100.00")
    for change, expected in (
        ("amount = 70", [(Decimal("35.00"),)]),
        ("commission_percent = 10", [(Decimal("7.00"),)]),
        ("commission_percent = 0", []),
        ("commission_percent = 20", [(Decimal("14.00"),)]),
        ("voided_at = now(), void_reason = 'x'", []),
    ):
        with books.database.transaction() as session:
            session.execute(text(f"UPDATE payments SET {change}"))
        assert books.rows(COMMISSION, id=payment.id) == expected, change


def test_pages_hold_every_payment_once_in_every_order(books: Books) -> None:
    client = books.client("Érica Sá")
    for number in range(23):
        books.pay(
            f"{10 + number % 3}.00",
            paid_on=date(2025, 9, 1 + number % 4),
            client_id=client if number % 2 else None,
            artist_id=books.ana if number % 3 else books.bento,
        )
    for order in ("date", "amount", "client", "artist"):
        for descending in (False, True):
            seen: list[PaymentRow] = []
            after = None
            while True:
                with books.database.transaction() as session:
                    page = page_of_payments(
                        session,
                        filter=PaymentFilter(month=MONTH),
                        order=order,
                        descending=descending,
                        after=after,
                        limit=5,
                    )
                seen += page.rows
                after = page.next
                if after is None:
                    break
            assert len(seen) == 23
            assert len({row.id for row in seen}) == 23


@pytest.mark.parametrize(
    ("search", "found"),
    [("erica", 1), ("ÉRICA sá", 1), ("tinta", 1), ("100%", 1), ("_", 0), ("zzz", 0), ("\\", 0)],
)
def test_search_finds_names_without_accents_and_takes_marks_literally(
    books: Books, search: str, found: int
) -> None:
    books.pay("10.00", client_id=books.client("Érica Sá"), artist_id=books.bento)
    books.pay("10.00", notes="100% pago")
    with books.database.transaction() as session:
        page = page_of_payments(session, filter=PaymentFilter(search=search))
    assert len(page.rows) == found
