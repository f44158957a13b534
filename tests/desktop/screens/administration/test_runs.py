"""Runs as an owner looks at them: live, with their audit, and how they ended."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from studio_core.db.engine import Database
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month
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


def shown(section: RunsSection) -> list[str]:
    return [_cell(section, place, 3) for place in range(section.model.rowCount())]


def _cell(section: RunsSection, row: int, column: int) -> str:
    return str(section.model.index(row, column).data(Qt.ItemDataRole.DisplayRole))


def test_run_opens_with_what_it_changed(studio: Studio) -> None:
    studio.books.fill(20)
    number = close(studio)
    with office(studio) as at:
        section = runs(at)
        at.until(lambda: shown(section) == ["Done"])
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
        at.key(Qt.Key.Key_Escape)
        assert section.panel.isHidden()
