"""Changing the studio's settings."""

from typing import TypeVar

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from studio_core.settings.models import Setting
from studio_core.settings.values import SettingKey

T = TypeVar("T")


def change_setting(session: Session, key: SettingKey[T], value: T) -> T:
    """Decides a setting; the same twice is the same once. Returns what was kept.

    Raises RuleError: bad_setting, not_allowed.
    """
    kept = key.checked(value)
    decided = {
        "value": kept,
        "updated_at": func.now(),
        "updated_by": func.studio.current_user_id(),
    }
    session.execute(
        insert(Setting)
        .values(key=key.name, **decided)
        .on_conflict_do_update(index_elements=[Setting.key], set_=decided)
    )
    return kept
