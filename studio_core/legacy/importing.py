"""The import of a legacy database, from the first user to the last closed month."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from studio_core.db.engine import Database
from studio_core.db.time_outs import allow_long_work
from studio_core.errors import AlreadyRunningError
from studio_core.extrato.runs import OnProgress, Progress
from studio_core.ledger.models import AccountingMonth
from studio_core.legacy.agenda import import_sessions
from studio_core.legacy.clients import import_clients
from studio_core.legacy.closed_lines import ClosedLines, line_sums
from studio_core.legacy.closed_months import ClosedMonth, UnreadableMonthError, closed_month
from studio_core.legacy.closing import close_month
from studio_core.legacy.commissions import import_commissions
from studio_core.legacy.expenses import import_expenses
from studio_core.legacy.ledger import import_payments
from studio_core.legacy.memory import Origin, digest_of
from studio_core.legacy.people import People
from studio_core.legacy.report import ImportReport, Notebook
from studio_core.legacy.run import Run
from studio_core.legacy.source import COLUMNS, LegacySource, Row
from studio_core.legacy.stock import import_stock
from studio_core.legacy.stored_totals import differing_totals
from studio_core.legacy.sums import sums_of_months
from studio_core.legacy.twins import Twins
from studio_core.legacy.users import import_users

_EXTRATO_COLUMNS = [name for group in COLUMNS["extratos"] for name in group]


def import_legacy(
    database: Database, source_url: str, *, on_progress: OnProgress | None = None
) -> ImportReport:
    """Brings a legacy database over, all or nothing, and may be repeated: a later run brings what
    is new there and reports what changed.

    source_url: the legacy PostgreSQL, which is only read. Nobody gets access by it. What the
    legacy rules let in and ours do not is imported as it stands where it is booked money; every
    oddity, and every row left out, is a finding of the report. Months that the legacy system had
    closed are closed here, oldest first.
    Raises StudioError: legacy_source, legacy_not_found, import_running, lock_timeout.
    """
    source = LegacySource(source_url)
    try:
        with database.transaction() as session:
            run = _begin(session, source, on_progress or _ignore)
            _import_all(run)
            sums = sums_of_months(session, run.notes)
    finally:
        source.close()
    notes = run.notes
    return ImportReport(notes.counts(), tuple(notes.findings), sums, tuple(notes.closed_months))


def _ignore(_progress: Progress) -> None:
    pass


def _begin(session: Session, source: LegacySource, on_progress: OnProgress) -> Run:
    if not session.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('studio.import'))")):
        raise AlreadyRunningError("import_running")
    allow_long_work(session)
    # A slow legacy server must not end our transaction between two batches.
    session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '30min'"))
    zone, today = session.execute(text("SELECT studio.zone(), studio.today()")).one()
    closed_here = session.scalars(
        select(AccountingMonth.month_start).where(AccountingMonth.state == "closed")
    )
    closed_there = source.ask("SELECT ano, mes FROM public.extratos")
    return Run(
        session=session,
        source=source,
        notes=Notebook(),
        zone=ZoneInfo(zone),
        today=today,
        closed_here=frozenset(closed_here),
        closed_there=frozenset(
            f"{row['ano']:04d}-{row['mes']:02d}"
            for row in closed_there
            if isinstance(row["ano"], int) and isinstance(row["mes"], int)
        ),
        on_progress=on_progress,
    )


def _import_all(run: Run) -> None:
    import_users(run)
    import_clients(run)
    people, twins = People(run), Twins(run)
    import_sessions(run, people)
    # Sessions of all closed months come before any payment, which may name one of another month.
    for closed in _new_months(run):
        ClosedLines(run, people, twins, closed).import_sessions()
    for closed in _new_months(run):
        ClosedLines(run, people, twins, closed).import_money()
    import_payments(run, people, twins)
    import_commissions(run, people)
    import_expenses(run)
    import_stock(run)
    _close_months(run)


def _close_months(run: Run) -> None:
    """Notes what is odd about each month of `extratos`, and closes the new ones."""
    total = run.source.count("extratos")
    run.notes.count("extratos", "read", total)
    for done, row in enumerate(run.source.closed_months(), start=1):
        _close_month(run, row)
        run.on_progress(Progress("extratos", done, total))


def _close_month(run: Run, row: Row) -> None:
    key, digest = str(row["id"]), digest_of(row, _EXTRATO_COLUMNS)
    try:
        closed = closed_month(row)
    except UnreadableMonthError as error:
        run.find("month_unreadable", "extratos", key, f"Left out: {error}.")
        run.notes.count("extratos", "left_out")
        return
    line_sums(run, closed)
    known = run.memory.known("extratos", [key]).get(key)
    if known is not None:
        if known.digest != digest:
            run.find(
                "changed_since",
                "extratos",
                key,
                f"The extrato of {closed.month} was changed in the old system after it was "
                "imported. What was imported stands.",
            )
        run.notes.count("extratos", "already_there")
        return
    if run.is_closed_here(closed.month.first_day):
        run.find(
            "month_closed_here",
            "extratos",
            key,
            f"The month {closed.month} is closed here already: its lines were left out.",
        )
        run.notes.count("extratos", "left_out")
        return
    for sentence in differing_totals(closed):
        run.find("total_differs", "extratos", key, sentence)
    extrato_id = 0
    if closed.month.is_over(run.today):
        extrato_id = close_month(run, closed.month)
    else:
        run.find(
            "month_not_over",
            "extratos",
            key,
            f"The month {closed.month} is not over: its lines are here, and it stays open.",
        )
    run.memory.remember([(Origin("extratos", key, digest), extrato_id)])
    run.notes.count("extratos", "imported")


def _new_months(run: Run) -> Iterator[ClosedMonth]:
    """Closed months whose lines are still to come, oldest first; unreadable ones are skipped."""
    for row in run.source.closed_months():
        try:
            closed = closed_month(row)
        except UnreadableMonthError:
            continue
        if run.is_closed_here(closed.month.first_day):
            continue
        if not run.memory.known("extratos", [closed.key]):
            yield closed
