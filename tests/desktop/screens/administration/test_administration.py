"""The room itself: who sees it, its tabs by keyboard, what it remembers, and that only the section
in front reads."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio_core.alerts.actions import raise_alert
from studio_desktop.screens.administration.listing import ListSection
from studio_desktop.screens.administration.view import SECTIONS, AdministrationView
from studio_desktop.shell.keys import keys_of
from tests.desktop.screens.administration.conftest import office
from tests.desktop.screens.month_desk import Studio

CTRL = Qt.KeyboardModifier.ControlModifier


def tell(studio: Studio, message: str) -> int:
    with studio.books.database.transaction() as session:
        return raise_alert(session, kind="drill_failed", severity="warning", message=message)


@pytest.mark.parametrize("access", ["manager", "reception"])
def test_only_owners_see_it(studio: Studio, access: str) -> None:
    with studio.desk(access) as desk:
        assert "administration" not in desk.workspace.keys
        assert desk.workspace.show_screen("administration") is None


def test_every_section_is_reached_by_keyboard(studio: Studio) -> None:
    with office(studio) as at:
        assert at.view.tabs.value() == "health"
        for number, key in enumerate(SECTIONS, start=1):
            at.key(getattr(Qt.Key, f"Key_{number}"), CTRL)
            assert at.view.tabs.value() == key
            section = at.view.section(key)
            assert section is not None
            assert section.isVisible()
        named = dict(keys_of(at.view))
        assert named["Ctrl+1"] == "Health"
        assert named["Ctrl+5"] == "Audit"


def test_arrows_move_between_the_tabs(studio: Studio) -> None:
    with office(studio) as at:
        tabs = at.view.tabs
        tabs.focus_chosen()
        at.key(Qt.Key.Key_Right)
        at.key(Qt.Key.Key_Right)
        assert tabs.value() == "backups"
        at.key(Qt.Key.Key_Left)
        assert tabs.value() == "runs"
        for _ in SECTIONS:
            at.key(Qt.Key.Key_Left)
        assert tabs.value() == "health"


def test_last_section_is_remembered_for_this_person(studio: Studio) -> None:
    with office(studio) as at:
        at.section("alerts")
    with office(studio) as at:
        assert at.view.tabs.value() == "alerts"


def test_section_that_is_not_in_front_reads_when_it_comes(studio: Studio) -> None:
    tell(studio, "one")
    with office(studio) as at:
        assert at.view.section("alerts") is None, "nothing is built before it is wanted"
        alerts = at.section("alerts")
        assert isinstance(alerts, ListSection)
        at.until(lambda: len(alerts.model.rows) == 1)
        at.section("runs")
        tell(studio, "two")
        at.until(lambda: "2" in at.view.tabs.waiting("alerts"))
        assert len(alerts.model.rows) == 1
        at.section("alerts")
        at.until(lambda: len(alerts.model.rows) == 2)


def test_rail_says_how_many_alerts_wait_before_the_screen_is_opened(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        rail = desk.workspace.rail
        studio.until(lambda: rail.waiting("administration") == 0)
        tell(studio, "one")
        studio.until(lambda: rail.waiting("administration") == 1)
        tell(studio, "two")
        studio.until(lambda: rail.waiting("administration") == 2)
    with studio.desk("manager") as desk:
        assert "administration" not in desk.workspace.keys


def test_f5_reads_anew(studio: Studio) -> None:
    with office(studio) as at:
        alerts = at.section("alerts")
        assert isinstance(alerts, ListSection)
        at.until(lambda: alerts.empty.sentence().startswith("Nothing has been noticed"))
        with studio.books.database.transaction() as session:
            session.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
            session.connection().exec_driver_sql(
                "INSERT INTO alerts (kind, message) VALUES ('test', 'said to nobody')"
            )
        QTest.keyClick(at.desk.workspace, Qt.Key.Key_F5)
        at.until(lambda: len(alerts.model.rows) == 1)


def test_search_box_is_there_only_where_something_is_searched(studio: Studio) -> None:
    with office(studio) as at:
        bar = at.desk.workspace.top_bar
        assert not bar.search.isVisible()
        at.section("audit")
        assert bar.search.isVisible()
        at.section("runs")
        assert not bar.search.isVisible()


def test_another_screen_leads_to_a_section(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        screen = desk.workspace.show_screen("administration")
        assert isinstance(screen, AdministrationView)
        screen.show_subject("backups")
        assert screen.tabs.value() == "backups"
        screen.show_subject("nonsense")
        assert screen.tabs.value() == "backups"
