"""Slow statements as they are shown: one log line each, one row of alerts for many of the same."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from studio_core.observability import get_logger
from studio_core.observability.normalising import fingerprint, without_values
from studio_core.observability.statements import SlowStatement
from studio_core.sentences import sentence

_log = get_logger("sql.alerts")

_MESSAGE_LIMIT = 300
_NOTE = text(
    "SELECT studio.note_slow_query(:fingerprint, :message, :count, :worst_ms,"
    " CAST(:details AS jsonb))"
)


@dataclass(frozen=True, slots=True)
class SlowQuery:
    """One slow execution, fit to be seen."""

    fingerprint: str
    statement: str
    milliseconds: int
    threshold_ms: int
    failed: bool
    route: str | None
    login: str | None
    acting_role: str | None
    target: str
    correlation_id: str | None

    @classmethod
    def of(cls, slow: SlowStatement) -> "SlowQuery":
        shown = without_values(slow.text)
        return cls(
            fingerprint=fingerprint(shown),
            statement=shown,
            milliseconds=round(slow.took_s * 1000),
            threshold_ms=round(slow.limit_s * 1000),
            failed=slow.failed,
            route=slow.route,
            login=slow.place.login,
            acting_role=slow.acting_role,
            target=str(slow.place),
            correlation_id=slow.correlation_id,
        )

    @property
    def message(self) -> str:
        short = self.statement[:_MESSAGE_LIMIT]
        return sentence(
            "slow_query",
            {
                "milliseconds": self.milliseconds,
                "threshold": self.threshold_ms,
                "route": self.route or "-",
                "statement": short if short == self.statement else f"{short}…",
            },
        )

    def details(self) -> dict[str, Any]:
        """What is known of it, but for what is not known."""
        named = {
            "statement": self.statement,
            "fingerprint": self.fingerprint,
            "threshold_ms": self.threshold_ms,
            "route": self.route,
            "login": self.login,
            "acting_role": self.acting_role,
            "target": self.target,
            "correlation_id": self.correlation_id,
            "failed": self.failed,
        }
        return {name: value for name, value in named.items() if value is not None}

    def log(self) -> None:
        """The line of logger sql.alerts."""
        _log.warning("slow_query", milliseconds=self.milliseconds, **self.details())


@dataclass(slots=True)
class Executions:
    """Slow executions of one statement since it was last noted."""

    worst: SlowQuery
    count: int = 1

    def add(self, query: SlowQuery) -> None:
        self.count += 1
        if query.milliseconds > self.worst.milliseconds:
            self.worst = query


def note_slow_queries(session: Session, found: Iterable[Executions], *, program: str) -> None:
    """Into the table of alerts, where they are counted for ten minutes in one row a statement."""
    for each in found:
        session.execute(
            _NOTE,
            {
                "fingerprint": each.worst.fingerprint,
                "message": each.worst.message,
                "count": each.count,
                "worst_ms": each.worst.milliseconds,
                "details": json.dumps({**each.worst.details(), "program": program}),
            },
        )
