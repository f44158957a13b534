"""The desktop's side of slow-query alerts: the screen is named, and a changed setting is heard."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from sqlalchemy import URL, text

from studio_core.alerts.policy import SlowQueryPolicy
from studio_core.alerts.reporting import SlowQueryReporter
from studio_core.config import SettingsFile, setting_names
from studio_core.db.engine import Database
from studio_core.db.listen import Listener
from studio_core.settings.actions import change_setting
from studio_core.settings.values import ALERT_QUERY_MS_THRESHOLD
from studio_desktop.tasks.changes import ChangeBus, ConnectionState
from studio_desktop.tasks.routes import route_of
from studio_desktop.tasks.runner import Runner
from studio_desktop.tasks.slow_queries import SlowQueries
from tests.books import Reader

_PATIENCE_MS = 20_000


class Asker(QObject):
    """Stands for the clients' screen."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[object] = []

    def take(self, answer: object) -> None:
        self.answers.append(answer)


Asker.__module__ = "studio_desktop.screens.clients.controller"


@pytest.fixture
def reporter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[SlowQueryReporter]:
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
    caplog.set_level(logging.INFO)
    file = SettingsFile(tmp_path / ".env")
    made = SlowQueryReporter(file, file.load(), program="studio-desktop")
    yield made
    made.close()


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [
        record.msg
        for record in caplog.records
        if isinstance(record.msg, dict) and "pg_sleep" in str(record.msg.get("statement"))
    ]


def test_slow_statement_of_a_screen_is_told_once_the_setting_says_so(
    qtbot: QtBot,
    database: Database,
    database_url: URL,
    reporter: SlowQueryReporter,
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Database(database_url, application_name="studio-desktop")
    runner, asker = Runner(desk), Asker()
    changes = ChangeBus(lambda: Listener(database_url, application_name="tests listener"))
    alerts = SlowQueries(reporter)
    alerts.start()
    alerts.follow(desk, changes)
    changes.start()
    qtbot.waitUntil(lambda: changes.state is ConnectionState.CONNECTED, timeout=_PATIENCE_MS)

    def ask_slowly() -> None:
        before = len(asker.answers)
        slowly = text("SELECT pg_sleep(0.06)")
        runner.ask(asker, "page", lambda session: session.scalar(slowly), asker.take)
        qtbot.waitUntil(lambda: len(asker.answers) > before, timeout=_PATIENCE_MS)

    ask_slowly()
    with database.transaction() as session:
        change_setting(session, ALERT_QUERY_MS_THRESHOLD, 50)
    qtbot.waitUntil(lambda: reporter.policy == SlowQueryPolicy(True, 50), timeout=_PATIENCE_MS)
    ask_slowly()
    qtbot.waitUntil(lambda: len(told(caplog)) == 1, timeout=_PATIENCE_MS)
    alerts.leave()
    changes.close()
    runner.close()
    alerts.close()

    (line,) = told(caplog)
    assert (line["route"], line["threshold_ms"]) == ("clients", 50)
    assert len(line["correlation_id"]) == 12
    kept = Reader(database).rows(
        "SELECT details ->> 'route', details ->> 'program' FROM alerts"
        " WHERE message LIKE '%pg_sleep%'"
    )
    assert kept == [("clients", "studio-desktop")]


def test_settings_that_changed_while_nobody_listened_are_read_when_the_desk_is_back(
    qtbot: QtBot, database: Database, reporter: SlowQueryReporter
) -> None:
    changes = ChangeBus(lambda: Listener(database.url, application_name="tests listener"))
    alerts = SlowQueries(reporter)
    alerts.start()
    alerts.follow(database, changes)
    with database.transaction() as session:
        change_setting(session, ALERT_QUERY_MS_THRESHOLD, 70)
    changes.caught_up.emit()

    qtbot.waitUntil(lambda: reporter.policy.threshold_ms == 70, timeout=_PATIENCE_MS)
    changes.close()


def test_program_that_never_started_its_alerts_ends_all_the_same(
    reporter: SlowQueryReporter, database: Database
) -> None:
    alerts = SlowQueries(reporter)
    alerts.follow(database, ChangeBus(lambda: Listener(database.url)))
    alerts.leave()
    alerts.close()


def made_in(module: str, parent: QObject | None = None) -> QObject:
    made: QObject = type("Made", (QObject,), {"__module__": module})(parent)
    return made


def test_route_is_the_screen_that_something_belongs_to_or_the_part_of_the_program() -> None:
    screen = made_in("studio_desktop.screens.payments.controller")
    shared = made_in("studio_desktop.models.paged", made_in("studio_desktop.forms.kept", screen))

    assert route_of(screen) == route_of(shared) == "payments"
    assert route_of(made_in("studio_desktop.signin.controller")) == "signin"
    assert route_of(made_in("studio_desktop.application", made_in("elsewhere"))) == "application"
