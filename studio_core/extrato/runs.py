"""The record of a run and its progress, on a connection of its own.

The closing's transaction never touches these rows, so all desks see how far it is. An advisory
lock of this connection is the run's sign of life: an extrato that names the run means done, the
lock gone without one means died.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass

from sqlalchemy import Connection, Update, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from studio_core.db.engine import Database
from studio_core.extrato.models import Extrato, ExtratoProgress, ExtratoRun
from studio_core.extrato.refusals import NOTHING_REFUSED, Refusal
from studio_core.months import Month

_LOCK = text("SELECT pg_try_advisory_lock(hashtext('studio.run'), CAST(:run AS integer))")
_UNLOCK = text("SELECT pg_advisory_unlock(hashtext('studio.run'), CAST(:run AS integer))")
_NOTIFY_PROGRESS = text(
    "SELECT pg_notify('studio_changes',"
    " json_build_object('table', 'extrato_progress', 'ids', json_build_array(:run))::text)"
)
# Often enough for a moving bar, seldom enough to cost the closing nothing.
_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work is.

    stage: of a run writing (a fresh backup), begin, backup (its checking), payments, commissions,
    expenses, sessions, totals or done; of a backup or an import the table in hand.
    """

    stage: str
    rows_done: int
    rows_total: int


OnProgress = Callable[[Progress], None]


class Run:
    """One attempt, from the first line of its record to the last."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        run_id: int,
        month: Month,
        on_progress: OnProgress | None,
    ) -> None:
        self.id = run_id
        self.month = month
        self._database = database
        self._connection = connection
        self._on_progress = on_progress
        self._reported_at = 0.0
        self._cancel_requested = False

    def report(self, progress: Progress, *, always: bool = False) -> None:
        """Tells the desks and the caller; drops what comes faster than an eye can follow."""
        now = time.monotonic()
        if not always and now - self._reported_at < _EVERY_S:
            return
        self._reported_at = now
        self._cancel_requested = self._connection.execute(
            update(ExtratoProgress)
            .where(ExtratoProgress.run_id == self.id)
            .values(
                stage=progress.stage,
                rows_done=progress.rows_done,
                rows_total=progress.rows_total,
                updated_at=text("clock_timestamp()"),
            )
            .returning(ExtratoProgress.cancel_requested)
        ).scalar_one()
        self._connection.execute(_NOTIFY_PROGRESS, {"run": self.id})
        if self._on_progress is not None:
            self._on_progress(progress)

    def cancel_requested(self) -> bool:
        """True once a desk asked for it, as of the last report."""
        return self._cancel_requested

    def finish(
        self, status: str, refusal: Refusal | None = None, extrato_id: int | None = None
    ) -> None:
        """Writes how it ended: done, rehearsed, refused, cancelled or failed.

        On a fresh connection where its own was cut. Raises SQLAlchemyError or StudioError where
        the database is away; the next run then tells it from what stands.
        """
        ending = (
            update(ExtratoRun)
            .where(ExtratoRun.id == self.id)
            .values(
                status=status,
                extrato_id=extrato_id,
                finished_at=text("clock_timestamp()"),
                **(refusal.columns if refusal is not None else NOTHING_REFUSED),
            )
        )
        try:
            self._end(self._connection, ending)
        except SQLAlchemyError:
            with self._database.connection() as fresh:
                self._end(fresh, ending)

    def _end(self, connection: Connection, ending: Update) -> None:
        connection.execute(ending)
        connection.execute(_NOTIFY_PROGRESS, {"run": self.id})

    @contextmanager
    def naming_who_holds_it(self) -> Iterator[Callable[[], str | None]]:
        """While the body waits for a lock: who holds it, as seen from this connection."""
        seen: list[str] = []
        done = threading.Event()

        def look() -> None:
            question = text("SELECT studio.who_holds_month(:month)")
            while not done.wait(0.5):
                try:
                    who = self._connection.execute(
                        question, {"month": self.month.first_day}
                    ).scalar_one()
                except SQLAlchemyError:
                    return  # The connection is gone, which the next report says.
                if who:
                    seen.append(who)

        watcher = threading.Thread(
            target=copy_context().run, args=(look,), name="studio-closing-watch", daemon=True
        )
        watcher.start()
        try:
            yield lambda: seen[-1] if seen else None
        finally:
            done.set()
            watcher.join()


@contextmanager
def recorded_run(
    database: Database,
    *,
    month: Month,
    action: str,
    forced: bool = False,
    rehearsal: bool = False,
    batch_size: int | None = None,
    correlation_id: str | None = None,
    stage: str = "begin",
    on_progress: OnProgress | None = None,
) -> Iterator[Run]:
    """Opens the record of a run; first notes which earlier ones died without a word.

    stage: its first one.
    """
    with database.connection() as connection:
        bury_dead_runs(connection)
        run_id = connection.execute(
            insert(ExtratoRun)
            .values(
                month_start=month.first_day,
                action=action,
                forced=forced,
                rehearsal=rehearsal,
                batch_size=batch_size,
                correlation_id=correlation_id,
            )
            .returning(ExtratoRun.id)
        ).scalar_one()
        connection.execute(_LOCK, {"run": run_id})
        connection.execute(insert(ExtratoProgress).values(run_id=run_id, stage=stage))
        yield Run(database, connection, run_id, month, on_progress)


def bury_dead_runs(connection: Connection) -> None:
    """Marks runs whose sign of life is gone: done where their extrato stands, else died."""
    running = connection.scalars(select(ExtratoRun.id).where(ExtratoRun.status == "running")).all()
    for run_id in running:
        if not connection.execute(_LOCK, {"run": run_id}).scalar_one():
            continue
        extrato_id = connection.scalar(select(Extrato.id).where(Extrato.run_id == run_id))
        connection.execute(
            update(ExtratoRun)
            .where(ExtratoRun.id == run_id, ExtratoRun.status == "running")
            .values(
                status="done" if extrato_id is not None else "died",
                extrato_id=extrato_id,
                finished_at=text("clock_timestamp()"),
            )
        )
        connection.execute(_UNLOCK, {"run": run_id})
