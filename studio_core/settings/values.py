"""Every setting of the studio: its key, its default, and what it may be."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from zoneinfo import available_timezones

from studio_core.config import LONGEST_THRESHOLD_MS
from studio_core.errors import RuleError

T = TypeVar("T")

NAME_LIMIT = 80
_VERSION = re.compile(r"\d+(\.\d+){0,3}")


@dataclass(frozen=True, slots=True)
class SettingKey(Generic[T]):
    """default: what holds while nobody decided. read: from the stored value; it may not trust
    that, since an import or another version wrote it. Raises ValueError with a reason."""

    name: str
    default: T
    read: Callable[[object], T]

    def checked(self, value: object) -> T:
        """The value as this setting means it. Raises RuleError("bad_setting")."""
        try:
            return self.read(value)
        except ValueError as error:
            raise RuleError("bad_setting", name=self.name, reason=str(error)) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    text = " ".join(value.split())
    if len(text) > NAME_LIMIT:
        raise ValueError(f"longer than {NAME_LIMIT} characters")
    return text


def _zone(value: object) -> str:
    name = _text(value)
    if name not in available_timezones():
        raise ValueError(f"“{name}” is not a time zone")
    return name


def _version(value: object) -> str:
    text = _text(value)
    if text and not _VERSION.fullmatch(text):
        raise ValueError(f"“{text}” is not a version")
    return text


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither yes nor no")
    return value


def _milliseconds(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not a whole number of milliseconds")
    if not 1 <= value <= LONGEST_THRESHOLD_MS:
        raise ValueError(f"it must be from 1 to {LONGEST_THRESHOLD_MS} milliseconds")
    return value


STUDIO_NAME = SettingKey("studio_name", "", _text)
TIME_ZONE = SettingKey("time_zone", "America/Sao_Paulo", _zone)
"""The database reads it too (studio.zone()): it says which day and month an instant belongs to."""
MIN_PROGRAM_VERSION = SettingKey("min_program_version", "", _version)
"""Older programs refuse to work on this database; empty for any."""

ALERT_SLOW_QUERY_ENABLED = SettingKey("alert_slow_query_enabled", True, _yes_or_no)
"""Whether statements slower than the threshold are told of."""
ALERT_QUERY_MS_THRESHOLD = SettingKey("alert_query_ms_threshold", 1000, _milliseconds)

SETTINGS: tuple[SettingKey[Any], ...] = (
    STUDIO_NAME,
    TIME_ZONE,
    MIN_PROGRAM_VERSION,
    ALERT_SLOW_QUERY_ENABLED,
    ALERT_QUERY_MS_THRESHOLD,
)
