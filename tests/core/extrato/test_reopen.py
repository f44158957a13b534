import pytest

from studio_core.errors import RuleError
from studio_core.extrato.closing import reopen_month
from studio_core.extrato.queries import list_extratos, show_extrato
from tests.books import MONTH, Books
from tests.core.extrato.conftest import Closer


def test_reopening_gives_the_month_back_row_for_row(books: Books, closer: Closer) -> None:
    books.fill(25)
    books.pay("10.00", client_id=books.client("Lia"), notes="com cliente")
    before = books.snapshot()
    closer.back_up_and_close(batch_size=4)
    reopen_month(books.database, month=MONTH, reason="faltou um recibo")
    assert books.snapshot() == before
    assert books.value("SELECT count(*) FROM archive.payments") == 0
    assert books.value("SELECT count(*) FROM archive.sessions") == 0
    books.pay("5.00")


def test_a_reopened_version_keeps_its_totals_and_digest(books: Books, closer: Closer) -> None:
    books.fill(5)
    first = closer.back_up_and_close().statement
    reopen_month(books.database, month=MONTH, reason="faltou um recibo")
    with books.database.transaction() as session:
        with pytest.raises(RuleError, match="no extrato"):
            show_extrato(session, MONTH)
        old = show_extrato(session, MONTH, 1)
        listed = list_extratos(session, with_superseded=True)
    assert (old.totals, old.digest) == (first.totals, first.digest)
    assert [row.superseded_why for row in listed] == ["faltou um recibo"]
    again = closer.back_up_and_close().statement
    assert again.version == 2
    assert again.totals == first.totals


def test_reopening_wants_a_closed_month_and_a_reason(books: Books, closer: Closer) -> None:
    with pytest.raises(RuleError, match="is not closed"):
        reopen_month(books.database, month=MONTH, reason="x")
    closer.back_up_and_close()
    with pytest.raises(RuleError, match="Say why"):
        reopen_month(books.database, month=MONTH, reason=" ")
    assert books.rows("SELECT action, status FROM extrato_runs ORDER BY id") == [
        ("reopen", "refused"),
        ("close", "done"),
        ("reopen", "refused"),
    ]


def test_the_reason_is_in_the_audit(books: Books, closer: Closer) -> None:
    closer.back_up_and_close()
    reopen_month(books.database, month=MONTH, reason="faltou um recibo")
    assert books.value("SELECT after ->> 'why' FROM audit_log WHERE action = 'reopen'") == (
        "faltou um recibo"
    )
