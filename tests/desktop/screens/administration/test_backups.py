"""Backups as an owner looks at them, beside their files or from a desk on a server."""

import json

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from sqlalchemy import text

from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_desktop.models.columns import text_of
from studio_desktop.screens.administration.backups.columns import state_badges
from studio_desktop.screens.administration.backups.view import BackupsSection
from studio_desktop.screens.screen import ClosingServer
from tests.books import MONTH
from tests.desktop.screens.administration.conftest import Office, office
from tests.desktop.screens.month_desk import Studio, click

ROOM = {
    "subject": "disk",
    "level": "ok",
    "code": "health_room",
    "params": {"setting": "BACKUP_DIR", "folder": "/var/backups/studio", "free": "1 GB"},
}


def backups(at: Office) -> BackupsSection:
    section = at.section("backups")
    assert isinstance(section, BackupsSection)
    return section


def close(studio: Studio) -> None:
    studio.books.fill(5)
    create_backup(studio.books.database, month=MONTH, directory=studio.backup_dir)
    options = ClosingOptions(studio.backup_dir, batch_size=1000)
    close_month(studio.books.database, month=MONTH, options=options)


def whole(studio: Studio, name: str, drill: str = "NULL, NULL", copied: str = "NULL") -> None:
    with studio.books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO full_backups (file_name, file_sha256, file_bytes, manifest,"
                " drilled_at, drill_message, copied_at)"
                f" VALUES ('{name}', '', 3400000, '{{}}', {drill}, {copied})"
            )
        )


def states(section: BackupsSection) -> list[str]:
    return [text_of(state_badges(line)) for line in section.model.rows]


def test_months_and_everything_with_their_figures(studio: Studio) -> None:
    close(studio)
    whole(studio, "gone.zip", "now(), NULL", "now()")
    with office(studio) as at:
        section = backups(at)
        at.until(lambda: states(section) == ["File is gone, Tried, Copied", "Checked"])
        at.until(lambda: section.months.figure() == "1 of 1")
        assert section.everything.figure() == "Just now"
        assert section.drill.figure() == "Just now"
        assert section.summary() == f"Kept in {studio.backup_dir}"
        section.chips.choose("month")
        at.until(lambda: states(section) == ["Checked"])
        section.focus_list()
        at.key(Qt.Key.Key_Return)
        assert section.detail.isVisible()
        (file,) = studio.backup_dir.iterdir()
        assert section.detail.file.value() == file.name
        assert section.detail.where.value() == str(studio.backup_dir)
        click(section.detail.file.copy)
        assert QGuiApplication.clipboard().text() == file.name
        assert dict(section.detail.facts())["Checked for"] == "version 1 of its extrato"


def test_trial_that_failed_is_said_with_its_reason(studio: Studio) -> None:
    whole(studio, "a.zip", "now(), 'the table payments is missing'")
    with office(studio) as at:
        section = backups(at)
        at.until(lambda: len(section.model.rows) == 1)
        at.until(lambda: "it failed" in section.drill.note())
        section.focus_list()
        at.key(Qt.Key.Key_Return)
        assert "the table payments is missing" in section.detail.trouble()


def test_desk_on_a_server_says_where_the_server_keeps_them(studio: Studio) -> None:
    close(studio)
    with studio.books.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO health_reports (status, looked_at, looked_on, healthy, conditions)"
                " VALUES ('done', now(), 'porao', true, CAST(:conditions AS jsonb))"
            ),
            {"conditions": json.dumps([ROOM])},
        )
    with office(studio, ClosingServer()) as at:
        section = backups(at)
        at.until(lambda: section.summary() == "Kept in /var/backups/studio on porao")
        at.until(lambda: states(section) == ["Checked"])


def test_new_backup_appears_by_itself(studio: Studio) -> None:
    with office(studio) as at:
        section = backups(at)
        at.until(lambda: "There is no backup yet" in section.empty.sentence())
        create_backup(studio.books.database, month=MONTH, directory=studio.backup_dir)
        at.until(lambda: len(section.model.rows) == 1)
        whole(studio, "a.zip")
        at.until(lambda: len(section.model.rows) == 2)
