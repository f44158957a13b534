"""The proofs themselves. Each says what it shows, and raises NotProvedError where it is not so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import text

from server_jobs.check.books import AFTER, BEFORE, MONTH, Books
from studio_core.db.engine import Database
from studio_core.errors import RuleError, StudioError, UnavailableError
from studio_core.extrato.closing import close_month, reopen_month
from studio_core.extrato.runs import Progress
from studio_core.extrato.verify import verify_chain

BATCH_SIZES = (1, 7, 10, 100, 1_000, 10_000, 100_000)
_BATCH = 50


_CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name LIKE 'studio closing %'"
)
_LATE = text(
    "INSERT INTO expenses (spent_on, amount, description, category, method)"
    " VALUES (:day, 1, 'late', 'other', 'cash')"
)
_FORBIDDEN = (
    "UPDATE archive.payments SET amount = amount + 1",
    "DELETE FROM archive.commissions",
    "DELETE FROM extratos",
)


class NotProvedError(Exception):
    """What was found instead of what should be."""


@dataclass(frozen=True, slots=True)
class Proof:
    """name: for programs. sentence: what holds when it passes."""

    name: str
    sentence: str
    show: Callable[[Books], None]


class _InjectedError(Exception):
    """The failure that a proof causes on purpose."""


def deletion_proofs() -> Iterator[Proof]:
    """In this order: each needs the month as the one before left it."""
    yield Proof("no_backup", "Without a backup nothing moves.", _no_backup)
    for stage in ("begin", "backup", "payments", "commissions", "expenses", "sessions", "totals"):
        yield Proof(
            f"failure_{stage}",
            f"A failure at the step “{stage}” leaves every row where it was.",
            partial(_failure_at, stage=stage),
        )
    yield Proof(
        "failure_extrato",
        "A failure once the extrato is written leaves every row where it was.",
        partial(_failure_by_trigger, deferred=False),
    )
    yield Proof(
        "failure_commit",
        "A failure during the commit leaves every row where it was.",
        partial(_failure_by_trigger, deferred=True),
    )
    yield Proof(
        "connection_cut",
        "A connection cut in the middle leaves every row where it was.",
        _connection_cut,
    )
    yield Proof("cancelled", "A closing that is cancelled leaves every row where it was.", _cancel)
    yield Proof("rehearsal", "A rehearsal keeps nothing.", _rehearsal)
    yield Proof("exact", "A closing moves exactly the month, value for value.", _exact)
    yield Proof("sealed", "A closed month takes no entry, and its archive no change.", _sealed)
    yield Proof("reopened", "Reopening puts every row back, value for value.", _reopened)


def batch_proofs() -> Iterator[Proof]:
    """On a month that is open and backed up."""
    listed = ", ".join(f"{size:,}" for size in BATCH_SIZES)
    yield Proof("batches", f"Batches of {listed} rows give the same digest.", _same_digest)


def _no_backup(books: Books) -> None:
    before = books.fingerprint()
    try:
        close_month(books.admin, month=MONTH, options=books.options(batch_size=_BATCH))
    except RuleError as error:
        _expect(error.code == "backup_missing", f"refused with {error.code}")
    else:
        raise NotProvedError("the month was closed")
    _unchanged(books, before)
    books.back_up()


def _failure_at(books: Books, *, stage: str) -> None:
    def fail(progress: Progress) -> None:
        if progress.stage == stage:
            raise _InjectedError

    _fails(books, _InjectedError, on_progress=fail)


def _failure_by_trigger(books: Books, *, deferred: bool) -> None:
    books.run(
        "CREATE FUNCTION studio.injected() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'ST001', MESSAGE = 'injected'; END $$"
    )
    books.run(
        "CREATE CONSTRAINT TRIGGER injected AFTER INSERT ON public.extratos"
        + (" DEFERRABLE INITIALLY DEFERRED" if deferred else "")
        + " FOR EACH ROW EXECUTE FUNCTION studio.injected()"
    )
    try:
        _fails(books, RuleError)
    finally:
        books.run("DROP FUNCTION studio.injected() CASCADE")


def _connection_cut(books: Books) -> None:
    def cut(progress: Progress) -> None:
        if progress.stage != "expenses":
            return
        with (
            Database(books.admin.url, application_name="studio check", pool_size=1) as other,
            other.transaction() as session,
        ):
            session.execute(_CUT)

    _fails(books, UnavailableError, on_progress=cut)


def _cancel(books: Books) -> None:
    reached: list[str] = []
    _fails(
        books,
        RuleError,
        on_progress=lambda progress: reached.append(progress.stage),
        cancelled=lambda: "commissions" in reached,
    )


def _rehearsal(books: Books) -> None:
    before = books.fingerprint()
    options = books.options(batch_size=_BATCH, rehearse=True)
    result = close_month(books.admin, month=MONTH, options=options)
    _expect(result.rehearsed and result.extrato_id is None, "an extrato was kept")
    _unchanged(books, before)


def _exact(books: Books) -> None:
    leaving = books.finished_rows(MONTH)
    sessions = books.live_rows(MONTH)["sessions"]
    neighbours = [books.live_rows(month) for month in (BEFORE, AFTER)]
    close_month(books.admin, month=MONTH, options=books.options(batch_size=_BATCH))
    _expect(books.archived_rows(MONTH) == leaving, "what arrived is not what left")
    left = books.live_rows(MONTH)
    _expect(left["sessions"] == sessions, "a session of the agenda was changed")
    empty = books.live_rows(MONTH.previous().previous())
    stayed = [table for table in left if table != "sessions" and left[table] != empty[table]]
    _expect(not stayed, f"rows stayed behind: {', '.join(stayed)}")
    after = [books.live_rows(month) for month in (BEFORE, AFTER)]
    _expect(after == neighbours, "a neighbouring month was touched")
    with books.admin.transaction() as session:
        _expect(verify_chain(session) == (), "the new extrato does not verify")


def _sealed(books: Books) -> None:
    before = books.fingerprint()
    late = _LATE.bindparams(day=MONTH.first_day)
    for statement in (late, *(text(forbidden) for forbidden in _FORBIDDEN)):
        try:
            with books.admin.transaction() as session:
                session.execute(statement)
        except StudioError:
            continue
        raise NotProvedError(f"the database allowed: {str(statement).split(' (')[0]}")
    _unchanged(books, before)


def _reopened(books: Books) -> None:
    archived = books.archived_rows(MONTH)
    reopen_month(books.admin, month=MONTH, reason="check")
    _expect(books.finished_rows(MONTH) == archived, "what came back is not what was archived")


def _same_digest(books: Books) -> None:
    """All but the last are rehearsals, so that each starts from the same state."""
    digests = {}
    for size in BATCH_SIZES:
        last = size == BATCH_SIZES[-1]
        options = books.options(batch_size=size, rehearse=not last)
        digests[size] = close_month(books.admin, month=MONTH, options=options).statement.digest
    different = [str(size) for size in BATCH_SIZES if digests[size] != digests[BATCH_SIZES[0]]]
    _expect(not different, f"other digests with batches of {', '.join(different)}")


def _fails(
    books: Books,
    expected: type[Exception],
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    before = books.fingerprint()
    try:
        close_month(
            books.admin,
            month=MONTH,
            options=books.options(batch_size=_BATCH),
            on_progress=on_progress,
            cancelled=cancelled,
        )
    except expected:
        _unchanged(books, before)
    else:
        raise NotProvedError("the failure did not stop the closing")


def _unchanged(books: Books, before: dict[str, str]) -> None:
    now = books.fingerprint()
    changed = [table for table in before if before[table] != now[table]]
    _expect(not changed, f"changed: {', '.join(changed)}")


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotProvedError(otherwise)
