"""Who decides about slow-query alerts: the environment, `.env`, the studio, then the defaults."""

from pathlib import Path

import pytest
from sqlalchemy import text

from studio_core.alerts.policy import SlowQueryPolicy, policy_in_force, studio_policy
from studio_core.config import SettingsFile, load_settings, setting_names
from studio_core.db.engine import Database
from studio_core.errors import ConfigError, RuleError
from studio_core.settings.actions import change_setting
from studio_core.settings.values import ALERT_QUERY_MS_THRESHOLD, ALERT_SLOW_QUERY_ENABLED


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)


def decided(folder: Path, file: str, studio: SlowQueryPolicy | None) -> SlowQueryPolicy:
    (folder / ".env").write_text(file, "utf-8")
    return policy_in_force(load_settings(folder / ".env"), studio)


def test_each_value_is_decided_by_the_first_who_says_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = SlowQueryPolicy(enabled=False, threshold_ms=250)

    assert decided(tmp_path, "", None) == SlowQueryPolicy(True, 1000)
    assert decided(tmp_path, "", studio) == studio
    assert decided(tmp_path, "ALERT_SLOW_QUERY_ENABLED=true", studio) == SlowQueryPolicy(True, 250)
    assert decided(tmp_path, "ALERT_QUERY_MS_THRESHOLD=7", studio) == SlowQueryPolicy(False, 7)
    monkeypatch.setenv("ALERT_QUERY_MS_THRESHOLD", "8")
    assert decided(tmp_path, "ALERT_QUERY_MS_THRESHOLD=7", studio) == SlowQueryPolicy(False, 8)


def test_studio_decides_in_its_settings(database: Database) -> None:
    with database.transaction() as session:
        assert studio_policy(session) == SlowQueryPolicy(True, 1000)
        change_setting(session, ALERT_SLOW_QUERY_ENABLED, False)
        change_setting(session, ALERT_QUERY_MS_THRESHOLD, 40)
        assert studio_policy(session) == SlowQueryPolicy(False, 40)


def test_setting_that_makes_no_sense_is_named(database: Database) -> None:
    with pytest.raises(RuleError, match="alert_query_ms"), database.transaction() as session:
        session.execute(
            text("INSERT INTO settings (key, value) VALUES ('alert_query_ms_threshold', '\"x\"')")
        )
        studio_policy(session)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ALERT_QUERY_MS_THRESHOLD=0", "ALERT_QUERY_MS_THRESHOLD is wrong: it must be 1 or more"),
        ("ALERT_QUERY_MS_THRESHOLD=fast", "it must be a whole number"),
        ("ALERT_QUERY_MS_THRESHOLD=9999999", "it must be 3600000 or less"),
        ("ALERT_SLOW_QUERY_ENABLED=perhaps", "it must be true or false"),
        ("ALERT_SLACK_WEBHOOK_URL=http://hooks.slack.com/x", "https:// outside this computer"),
        ("ALERT_SLACK_WEBHOOK_URL=hooks", "ALERT_SLACK_WEBHOOK_URL is wrong: it must look like"),
        ("ALERT_SLACK_WEBHOOK_URL=https://[::1", "it must look like https://host/path"),
        ("ALERT_SLACK_WEBHOOK_URL=ftp://127.0.0.1/x", "it must look like https://host/path"),
    ],
)
def test_malformed_setting_is_refused_by_name_and_without_its_value(
    tmp_path: Path, line: str, told: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        decided(tmp_path, line, None)

    assert told in str(refused.value)
    assert "hooks" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    ["https://hooks.slack.com/services/T/B/x", "http://127.0.0.1:9/x", "http://localhost"],
)
def test_address_of_slack_is_a_secret(tmp_path: Path, address: str) -> None:
    (tmp_path / ".env").write_text(f"ALERT_SLACK_WEBHOOK_URL={address}", "utf-8")

    settings = load_settings(tmp_path / ".env")

    assert settings.alert_slack_webhook_url is not None
    assert settings.alert_slack_webhook_url.get_secret_value() == address
    assert address not in repr(settings)


def test_file_is_changed_once_it_was_written_made_or_removed(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / ".env")
    assert file.load().alert_query_ms_threshold is None
    assert not file.changed()

    (tmp_path / ".env").write_text("ALERT_QUERY_MS_THRESHOLD=5", "utf-8")
    assert file.changed()
    assert file.load().alert_query_ms_threshold == 5
    assert not file.changed()

    (tmp_path / ".env").write_text("ALERT_QUERY_MS_THRESHOLD=x", "utf-8")
    with pytest.raises(ConfigError):
        file.load()
    assert not file.changed(), "it is refused once, not every second"

    (tmp_path / ".env").unlink()
    assert file.changed()
    assert file.load().alert_query_ms_threshold is None
