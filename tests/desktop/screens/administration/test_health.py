"""Health at a real window: this computer looks, or the studio's server does, or nobody."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from sqlalchemy import text

from server_jobs.jobs.health import health_requests
from server_jobs.jobs.work import Work
from server_jobs.jobs_login import ensure_jobs_login
from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_desktop.screens.administration.health.view import HealthSection
from studio_desktop.screens.screen import ClosingServer
from tests.books import MONTH
from tests.desktop.screens.administration.conftest import Office, office
from tests.desktop.screens.month_desk import Studio, click

CTRL = Qt.KeyboardModifier.ControlModifier
HASTY = ClosingServer(patience_ms=300)


def health(at: Office) -> HealthSection:
    section = at.section("health")
    assert isinstance(section, HealthSection)
    return section


def said(section: HealthSection) -> str:
    """Everything that stands there in words."""
    return " | ".join(
        label.text() for label in section.findChildren(QLabel) if label.isVisibleTo(section)
    )


def close(studio: Studio) -> None:
    studio.books.fill(10)
    create_backup(studio.books.database, month=MONTH, directory=studio.backup_dir)
    options = ClosingOptions(studio.backup_dir, batch_size=1000)
    close_month(studio.books.database, month=MONTH, options=options)


@contextmanager
def server(studio: Studio) -> Iterator[str]:
    """One that hears owners asking; its login."""
    url = studio.address.set(username=f"{studio.address.database}.jobs", password="jobs-password")
    ensure_jobs_login(studio.books.database.url, url)
    with Database(url, application_name="jobs") as database:
        work = Work(database, Settings(backup_dir=studio.backup_dir))
        hearing = health_requests(work)
        hearing.start()
        try:
            yield str(url.username)
        finally:
            work.stopping.set()
            assert hearing.join(10)


def test_this_computer_looks_by_itself_and_says_what_it_found(studio: Studio) -> None:
    close(studio)
    with office(studio) as at:
        section = health(at)
        at.until(lambda: len(section.reports()) == 1)
        at.until(section.look_button.isEnabled)
        assert section.verdict.headline.text().startswith("All is well, with")
        whole = "The backup of September 2025 is whole, and equal to the closed month."
        at.until(lambda: whole in said(section))
        assert "There is no backup of the whole database yet." in said(section)
        assert "Helena Prado on" in section.verdict.looked.text()
        assert section.notice.isHidden()


def test_what_is_not_well_comes_first_and_raises_one_alert(studio: Studio) -> None:
    close(studio)
    with office(studio) as at:
        section = health(at)
        at.until(lambda: len(section.reports()) == 1)
        at.until(section.look_button.isEnabled)
        (backup,) = studio.backup_dir.iterdir()
        backup.unlink()
        at.key(Qt.Key.Key_R, CTRL)
        at.until(lambda: section.verdict.headline.text() == "One thing is not well")
        gone = f"The backup {backup.name} of the closed month September 2025 is gone."
        at.until(lambda: gone in said(section))
        at.until(lambda: "1" in at.view.tabs.waiting("alerts"))
        at.until(section.look_button.isEnabled)
        click(section.look_button)
        at.until(lambda: len(section.reports()) == 3)
        assert studio.books.value("SELECT count(*) FROM alerts WHERE kind = 'health'") == 1


def test_fresh_look_is_not_repeated_on_opening(studio: Studio) -> None:
    with office(studio) as at:
        section = health(at)
        at.until(lambda: len(section.reports()) == 1)
    with office(studio) as at:
        section = health(at)
        at.until(lambda: len(section.reports()) == 1)
        at.section("runs")
        health(at)
    assert studio.books.value("SELECT count(*) FROM health_reports") == 1


def test_server_is_asked_and_answers(studio: Studio) -> None:
    with server(studio) as login, office(studio, ClosingServer()) as at:
        section = health(at)
        at.until(lambda: "Nobody has looked" in section.empty.sentence())
        assert studio.books.value("SELECT count(*) FROM health_reports") == 0
        click(section.look_button)
        at.until(lambda: len(section.reports()) == 1)
        at.until(section.look_button.isEnabled)
        looked = section.verdict.looked.text()
        assert login in looked
        assert "asked for by Helena Prado" in looked
        assert section.notice.isHidden()


def test_no_server_answers_and_that_is_said(studio: Studio) -> None:
    with office(studio, HASTY) as at:
        section = health(at)
        at.until(lambda: "Nobody has looked" in section.empty.sentence())
        click(section.look_button)
        assert not section.look_button.isEnabled()
        at.until(lambda: "No server answers." in section.empty.sentence())
        assert section.look_button.isEnabled()
        with server(studio):
            at.until(lambda: len(section.reports()) == 1)


def test_no_server_answers_and_the_last_look_stays(studio: Studio) -> None:
    with server(studio), office(studio, ClosingServer()) as at:
        section = health(at)
        click(section.look_button)
        at.until(lambda: len(section.reports()) == 1)
    with office(studio, HASTY) as at:
        section = health(at)
        at.until(lambda: len(section.reports()) == 1)
        click(section.look_button)
        at.until(lambda: "No server answers." in section.notice.text())
        assert section.notice.isVisible()
        assert section.verdict.headline.isVisible()


def test_server_that_is_looking_is_waited_for(studio: Studio) -> None:
    with office(studio, ClosingServer(patience_ms=2_000)) as at:
        section = health(at)
        click(section.look_button)
        at.until(lambda: studio.books.value("SELECT count(*) FROM health_reports") == 1)
        with studio.books.database.transaction() as session:
            session.execute(
                text(
                    "UPDATE health_reports SET status = 'looking', started_at = now(),"
                    " looked_on = 'porao'"
                )
            )
        at.until(lambda: "porao is looking now…" in section.empty.sentence())
        with studio.books.database.transaction() as session:
            session.execute(
                text(
                    "UPDATE health_reports SET status = 'failed',"
                    " message = 'The connection to the database was lost. Try again.'"
                )
            )
        at.until(lambda: "connection to the database was lost" in section.empty.sentence())
        assert section.look_button.isEnabled()


def test_report_of_elsewhere_appears_by_itself(studio: Studio) -> None:
    with office(studio, ClosingServer()) as at, server(studio):
        section = health(at)
        at.until(lambda: "Nobody has looked" in section.empty.sentence())
        with studio.books.database.transaction() as session:
            session.execute(text("INSERT INTO health_reports (status) VALUES ('waiting')"))
        at.until(lambda: len(section.reports()) == 1)


def test_old_look_says_that_nobody_looks(studio: Studio) -> None:
    with server(studio), office(studio, ClosingServer()) as at:
        section = health(at)
        click(section.look_button)
        at.until(lambda: len(section.reports()) == 1)
    with studio.books.database.transaction() as session:
        session.execute(text("UPDATE health_reports SET looked_at = looked_at - interval '2 days'"))
    with office(studio, ClosingServer()) as at:
        section = health(at)
        at.until(section.notice.isVisible)
        assert "more than a day" in section.notice.text()
