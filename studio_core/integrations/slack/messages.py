"""What an alert says outside the studio: what, where and how to find it, and nobody's data.

An alert's own message is a sentence that may name a person (“in use by …”), so it stays inside.
"""

from collections.abc import Sequence

from studio_core.alerts.sending import UnsentAlert
from studio_core.observability.redaction import redacted
from studio_core.sentences import sentence

_MOST = 10
_STATEMENT_LIMIT = 300
# Of an alert's details, what it is about.
_ABOUT = ("chore", "what", "try", "subject", "code", "month", "file", "setting")


def alert_text(studio: str, alerts: Sequence[UnsentAlert]) -> str:
    """One message for all of them: the first ten in words, the others counted.

    studio: its name, or that of its database. alerts: at least one, oldest first.
    """
    lines = [f"*{_escaped(studio)}*", *(f"• {_line(alert)}" for alert in alerts[:_MOST])]
    if len(alerts) > _MOST:
        lines.append(sentence("slack_more", {"count": len(alerts) - _MOST}))
    return "\n".join(lines)


def _line(alert: UnsentAlert) -> str:
    return _slow_query(alert) if alert.kind == "slow_query" else _other(alert)


def _slow_query(alert: UnsentAlert) -> str:
    told = alert.details
    statement = str(told.get("statement", "-")).replace("`", "'")
    if len(statement) > _STATEMENT_LIMIT:
        statement = f"{statement[:_STATEMENT_LIMIT]}…"
    return sentence(
        "slack_slow_query",
        {
            "milliseconds": _escaped(str(told.get("worst_ms", "-"))),
            "threshold": _escaped(str(told.get("threshold_ms", "-"))),
            "count": _escaped(str(told.get("count", 1))),
            "route": _escaped(str(told.get("route", "-"))),
            "program": _escaped(str(told.get("program", "-"))),
            "statement": f"`{_escaped(statement)}`",
            "correlation_id": _escaped(str(told.get("correlation_id", "-"))),
        },
    )


def _other(alert: UnsentAlert) -> str:
    about = ", ".join(
        f"{name} {_escaped(str(redacted(str(alert.details[name]))))}"
        for name in _ABOUT
        if isinstance(alert.details.get(name), str | int)
    )
    return sentence(
        "slack_alert",
        {
            "kind": _escaped(alert.kind.replace("_", " ").capitalize()),
            "about": f" ({about})" if about else "",
            "correlation_id": _escaped(str(alert.details.get("correlation_id") or "-")),
        },
    )


def _escaped(text: str) -> str:
    """The three signs that mean something in Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
