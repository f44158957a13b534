"""The desk of a studio on one computer makes its backups by itself, and says only what fails."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal, Slot
from pytestqt.qtbot import QtBot
from sqlalchemy import URL, text

from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_desktop.own_backups import OwnBackups
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.notifier import Notifier
from tests.books import Reader

PATIENCE_MS = 60_000


@pytest.fixture
def notifier(theme: Theme) -> Notifier:
    return Notifier(theme)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


Begin = Callable[[], OwnBackups]


@pytest.fixture
def begin(
    qtbot: QtBot, runner: Runner, notifier: Notifier, database_url: URL, folder: Path
) -> Iterator[Begin]:
    """As somebody signs in, without the five minutes."""
    begun: list[OwnBackups] = []

    def one() -> OwnBackups:
        settings = Settings(backup_dir=folder)
        made = OwnBackups(runner, notifier, database_url, settings, quiet_ms=0, busy_ms=20)
        begun.append(made)
        return made

    yield one
    for made in begun:
        made.deleteLater()


def look(qtbot: QtBot, backups: OwnBackups) -> None:
    with qtbot.waitSignal(backups.looked, timeout=PATIENCE_MS):
        backups.start()


def records(database: Database) -> list[tuple[object, ...]]:
    return Reader(database).rows(
        "SELECT drilled_at IS NOT NULL, drill_message FROM full_backups ORDER BY id"
    )


def test_the_days_backup_is_made_once_and_nothing_is_said(
    qtbot: QtBot, begin: Begin, database: Database, folder: Path, notifier: Notifier
) -> None:
    look(qtbot, begin())
    assert len(list(folder.iterdir())) == 1
    # Somebody else signs in.
    look(qtbot, begin())
    assert records(database) == [(False, None)]
    assert notifier.texts() == ()


def test_each_week_one_is_tried_out(
    qtbot: QtBot, begin: Begin, database: Database, notifier: Notifier
) -> None:
    look(qtbot, begin())
    with database.transaction() as session:
        session.execute(text("UPDATE full_backups SET created_at = now() - interval '8 days'"))
    look(qtbot, begin())
    assert records(database) == [(False, None), (True, None)]
    assert notifier.texts() == ()


def test_what_fails_is_told_and_waits_for_another_day(
    qtbot: QtBot,
    begin: Begin,
    database: Database,
    folder: Path,
    notifier: Notifier,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder.write_text("a file stands here")
    backups = begin()
    look(qtbot, backups)
    (told,) = notifier.texts()
    assert "Cannot write" in told
    assert Reader(database).value("SELECT kind FROM alerts") == "backup_failed"
    with qtbot.assertNotEmitted(backups.looked, wait=500):
        backups.start()
    # Whoever signs in has perhaps mended it.
    folder.unlink()
    look(qtbot, begin())
    assert len(records(database)) == 1


class Asker(QObject):
    """A screen with a question under way."""

    answered = Signal()

    @Slot(object)
    def on_answer(self, _answer: object) -> None:
        self.answered.emit()


def test_it_waits_while_something_else_is_being_done(
    qtbot: QtBot, begin: Begin, database: Database, runner: Runner
) -> None:
    asker, backups, let_go = Asker(runner), begin(), threading.Event()
    runner.ask(asker, "slow", lambda _session: let_go.wait(30), asker.on_answer)
    # Many times as long as it takes to look again.
    with qtbot.assertNotEmitted(backups.looked, wait=500):
        backups.start()
    assert records(database) == []
    with qtbot.waitSignal(backups.looked, timeout=PATIENCE_MS):
        let_go.set()
    assert records(database) == [(False, None)]


def test_who_leaves_in_the_middle_leaves_no_half(
    qtbot: QtBot, begin: Begin, database: Database, runner: Runner, folder: Path
) -> None:
    """Held in the middle by an open change of a sequence, which pg_dump alone looks at."""
    with database.transaction() as session:
        session.execute(text("ALTER SEQUENCE audit_log_id_seq RENAME TO held"))
        begin().start()
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND application_name = 'studio full backup'"
        )
        qtbot.waitUntil(lambda: Reader(database).value(waiting) == 1, timeout=PATIENCE_MS)
        for control in list(runner._receivers):
            control.cancel()
    qtbot.waitUntil(lambda: not runner.pending, timeout=PATIENCE_MS)
    assert list(folder.iterdir()) == []
    assert records(database) == []
