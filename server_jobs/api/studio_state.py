"""What the HTTP side asks the database, each question answered within its time or not at all."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from server_jobs.api.transactions import own_login
from server_jobs.clock import Clock
from studio_core.db.engine import Database
from studio_core.db.migrations import MINIMUM_QUESTION, judge_revision
from studio_core.db.probe import Probe, probing
from studio_core.errors import StudioError, UnavailableError
from studio_core.extrato.due import DUE_QUESTION, Calendar
from studio_core.months import Month

_WITHIN_S = 2.0
_AT_ONCE = 4
_MIGRATED = "SELECT to_regclass('public.alembic_version') IS NOT NULL AS migrated"
_FIGURES = """
SELECT (SELECT json_object_agg(status, count) FROM
            (SELECT status, count(*) FROM extrato_runs GROUP BY status) AS r) AS runs,
       (SELECT extract(epoch FROM max(closed_at))::double precision FROM extratos
        WHERE source = 'closing') AS closed_at_s,
       (SELECT extract(epoch FROM clock_timestamp() - max(created_at))::double precision
        FROM backups) AS backup_age_s,
       (SELECT extract(epoch FROM clock_timestamp() - max(created_at))::double precision
        FROM full_backups WHERE removed_at IS NULL) AS full_backup_age_s,
       (SELECT json_object_agg(severity, count) FROM
            (SELECT severity, count(*) FROM alerts WHERE seen_at IS NULL
             GROUP BY severity) AS a) AS alerts,
       (SELECT count(*) FROM extrato_requests WHERE status IN ('waiting', 'taken')) AS requests
"""


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """latency_ms: of one small question on a connection that stands. revision: None: no tables."""

    latency_ms: float
    server: str
    revision: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers for the metrics; None where there is nothing to tell yet. closed_at_s: since 1970."""

    latency_ms: float
    runs: dict[str, int]
    closed_at_s: float | None
    backup_age_s: float | None
    full_backup_age_s: float | None
    alerts: dict[str, int]
    requests: int
    overdue: bool


class StudioState:
    """Asks the database anew every time, with a bound on time and on how many ask at once."""

    def __init__(self, database: Database, clock: Clock, within_s: float = _WITHIN_S) -> None:
        self._database = database
        self._clock = clock
        self._within_s = within_s
        self._seats = threading.BoundedSemaphore(_AT_ONCE)

    def database_state(self) -> DatabaseState:
        """Raises StudioError when the database does not answer."""
        with self._probing() as probe:
            return _database_state(probe)

    def require_ready(self) -> None:
        """Raises StudioError unless the database answers and program and schema fit each other."""
        with self._probing() as probe:
            _require_ready(probe)

    def overdue_month(self) -> Month | None:
        """The month that should be closed and is not. Raises what require_ready raises."""
        with self._probing() as probe:
            _require_ready(probe)
            return self._overdue(probe)

    def figures(self) -> Figures:
        """Raises what require_ready raises."""
        with self._probing() as probe:
            state = _database_state(probe)
            _require_ready(probe)
            found = probe.row(_FIGURES)
            overdue = self._overdue(probe)
        return Figures(
            latency_ms=state.latency_ms,
            runs=found["runs"] or {},
            closed_at_s=found["closed_at_s"],
            backup_age_s=found["backup_age_s"],
            full_backup_age_s=found["full_backup_age_s"],
            alerts=found["alerts"] or {},
            requests=found["requests"],
            overdue=overdue is not None,
        )

    def _overdue(self, probe: Probe) -> Month | None:
        return Calendar.from_row(probe.row(DUE_QUESTION)).overdue(self._clock.now())

    @contextmanager
    def _probing(self) -> Iterator[Probe]:
        started = time.monotonic()
        if not self._seats.acquire(timeout=self._within_s):
            raise UnavailableError("database_busy")
        try:
            left_s = max(0.1, self._within_s - (time.monotonic() - started))
            with (
                own_login(),
                probing(
                    self._database.url, application_name="studio-jobs health", within_s=left_s
                ) as probe,
            ):
                yield probe
        finally:
            self._seats.release()


def reason_to_tell(error: StudioError) -> StudioError:
    """The refusal as anybody may read it: without names of the database or its logins."""
    if set(error.params) <= {"month", "found", "expected", "version", "minimum"}:
        return error
    return UnavailableError("database_unreachable")


def _database_state(probe: Probe) -> DatabaseState:
    started = time.perf_counter()
    probe.row("SELECT 1 AS one")
    latency_ms = (time.perf_counter() - started) * 1000
    server = probe.row("SELECT current_setting('server_version') AS version")["version"]
    return DatabaseState(round(latency_ms, 3), str(server).split(" ")[0], _revision(probe))


def _revision(probe: Probe) -> str | None:
    if not probe.row(_MIGRATED)["migrated"]:
        return None
    found: str | None = probe.row("SELECT version_num FROM alembic_version").get("version_num")
    return found


def _require_ready(probe: Probe) -> None:
    revision = _revision(probe)
    judge_revision(revision, None)
    judge_revision(revision, probe.row(MINIMUM_QUESTION).get("minimum"))
