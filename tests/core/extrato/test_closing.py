from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, text

from studio_core.errors import RuleError
from studio_core.extrato.queries import list_extratos, open_months, preview, show_extrato
from studio_core.months import Month
from tests.books import DAY, MONTH, Books
from tests.core.extrato.conftest import Closer

LIVE = """
    SELECT (SELECT count(*) FROM payments) + (SELECT count(*) FROM commissions)
         + (SELECT count(*) FROM expenses)"""


def test_a_closed_month_says_what_plain_sql_says(books: Books, closer: Closer) -> None:
    books.fill(120)
    books.pay("-10.00", kind="refund")
    voided = books.pay("999.99")
    with books.database.transaction() as session:
        session.execute(
            text("UPDATE payments SET voided_at = now(), void_reason = 'x' WHERE id = :id"),
            {"id": voided.id},
        )
    books.pay("77.00", tip_amount=Decimal("5.00"))
    gross = books.value("SELECT sum(amount) FROM payments WHERE voided_at IS NULL")
    commissions = books.value("SELECT sum(amount) FROM commissions WHERE voided_at IS NULL")
    expenses = books.value("SELECT sum(amount) FROM expenses")
    methods = books.rows(
        "SELECT method, sum(amount) FROM payments WHERE voided_at IS NULL GROUP BY method"
        ' ORDER BY method COLLATE "C"'
    )
    before = before_preview(books)

    result = closer.back_up_and_close(batch_size=7)

    shown = result.statement.to_json()
    assert {name: shown[name] for name in ("year", "month", "version")} == {
        "year": 2025,
        "month": 9,
        "version": 1,
    }
    totals = shown["totals"]
    assert totals["gross_revenue"] == str(gross)
    assert totals["commissions"] == str(commissions)
    assert totals["expenses"] == str(expenses)
    assert totals["balance"] == str(gross - expenses)
    assert totals["net_revenue"] == str(gross - commissions - expenses)
    assert totals["by_method"] == [{"method": m, "total": str(t)} for m, t in methods]
    assert [line["artist"] for line in totals["by_artist"]] == ["Ana Tinta"]
    assert shown["counts"] == {"payments": 122, "sessions": 120, "commissions": 92, "expenses": 12}
    assert before == {**shown, "version": None, "digest": None}
    assert books.value(LIVE) == 0
    assert books.value("SELECT count(*) FROM archive.payments") == 123
    assert books.value("SELECT count(*) FROM sessions") == 120


def before_preview(books: Books) -> dict[str, Any]:
    with books.database.transaction() as session:
        return preview(session, MONTH).to_json()


def test_an_empty_month_closes_to_zeros(books: Books, closer: Closer) -> None:
    totals = closer.back_up_and_close(Month(2024, 2)).statement.totals
    assert totals == {
        "gross_revenue": "0.00",
        "commissions": "0.00",
        "expenses": "0.00",
        "balance": "0.00",
        "net_revenue": "0.00",
        "by_artist": [],
        "by_method": [],
        "expenses_by_method": [],
        "expenses_by_category": [],
    }


@pytest.mark.parametrize("batch_size", [1, 2, 10, 50, 51, 100, 1000, 10_000, 100_000])
def test_any_batch_size_moves_everything(books: Books, closer: Closer, batch_size: int) -> None:
    books.fill(50)
    closer.back_up_and_close(batch_size=batch_size)
    assert books.value(LIVE) == 0
    assert books.value("SELECT count(*) FROM archive.payments") == 50


def test_only_the_month_is_moved(books: Books, closer: Closer) -> None:
    books.fill(20, Month(2025, 8))
    books.fill(20, Month(2025, 10))
    books.fill(20)
    others = books.snapshot(Month(2025, 8)), books.snapshot(Month(2025, 10))
    closer.back_up_and_close(batch_size=3)
    assert (books.snapshot(Month(2025, 8)), books.snapshot(Month(2025, 10))) == others
    assert books.snapshot()["payments"] == []


def test_a_session_belongs_to_the_month_of_the_studios_clock(books: Books, closer: Closer) -> None:
    """23:30 on 30 September in São Paulo is already October in UTC."""
    with books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO sessions (artist_id, starts_at, ends_at, status) VALUES"
                " (:ana, '2025-09-30 23:30-03', '2025-10-01 00:30-03', 'paid'),"
                " (:ana, '2025-08-31 23:30-03', '2025-09-01 00:30-03', 'no_show'),"
                " (:ana, '2025-09-15 10:00-03', '2025-09-15 11:00-03', 'scheduled')"
            ),
            {"ana": books.ana},
        )
    closer.back_up_and_close()
    assert books.rows("SELECT status FROM archive.sessions") == [("paid",)]


def test_a_month_that_is_not_over_is_refused(books: Books, closer: Closer) -> None:
    today = books.value("SELECT studio.today()")
    closer.back_up(Month.of(today))
    with pytest.raises(RuleError, match="not over yet"):
        closer.close(Month.of(today))


def test_the_month_over_is_judged_by_the_studios_clock(books: Books, closer: Closer) -> None:
    """Where the studio's zone is ahead of everyone's, its month ends first."""
    moment = books.value("SELECT now()")
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        with books.database.transaction() as session:
            session.execute(
                text(
                    "INSERT INTO settings (key, value)"
                    " VALUES ('time_zone', to_jsonb(CAST(:zone AS text)))"
                    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
                ),
                {"zone": zone},
            )
        local = books.value("SELECT (:moment AT TIME ZONE :zone)::date", moment=moment, zone=zone)
        assert books.value("SELECT studio.today()") == local


def test_closing_twice_is_refused(books: Books, closer: Closer) -> None:
    closer.back_up_and_close()
    with pytest.raises(RuleError, match="already closed"):
        closer.close()


def test_a_rehearsal_does_everything_and_keeps_nothing(books: Books, closer: Closer) -> None:
    books.fill(30)
    before = books.snapshot()
    result = closer.back_up_and_close(rehearse=True)
    assert result.statement.counts["payments"] == 30
    assert books.snapshot() == before
    assert books.rows("SELECT status FROM extrato_runs") == [("rehearsed",)]
    assert books.value("SELECT count(*) FROM extratos") == 0


def test_closing_out_of_order_warns_and_works(books: Books, closer: Closer) -> None:
    closer.back_up_and_close(Month(2025, 9))
    result = closer.back_up_and_close(Month(2025, 8))
    assert result.warnings == ("A month after 2025-08 is closed already.",)


def test_a_cancel_between_batches_leaves_the_month_as_it_was(books: Books, closer: Closer) -> None:
    books.fill(60)
    before = books.snapshot()
    closer.back_up()
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 90

    with pytest.raises(RuleError, match="cancelled"):
        closer.close(batch_size=10, cancelled=cancelled)
    assert books.snapshot() == before
    assert books.rows("SELECT status FROM extrato_runs") == [("cancelled",)]


def test_a_failure_after_any_step_moves_nothing(books: Books, closer: Closer) -> None:
    """Fails after the first statement, the second, and so on to the last before the commit."""
    books.fill(9)
    closer.back_up()
    before = books.snapshot()
    engine = books.database.engine
    executed, allowed = 0, 0

    class InjectedError(Exception):
        pass

    def fail_after(*_: Any) -> None:
        nonlocal executed
        executed += 1
        if executed > allowed:
            raise InjectedError

    steps = 0
    while True:
        steps, executed, allowed = steps + 1, 0, steps
        event.listen(engine, "after_cursor_execute", fail_after)
        try:
            closer.close(batch_size=4)
        except InjectedError:
            pass
        finally:
            event.remove(engine, "after_cursor_execute", fail_after)
        if books.value("SELECT count(*) FROM extratos") == 1:
            break  # That failure came after the commit.
        assert books.snapshot() == before, f"after statement {steps}"
        assert books.value("SELECT count(*) FROM archive.payments") == 0
    assert steps > 25
    assert books.value(LIVE) == 0
    assert books.value("SELECT count(*) FROM archive.payments") == 9


def test_a_closed_month_can_be_shown_and_listed(books: Books, closer: Closer) -> None:
    books.fill(5)
    closer.back_up_and_close()
    with books.database.transaction() as session:
        shown = show_extrato(session, MONTH)
        listed = list_extratos(session)
        with pytest.raises(RuleError, match="already closed"):
            preview(session, MONTH)
        with pytest.raises(RuleError, match="no extrato"):
            show_extrato(session, Month(2020, 1))
        with pytest.raises(RuleError, match="no version 7"):
            show_extrato(session, MONTH, 7)
        assert MONTH not in {month.month for month in open_months(session)}
    assert listed[0].gross_revenue == shown.totals["gross_revenue"]
    assert listed[0].digest == shown.digest


def test_force_keeps_every_earlier_row_and_adds_the_late_one(books: Books, closer: Closer) -> None:
    books.fill(20)
    first = closer.back_up_and_close()
    early = books.rows("SELECT * FROM archive.payments ORDER BY id")
    with pytest.raises(RuleError, match="is closed"):
        books.pay("300.00")
    # Only what bypasses every trigger can be late: a row from another system, put in by hand.
    with books.database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(
            text(
                "INSERT INTO payments (paid_on, amount, method, artist_id, commission_percent)"
                " VALUES (:day, 300, 'pix', :ana, 0)"
            ),
            {"day": DAY, "ana": books.ana},
        )
    second = closer.back_up_and_close(force=True)
    late = books.rows("SELECT * FROM archive.payments ORDER BY id")
    assert [row[1:] for row in late[:20]] == [row[1:] for row in early]
    assert len(late) == 21
    assert second.statement.version == 2
    assert second.forced
    assert Decimal(second.statement.totals["gross_revenue"]) == 300 + Decimal(
        first.statement.totals["gross_revenue"]
    )
    with books.database.transaction() as session:
        old = show_extrato(session, MONTH, 1)
    assert old.totals == first.statement.totals
    assert old.digest == first.statement.digest
    assert old.superseded_at is not None


def test_force_on_an_open_month_just_closes_it(books: Books, closer: Closer) -> None:
    books.fill(3)
    assert closer.back_up_and_close(force=True).statement.version == 1


def test_the_run_is_on_record_with_its_extrato(books: Books, closer: Closer) -> None:
    books.fill(3)
    result = closer.back_up_and_close()
    assert books.rows(
        "SELECT r.id, r.status, e.version FROM extrato_runs r JOIN extratos e"
        " ON e.id = r.extrato_id AND e.run_id = r.id"
    ) == [(result.run_id, "done", 1)]
    assert books.rows("SELECT action, row_key FROM audit_log WHERE action = 'close'") == [
        ("close", str(MONTH.first_day))
    ]


def test_progress_is_told_stage_by_stage_and_never_goes_back(books: Books, closer: Closer) -> None:
    books.fill(40)
    closer.back_up()
    heard: list[Any] = []
    closer.close(batch_size=10, on_progress=heard.append)
    stages = [progress.stage for progress in heard]
    assert list(dict.fromkeys(stages)) == [
        "begin",
        "backup",
        "payments",
        "commissions",
        "expenses",
        "sessions",
        "totals",
        "done",
    ]
    done = [progress.rows_done for progress in heard]
    assert done == sorted(done)
    assert heard[-1].rows_done == heard[-1].rows_total == 40 + 30 + 4 + 40


def test_a_wrong_batch_size_is_refused_before_anything_starts(closer: Closer) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        closer.close(batch_size=0)


def test_dates_at_the_edges_belong_to_their_month(books: Books, closer: Closer) -> None:
    books.pay("1.00", paid_on=date(2025, 8, 31))
    books.pay("2.00", paid_on=date(2025, 9, 1))
    books.pay("4.00", paid_on=date(2025, 9, 30))
    books.pay("8.00", paid_on=date(2025, 10, 1))
    assert closer.back_up_and_close().statement.totals["gross_revenue"] == "6.00"
