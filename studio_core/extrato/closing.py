"""Closing a month, and opening it again: one transaction each, all or nothing.

The steps are functions of the database that only owners and jobs may call; this module drives
them, verifies the backup between, and keeps the run's record on a second connection.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from studio_core.db.engine import Database
from studio_core.db.errors import translated
from studio_core.db.time_outs import allow_long_work
from studio_core.errors import RuleError, StudioError, UnavailableError
from studio_core.extrato.backup import BackupRow, newest_backup
from studio_core.extrato.backup_file import MOVED, Manifest, verified_manifest
from studio_core.extrato.first_backup import back_up_first
from studio_core.extrato.models import Extrato
from studio_core.extrato.queries import Statement, show_extrato
from studio_core.extrato.refusals import Refusal
from studio_core.extrato.runs import OnProgress, Progress, Run, recorded_run
from studio_core.months import Month
from studio_core.observability import get_logger
from studio_core.whole_files import file_sha256

_log = get_logger(__name__)

# Together longer than the database lets a desk be silent with the month in its hands, so that one
# that froze is out of the way before this gives up; each wait short, for a cancel to be heard.
_TRIES = 15
_WAIT = "5s"
# For what is moved already, and would be moved anew: rather longer than to begin again.
_LAST_WAIT = "60s"
_LOOKS_AFTER_S = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
# A closing holds this lock until its transaction has ended in the eyes of all. Looked at and not
# taken: whoever closes meanwhile must not be told that somebody else does.
_SOMEBODY_CLOSES = text(
    "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objsubid = 2"
    " AND l.classid = CAST(hashtext('studio.closing')::bigint & 4294967295 AS oid)"
    " AND l.objid = CAST(to_char(CAST(:month AS date), 'YYYYMM') AS oid))"
)


@dataclass(frozen=True, slots=True)
class ClosingOptions:
    """How to close. force: a closed month too. rehearse: do everything, keep nothing.

    batch_size: rows a step, at least 1. require_backup False: a missing backup only warns.
    fresh_backup: make the month's backup first, in the same run.
    """

    backup_dir: Path
    force: bool = False
    rehearse: bool = False
    batch_size: int = 100
    require_backup: bool = True
    fresh_backup: bool = False

    def __post_init__(self) -> None:
        if self.batch_size < 1:
            raise ValueError("batch_size must be at least 1")


@dataclass(frozen=True, slots=True)
class ClosingResult:
    """What a closing did, or would have done."""

    statement: Statement
    extrato_id: int | None
    run_id: int
    forced: bool
    rehearsed: bool
    backup: str | None
    seconds: float
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Closing:
    """What one attempt knows on its way."""

    month: Month
    options: ClosingOptions
    run: Run
    cancelled: Callable[[], bool]
    warnings: list[str] = field(default_factory=list)
    done: int = 0
    total: int = 0
    begun: bool = False
    outcome_known: bool = True
    holder: Callable[[], str | None] = lambda: None


class _RehearsedError(Exception):
    """Leaves the transaction without keeping it."""

    def __init__(self, result: ClosingResult) -> None:
        self.result = result


def close_month(
    database: Database,
    *,
    month: Month,
    options: ClosingOptions,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    correlation_id: str | None = None,
) -> ClosingResult:
    """Moves a month into the archive and writes its extrato.

    cancelled: asked between batches. Raises RuleError: month_not_over, month_already_closed,
    month_busy, backup_…, closing_…; AlreadyRunningError; with a fresh backup also what
    create_backup raises. Nothing was moved then. An answer lost after the commit is looked up and
    is no failure.
    """
    started = time.monotonic()
    with recorded_run(
        database,
        month=month,
        action="close",
        forced=options.force,
        rehearsal=options.rehearse,
        batch_size=options.batch_size,
        correlation_id=correlation_id,
        stage="writing" if options.fresh_backup else "begin",
        on_progress=on_progress,
    ) as run:
        closing = _Closing(month, options, run, cancelled)
        try:
            if options.fresh_backup:
                _back_up_first(database, closing)
            result = _closed(database, closing, started)
        except BaseException as error:
            if closing.outcome_known:
                _record_ending(run, error)
            raise
        _record_done(run, closing, result)
        return result


def reopen_month(
    database: Database, *, month: Month, reason: str, correlation_id: str | None = None
) -> int:
    """Puts a closed month's rows back, row for row. Returns the superseded extrato's id.

    Raises RuleError: reason_required, month_not_closed, month_busy; AlreadyRunningError.
    """
    with recorded_run(database, month=month, action="reopen", correlation_id=correlation_id) as run:
        try:
            with database.transaction() as session:
                _patient(session, month)
                extrato_id: int = session.execute(
                    text("SELECT studio.reopen_month(:month, :reason)"),
                    {"month": month.first_day, "reason": reason},
                ).scalar_one()
        except BaseException as error:
            _record_ending(run, error)
            raise
        _record(run, "done", extrato_id=extrato_id)
    return extrato_id


def _back_up_first(database: Database, closing: _Closing) -> None:
    def progressed(progress: Progress) -> None:
        closing.run.report(progress)
        _stop_if_cancelled(closing)

    back_up_first(
        database,
        month=closing.month,
        force=closing.options.force,
        run_id=closing.run.id,
        directory=closing.options.backup_dir,
        on_progress=progressed,
    )


def _closed(database: Database, closing: _Closing, started: float) -> ClosingResult:
    try:
        return _attempts(database, closing, started)
    except _RehearsedError as rehearsed:
        return rehearsed.result
    except UnavailableError:
        # The connection may have been cut between the commit and its answer.
        found = _kept(database, closing, started)
        if found is None:
            raise
        return found


def _kept(database: Database, closing: _Closing, started: float) -> ClosingResult | None:
    """What this run committed; None when nothing, or when nobody can tell in time.

    A server that is coming back gets some time, and so does one that is still at it: it does not
    know yet that nobody listens.
    """
    closing.outcome_known = False
    for wait_s in _LOOKS_AFTER_S:
        time.sleep(wait_s)
        try:
            with database.transaction() as session:
                if not session.scalar(_SOMEBODY_CLOSES, {"month": closing.month.first_day}):
                    closing.outcome_known = True
                    if _written_by(session, closing.run) is None:
                        return None
                    return _result(session, closing, started, backup=None)
        except UnavailableError:
            pass  # It is away, and may be back at the next look.
        _log.info("run_outcome_unknown", run=closing.run.id)
    return None


def _attempts(database: Database, closing: _Closing, started: float) -> ClosingResult:
    """Waits for the month's lock many times; then, and for any later lock, says who keeps it."""
    for attempt in range(1, _TRIES + 1):
        _stop_if_cancelled(closing)
        try:
            with database.transaction() as session:
                return _one_transaction(session, closing, started)
        except RuleError as error:
            if error.code != "lock_timeout":
                raise
            if attempt == _TRIES or closing.begun:
                raise RuleError(
                    "month_busy", month=closing.month.label, who=closing.holder() or "somebody"
                ) from error
    raise AssertionError("the last attempt returns or raises")


def _one_transaction(session: Session, closing: _Closing, started: float) -> ClosingResult:
    month, options, run = closing.month, closing.options, closing.run
    run.report(Progress("begin", 0, 0), always=True)
    _patient(session, month)
    # Only around a single statement: the watcher asks on the connection that reports travel on.
    with run.naming_who_holds_it() as closing.holder:
        plan: dict[str, Any] = session.execute(
            text("SELECT studio.closing_begin(:month, :force)"),
            {"month": month.first_day, "force": options.force},
        ).scalar_one()
    session.execute(text("SELECT set_config('lock_timeout', :wait, true)"), {"wait": _LAST_WAIT})
    closing.begun = True
    closing.done = 0
    closing.total = sum(rows["rows"] for rows in plan["rows"].values())
    run.report(Progress("backup", 0, closing.total), always=True)
    found = _verified_backup(session, closing, plan["rows"])
    for table in MOVED:
        _move(session, closing, table)
    run.report(Progress("totals", closing.done, closing.total), always=True)
    _stop_if_cancelled(closing)
    with run.naming_who_holds_it() as closing.holder:
        _finish(session, closing, found)
    result = _result(session, closing, started, found[0].path.name if found else None)
    if options.rehearse:
        raise _RehearsedError(result)
    return result


def _patient(session: Session, month: Month) -> None:
    """A bounded wait for the lock, under a name that the watcher looks for; then all the time."""
    allow_long_work(session)
    session.execute(
        text(
            "SELECT set_config('lock_timeout', :wait, true),"
            " set_config('application_name', :name, true)"
        ),
        {"wait": _WAIT, "name": f"studio closing {month.label}"},
    )


def _verified_backup(
    session: Session, closing: _Closing, held: dict[str, Any]
) -> tuple[BackupRow, Manifest] | None:
    """The newest backup, read whole and equal in rows and sums to what is about to be moved.

    The digests are compared at the end, with the rows that arrived.
    """
    month, options = closing.month, closing.options
    backup = newest_backup(session, month, options.backup_dir)
    if backup is None:
        if options.require_backup:
            raise RuleError("backup_missing", month=month.label)
        closing.warnings.append(str(RuleError("backup_missing", month=month.label)))
        return None
    manifest = verified_manifest(backup.path, lambda _: _stop_if_cancelled(closing))
    if manifest.month != month:
        raise RuleError(
            "backup_wrong_month",
            name=backup.path.name,
            found=manifest.month.label,
            month=month.label,
        )
    if file_sha256(backup.path) != backup.file_sha256:
        raise RuleError("backup_corrupt", name=backup.path.name, reason="not the file on record")
    for table in MOVED:
        entry = manifest.tables[table]
        if (entry.rows, entry.sum) != (held[table]["rows"], held[table]["sum"]):
            raise _stale(closing, backup, table)
    return backup, manifest


def _move(session: Session, closing: _Closing, table: str) -> None:
    """One table in ranges of keys, read from a cursor so that memory stays flat."""
    closing.run.report(Progress(table, closing.done, closing.total), always=True)
    ranges = session.execute(
        text("SELECT * FROM studio.closing_ranges(:month, :table, :batch)"),
        {
            "month": closing.month.first_day,
            "table": table,
            "batch": closing.options.batch_size,
        },
        execution_options={"stream_results": True, "max_row_buffer": 500},
    )
    step = text("SELECT studio.closing_move(:month, :table, :first, :last)")
    for found in ranges:
        _stop_if_cancelled(closing)
        closing.done += session.execute(
            step,
            {
                "month": closing.month.first_day,
                "table": table,
                "first": found.first_id,
                "last": found.last_id,
            },
        ).scalar_one()
        closing.run.report(Progress(table, closing.done, closing.total))


def _finish(session: Session, closing: _Closing, found: tuple[BackupRow, Manifest] | None) -> None:
    backup, manifest = found if found is not None else (None, None)
    try:
        session.execute(
            text(
                "SELECT studio.closing_finish(:month, :run, :backup,"
                " CAST(CAST(:digests AS text) AS jsonb))"
            ),
            {
                "month": closing.month.first_day,
                "run": closing.run.id,
                "backup": backup.id if backup is not None else None,
                "digests": json.dumps(manifest.digests) if manifest is not None else None,
            },
        )
    except DBAPIError as error:  # Only to name the file, which the database does not know.
        refusal = translated(error)
        if backup is None or refusal is None or refusal.code != "backup_stale":
            raise
        raise _stale(closing, backup, str(refusal.params.get("table"))) from error


def _stale(closing: _Closing, backup: BackupRow, table: str) -> RuleError:
    month = closing.month.label
    if closing.options.fresh_backup:
        return RuleError("changed_during_backup", month=month)
    return RuleError("backup_stale", name=backup.path.name, month=month, table=table)


def _result(
    session: Session, closing: _Closing, started: float, backup: str | None
) -> ClosingResult:
    statement = show_extrato(session, closing.month)
    later = session.scalar(
        select(Extrato.id)
        .where(Extrato.superseded_at.is_(None))
        .where(Extrato.year * 100 + Extrato.month > closing.month.year * 100 + closing.month.month)
        .limit(1)
    )
    if later is not None:
        closing.warnings.append(str(RuleError("closed_out_of_order", month=closing.month.label)))
    return ClosingResult(
        statement=statement,
        extrato_id=None if closing.options.rehearse else _written_by(session, closing.run),
        run_id=closing.run.id,
        forced=closing.options.force,
        rehearsed=closing.options.rehearse,
        backup=backup,
        seconds=time.monotonic() - started,
        warnings=tuple(closing.warnings),
    )


def _written_by(session: Session, run: Run) -> int | None:
    extrato_id: int | None = session.scalar(select(Extrato.id).where(Extrato.run_id == run.id))
    return extrato_id


def _stop_if_cancelled(closing: _Closing) -> None:
    if closing.cancelled() or closing.run.cancel_requested():
        raise RuleError("closing_cancelled")


def _record_done(run: Run, closing: _Closing, result: ClosingResult) -> None:
    try:
        run.report(Progress("done", closing.total, closing.total), always=True)
    except SQLAlchemyError:
        _log.info("run_end_not_told", run=run.id)
    _record(run, "rehearsed" if result.rehearsed else "done", extrato_id=result.extrato_id)


def _record_ending(run: Run, error: BaseException) -> None:
    _record(run, *_ending(error))


def _record(
    run: Run, status: str, refusal: Refusal | None = None, *, extrato_id: int | None = None
) -> None:
    """What was done is done, and what failed is raised, recorded or not: the next run completes
    the record of one without an ending."""
    try:
        run.finish(status, refusal, extrato_id)
    except (SQLAlchemyError, StudioError):
        _log.warning("run_record_unfinished", run=run.id)


def _ending(error: BaseException) -> tuple[str, Refusal]:
    """Status of a run that did not succeed, and why; never a value of a person's row."""
    if isinstance(error, RuleError):
        cancelled = error.code == "closing_cancelled"
        return ("cancelled" if cancelled else "refused"), Refusal.of(error)
    if isinstance(error, StudioError):
        return "failed", Refusal.of(error)
    return "failed", Refusal(type(error).__name__)
