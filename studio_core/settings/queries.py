"""Reading the studio's settings."""

from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio_core.settings.models import Setting
from studio_core.settings.values import SETTINGS, TIME_ZONE, SettingKey

T = TypeVar("T")


def setting(session: Session, key: SettingKey[T]) -> T:
    """What the studio decided, or the default. Raises RuleError("bad_setting")."""
    stored = session.scalars(select(Setting.value).where(Setting.key == key.name)).one_or_none()
    return key.default if stored is None else key.checked(stored)


def all_settings(session: Session) -> dict[str, Any]:
    """Every known setting by its key, defaults filled in."""
    stored: dict[str, object] = {
        row.key: row.value for row in session.execute(select(Setting.key, Setting.value))
    }
    return {
        key.name: key.checked(stored[key.name]) if key.name in stored else key.default
        for key in SETTINGS
    }


def studio_zone(session: Session) -> ZoneInfo:
    """The studio's time zone, whatever this computer is set to."""
    return ZoneInfo(setting(session, TIME_ZONE))
