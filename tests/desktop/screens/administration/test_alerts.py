"""Alerts at a real window: seen, taken back, live, and what is worth one."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from studio_core.alerts.actions import raise_alert
from studio_core.alerts.policy import SlowQueryPolicy, studio_policy
from studio_core.settings.actions import change_setting
from studio_core.settings.values import ALERT_QUERY_MS_THRESHOLD
from studio_desktop.screens.administration.alerts.view import AlertsSection
from tests.desktop.screens.administration.conftest import Office, office
from tests.desktop.screens.month_desk import Studio, click

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def tell(studio: Studio, message: str, **details: Any) -> int:
    with studio.books.database.transaction() as session:
        return raise_alert(
            session, kind="drill_failed", severity="danger", message=message, details=details
        )


def alerts(at: Office) -> AlertsSection:
    section = at.section("alerts")
    assert isinstance(section, AlertsSection)
    return section


def unseen(studio: Studio) -> list[int]:
    rows = studio.books.rows("SELECT id FROM alerts WHERE seen_at IS NULL ORDER BY id")
    return [row[0] for row in rows]


def policy(studio: Studio) -> SlowQueryPolicy:
    with studio.books.database.transaction() as session:
        return studio_policy(session)


def test_one_is_marked_as_seen_by_keyboard_and_taken_back(studio: Studio) -> None:
    first, second = tell(studio, "one"), tell(studio, "two", count=14)
    with office(studio) as at:
        section = alerts(at)
        at.until(lambda: [row.id for row in section.model.rows] == [second, first])
        at.until(lambda: section.summary() == "2 that nobody has seen")
        section.focus_list()
        at.key(Qt.Key.Key_Return)
        assert dict(section.detail.facts())["Times"] == "14"
        at.key(Qt.Key.Key_F2)
        at.said("Alert marked as seen")
        at.until(lambda: [row.id for row in section.model.rows] == [first, second])
        assert unseen(studio) == [first]
        assert section.model.rows[1].seen_by == "Helena Prado"
        shown = section.detail.row()
        assert shown is not None
        assert shown.id == second, "what is looked at stays"
        at.until(lambda: not section.detail.see.isVisible())
        section.focus_list()
        at.key(Qt.Key.Key_Z, CTRL)
        at.said("Taken back")
        assert unseen(studio) == [first, second]
        at.until(section.detail.see.isVisible)


def test_all_are_marked_as_seen_but_for_what_came_later(studio: Studio) -> None:
    old = [tell(studio, f"number {number}") for number in range(3)]
    with office(studio) as at:
        section = alerts(at)
        at.until(section.see_all.isEnabled)
        at.until(lambda: len(section.model.rows) == 3)
        with studio.books.database.transaction() as session:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text("INSERT INTO alerts (kind, message) VALUES ('test', 'unheard')"))
        section.focus_list()
        at.key(Qt.Key.Key_A, CTRL | SHIFT)
        at.said("3 alerts marked as seen")
        assert len(unseen(studio)) == 1
        at.until(lambda: "1" in at.view.tabs.waiting("alerts"))
        click(at.undo_in_notice())
        at.until(lambda: len(unseen(studio)) == 4)
        assert set(old) < set(unseen(studio))


def test_new_alert_comes_to_the_top_and_the_choice_stays(studio: Studio) -> None:
    first = tell(studio, "one")
    with office(studio) as at:
        section = alerts(at)
        at.until(lambda: len(section.model.rows) == 1)
        section.focus_list()
        second = tell(studio, "two")
        at.until(lambda: [row.id for row in section.model.rows] == [second, first])
        assert section.table.current_row().id == first
        section.chips.choose(True)
        at.until(lambda: len(section.model.rows) == 2)


def test_message_is_said_by_its_code_where_the_alert_has_one(studio: Studio) -> None:
    tell(studio, "English", code="health_month_open", params={"month": "2025-09"})
    with office(studio) as at:
        section = alerts(at)
        at.until(lambda: len(section.model.rows) == 1)
        shown = section.model.index(0, 3).data(Qt.ItemDataRole.DisplayRole)
        assert shown == "The month September 2025 is over and not closed."


def test_slow_queries_are_decided_by_keyboard_and_taken_back(studio: Studio) -> None:
    with office(studio) as at:
        section = alerts(at)
        line = section.settings_line
        at.until(lambda: "longer than 1.000 ms" in line.words.text())
        at.key(Qt.Key.Key_E, CTRL)
        assert section.form.threshold.hasFocus()
        section.form.threshold.selectAll()
        at.type("2500")
        assert at.view.has_unsaved()
        at.key(Qt.Key.Key_Return, CTRL)
        at.said("Queries over 2.500 ms raise an alert now")
        assert policy(studio) == SlowQueryPolicy(True, 2500)
        assert section.panel.isHidden()
        assert not at.view.has_unsaved()
        assert "longer than 2.500 ms" in line.words.text()
        click(at.undo_in_notice())
        at.said("Queries over 1.000 ms raise an alert now")
        assert policy(studio) == SlowQueryPolicy(True, 1000)


def test_slow_queries_are_switched_off_and_the_limit_stays(studio: Studio) -> None:
    with office(studio) as at:
        section = alerts(at)
        at.until(lambda: "1.000 ms" in section.settings_line.words.text())
        at.key(Qt.Key.Key_E, CTRL)
        section.form.switch.setFocus()
        at.key(Qt.Key.Key_Space)
        assert not section.form.threshold.isEnabled()
        click(section.form.save)
        at.said("Slow queries raise no alert any more")
        assert policy(studio) == SlowQueryPolicy(False, 1000)
        assert section.settings_line.words.text() == "Slow queries raise no alert."


@pytest.mark.parametrize("typed", ["", "0", "-5", "1,5", "many", "99999999"])
def test_limit_that_makes_no_sense_is_refused_beside_the_field(studio: Studio, typed: str) -> None:
    with office(studio) as at:
        section = alerts(at)
        at.until(lambda: "1.000 ms" in section.settings_line.words.text())
        at.key(Qt.Key.Key_E, CTRL)
        section.form.threshold.selectAll()
        at.key(Qt.Key.Key_Delete)
        at.type(typed)
        at.key(Qt.Key.Key_Return)
        assert section.form.error() == "Type a whole number from 1 to 3.600.000."
        assert section.form.isVisible()
        assert policy(studio) == SlowQueryPolicy()
        click(section.form.cancel)
        assert not at.view.has_unsaved()


def test_second_owner_learns_what_the_first_decided_and_keeps_what_was_typed(
    studio: Studio,
) -> None:
    with office(studio) as at:
        section = alerts(at)
        at.until(lambda: "1.000 ms" in section.settings_line.words.text())
        at.key(Qt.Key.Key_E, CTRL)
        section.form.threshold.selectAll()
        at.type("700")
        with studio.books.database.transaction() as session:
            change_setting(session, ALERT_QUERY_MS_THRESHOLD, 50)
        at.until(lambda: "50 ms" in section.settings_line.words.text())
        assert section.form.threshold.text() == "700"
        click(section.form.save)
        at.until(lambda: "Somebody else decided meanwhile" in section.form.notice.text())
        assert "50 ms" in section.form.notice.text()
        assert policy(studio) == SlowQueryPolicy(True, 50)
        click(section.form.save)
        at.said("Queries over 700 ms raise an alert now")
        assert policy(studio) == SlowQueryPolicy(True, 700)


def test_form_that_nobody_typed_in_follows_the_studio(studio: Studio) -> None:
    with office(studio) as at:
        section = alerts(at)
        at.until(lambda: "1.000 ms" in section.settings_line.words.text())
        at.key(Qt.Key.Key_E, CTRL)
        with studio.books.database.transaction() as session:
            change_setting(session, ALERT_QUERY_MS_THRESHOLD, 50)
        at.until(lambda: section.form.threshold.text() == "50")
