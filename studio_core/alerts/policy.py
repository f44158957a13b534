"""Whether slow statements are told of, and from how many milliseconds on."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio_core.config import Settings
from studio_core.settings.models import Setting
from studio_core.settings.values import ALERT_QUERY_MS_THRESHOLD, ALERT_SLOW_QUERY_ENABLED


@dataclass(frozen=True, slots=True)
class SlowQueryPolicy:
    """threshold_ms: what takes longer is slow."""

    enabled: bool = ALERT_SLOW_QUERY_ENABLED.default
    threshold_ms: int = ALERT_QUERY_MS_THRESHOLD.default


def studio_policy(session: Session) -> SlowQueryPolicy:
    """What the studio decided for all its programs. Raises RuleError("bad_setting")."""
    enabled, threshold = ALERT_SLOW_QUERY_ENABLED, ALERT_QUERY_MS_THRESHOLD
    names = (enabled.name, threshold.name)
    wanted = select(Setting.key, Setting.value).where(Setting.key.in_(names))
    stored = {row.key: row.value for row in session.execute(wanted)}
    return SlowQueryPolicy(
        enabled.checked(stored.get(enabled.name, enabled.default)),
        threshold.checked(stored.get(threshold.name, threshold.default)),
    )


def policy_in_force(settings: Settings, studio: SlowQueryPolicy | None) -> SlowQueryPolicy:
    """The environment wins over `.env` (settings are both), that over the studio's own settings,
    and those over the defaults; each of the two values by itself. studio: None while unknown."""
    decided = studio or SlowQueryPolicy()
    enabled, threshold_ms = settings.alert_slow_query_enabled, settings.alert_query_ms_threshold
    return SlowQueryPolicy(
        decided.enabled if enabled is None else enabled,
        decided.threshold_ms if threshold_ms is None else threshold_ms,
    )
