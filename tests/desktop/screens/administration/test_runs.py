"""Runs as an owner looks at them: live, with their audit, and how they ended."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month, reopen_month
from studio_core.extrato.run_list import RunFilter
from studio_core.extrato.runs import Progress, recorded_run
from studio_core.observability import correlation
from studio_desktop.screens.administration.runs.view import RunsSection
from tests.books import MONTH
from tests.desktop.screens.administration.conftest import Office, office
from tests.desktop.screens.month_desk import Studio, click


def runs(at: Office) -> RunsSection:
    section = at.section("runs")
    assert isinstance(section, RunsSection)
    return section


def close(studio: Studio) -> str:
    """As a server does; the correlation id."""
    create_backup(studio.books.database, month=MONTH, directory=studio.backup_dir)
    with correlation() as number, Database(studio.books.database.url, application_name="x") as own:
        close_month(
            own,
            month=MONTH,
            options=ClosingOptions(studio.backup_dir, batch_size=1000),
            correlation_id=number,
        )
    return number


def states(section: RunsSection) -> list[str]:
    model = section.model
    return [
        str(model.index(row, 3).data(Qt.ItemDataRole.DisplayRole))
        for row in range(model.rowCount())
    ]


def test_run_opens_with_what_it_changed(studio: Studio) -> None:
    studio.books.fill(20)
    number = close(studio)
    with office(studio) as at:
        section = runs(at)
        at.until(lambda: states(section) == ["Done"])
        QAbstractItemModelTester(section.model)
        assert section.summary().startswith("The last run was on")
        section.focus_list()
        at.key(Qt.Key.Key_Return)
        at.until(lambda: bool(section.detail.entries()))
        assert section.detail.entries()[0][1] == "Closed · September 2025"
        facts = dict(section.detail.facts())
        assert (facts["Who"], facts["Batch size"]) == ("Administrator", "1.000")
        click(section.detail.correlation.copy)
        assert QGuiApplication.clipboard().text() == number
        at.said("correlation id is copied")
        at.key(Qt.Key.Key_F2)
        at.until(lambda: at.view.tabs.value() == "audit")
        audit = at.view.current()
        assert audit is not None
        at.until(lambda: "1 change" in audit.summary())
        at.view.tabs.choose("runs")
        section.focus_list()
        at.key(Qt.Key.Key_Escape)
        assert section.panel.isHidden()


def test_running_closing_shows_its_progress_and_then_how_it_ended(studio: Studio) -> None:
    with office(studio) as at:
        section = runs(at)
        at.until(lambda: "No month was closed yet" in section.empty.sentence())
        with recorded_run(studio.books.database, month=MONTH, action="close") as run:
            run.report(Progress("payments", 30, 120), always=True)
            at.until(lambda: states(section) == ["Running 25\N{NO-BREAK SPACE}%"])
            section.focus_list()
            at.key(Qt.Key.Key_Return)
            at.until(lambda: "Archiving payments · 30 of 120 rows" in section.detail.stage())
            run.report(Progress("sessions", 90, 120), always=True)
            at.until(lambda: "90 of 120 rows" in section.detail.stage())
            assert "being closed right now" in section.summary()
            run.finish("done")
        at.until(lambda: states(section) == ["Done"])
        at.until(lambda: section.detail.stage() == "")
        shown = section.detail.row()
        assert shown is not None
        assert shown.status == "done"


def test_run_whose_program_was_killed_is_interrupted(studio: Studio) -> None:
    with office(studio) as at:
        section = runs(at)
        with recorded_run(studio.books.database, month=MONTH, action="close") as run:
            run.report(Progress("payments", 3, 120), always=True)
            at.until(lambda: bool(states(section)))
        at.until(lambda: states(section) == ["Interrupted"])


def test_chips_narrow_the_list_and_an_empty_one_says_so(studio: Studio) -> None:
    studio.books.fill(5)
    close(studio)
    reopen_month(studio.books.database, month=MONTH, reason="engano")
    with office(studio) as at:
        section = runs(at)
        at.until(lambda: len(section.model.rows) == 2)
        section.chips.choose(RunFilter("reopen"))
        at.until(lambda: [row.kind for row in section.model.rows] == ["reopen"])
        section.chips.choose(RunFilter(only_trouble=True))
        at.until(lambda: section.empty.sentence() == "Every run did what it was meant to.")
        with pytest.raises(RuleError):
            close_month(
                studio.books.database,
                month=MONTH,
                options=ClosingOptions(studio.backup_dir / "nowhere"),
            )
        at.until(lambda: states(section) == ["Refused"])


def test_refusal_is_said_in_the_panel(studio: Studio) -> None:
    with studio.books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO extrato_runs (month_start, action, status, message) VALUES"
                " ('2025-09-01', 'close', 'failed',"
                " 'The disk is full: /backups. Free some room and try again.')"
            )
        )
    with office(studio) as at:
        section = runs(at)
        at.until(lambda: states(section) == ["Failed"])
        section.focus_list()
        at.key(Qt.Key.Key_Return)
        assert "The disk is full: /backups." in section.detail.why()


def test_list_follows_without_losing_the_selection(studio: Studio) -> None:
    studio.books.fill(5)
    close(studio)
    with office(studio) as at:
        section = runs(at)
        at.until(lambda: len(section.model.rows) == 1)
        section.focus_list()
        chosen = section.table.current_row()
        reopen_month(studio.books.database, month=MONTH, reason="engano")
        at.until(lambda: len(section.model.rows) == 2)
        assert section.table.current_row() == chosen
        assert section.model.rows[0].kind == "reopen"
