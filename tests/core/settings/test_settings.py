"""What the studio decided, what holds until then, and what it may not decide."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.settings.actions import change_setting
from studio_core.settings.queries import all_settings, setting, studio_zone
from studio_core.settings.values import (
    ALERT_QUERY_MS_THRESHOLD,
    ALERT_SLOW_QUERY_ENABLED,
    LOCK_AFTER_MINUTES,
    MIN_PROGRAM_VERSION,
    SETTINGS,
    STUDIO_NAME,
    TIME_ZONE,
    SettingKey,
)


def test_defaults_hold_until_somebody_decides(database: Database) -> None:
    with database.transaction() as session:
        assert all_settings(session) == {key.name: key.default for key in SETTINGS}
        assert studio_zone(session) == ZoneInfo("America/Sao_Paulo")


def test_decision_is_kept_and_may_be_changed(database: Database) -> None:
    for name in ("Estúdio  Alma ", "Alma Negra"):
        with database.transaction() as session:
            kept = change_setting(session, STUDIO_NAME, name)
        with database.transaction() as session:
            assert setting(session, STUDIO_NAME) == kept == " ".join(name.split())


def test_zone_of_the_database_follows_the_setting(database: Database) -> None:
    with database.transaction() as session:
        change_setting(session, TIME_ZONE, "America/Manaus")
        assert session.scalar(text("SELECT studio.zone()")) == "America/Manaus"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (TIME_ZONE, "Brasília"),
        (TIME_ZONE, ""),
        (MIN_PROGRAM_VERSION, "two"),
        (STUDIO_NAME, "x" * 81),
        (STUDIO_NAME, 7),
        (ALERT_SLOW_QUERY_ENABLED, "yes"),
        (ALERT_QUERY_MS_THRESHOLD, 0),
        (ALERT_QUERY_MS_THRESHOLD, True),
        (LOCK_AFTER_MINUTES, -1),
        (LOCK_AFTER_MINUTES, 481),
        (LOCK_AFTER_MINUTES, "10"),
    ],
)
def test_value_that_makes_no_sense_is_refused(
    database: Database, key: SettingKey[Any], value: object
) -> None:
    with pytest.raises(RuleError) as refused, database.transaction() as session:
        change_setting(session, key, value)

    assert refused.value.code == "bad_setting"
    assert key.name in str(refused.value)


def test_stored_value_that_makes_no_sense_is_named(database: Database) -> None:
    with pytest.raises(RuleError, match="time_zone"), database.transaction() as session:
        session.execute(text("INSERT INTO settings (key, value) VALUES ('time_zone', '17')"))
        studio_zone(session)
