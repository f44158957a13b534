"""What the parts of a report are called."""

from studio_core.extrato.health import Health

TITLES = {
    "schema": "Schema",
    "backups": "Backups",
    "runs": "Closings",
    "chain": "Chain of digests",
    "drift": "Totals",
    "alerts": "Alerts",
    "disk": "Disk space",
}
MARKS = {"ok": "ok", "warning": "warning", "bad": "NOT OK"}


def verdict(health: Health) -> str:
    """One sentence."""
    bad = sum(condition.level == "bad" for condition in health.conditions)
    warnings = sum(condition.level == "warning" for condition in health.conditions)
    aside = f", with {_count(warnings, 'warning')}" if warnings else ""
    if health.healthy:
        return f"{health.database} is healthy{aside}."
    return f"{health.database} is not healthy: {_count(bad, 'fault')}{aside}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
