"""Metrics for Prometheus: this process's HTTP, and what the database tells of the studio."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from server_jobs.api.studio_state import Figures, StudioState
from studio_core.db.migrations import program_version
from studio_core.errors import StudioError
from studio_core.observability import get_logger

_log = get_logger(__name__)

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Counts of one process. Nothing is global, so that a process may hold several."""

    def __init__(self, state: StudioState) -> None:
        self._state = state
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "studio_http_requests",
            "HTTP requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "studio_http_request_seconds",
            "Time from a request to its answer.",
            ("route",),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        Gauge(
            "studio_program_info", "The running program.", ("version",), registry=self._registry
        ).labels(program_version()).set(1)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._answers.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """In Prometheus' text format; without the studio's figures when the database is away."""
        families = _Families(self._figures())
        self._registry.register(families)
        try:
            return generate_latest(self._registry)
        finally:
            self._registry.unregister(families)

    def _figures(self) -> Figures | None:
        try:
            return self._state.figures()
        except StudioError as error:
            _log.info("metrics_without_database", code=error.code)
            return None


class _Families:
    """One reading of the studio's figures, as a collector."""

    def __init__(self, figures: Figures | None) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        found = self._figures
        yield GaugeMetricFamily(
            "studio_database_up", "1: answers and fits this program.", int(found is not None)
        )
        if found is None:
            return
        yield GaugeMetricFamily(
            "studio_database_latency_seconds", "Of one small question.", found.latency_ms / 1000
        )
        runs = CounterMetricFamily(
            "studio_closing_runs", "Runs on record, by how they ended.", labels=("status",)
        )
        for status, count in sorted(found.runs.items()):
            runs.add_metric((status,), count)
        yield runs
        alerts = GaugeMetricFamily(
            "studio_alerts_unseen", "Alerts that nobody has looked at.", labels=("severity",)
        )
        for severity in ("info", "warning", "danger"):
            alerts.add_metric((severity,), found.alerts.get(severity, 0))
        yield alerts
        yield GaugeMetricFamily(
            "studio_requests_open", "Requests to close a month not yet settled.", found.requests
        )
        yield GaugeMetricFamily(
            "studio_extrato_overdue", "1: last month should be closed and is not.", found.overdue
        )
        for name, text, value in (
            (
                "studio_last_closing_timestamp_seconds",
                "When a month was last closed.",
                found.closed_at_s,
            ),
            (
                "studio_month_backup_age_seconds",
                "Of the newest backup of a month.",
                found.backup_age_s,
            ),
            (
                "studio_full_backup_age_seconds",
                "Of the newest backup of all.",
                found.full_backup_age_s,
            ),
        ):
            if value is not None:
                yield GaugeMetricFamily(name, text, value)
