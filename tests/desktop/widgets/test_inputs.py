"""Fields that understand what people type, with real keys."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio_core.errors import RuleError
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.form import Field, Form
from studio_desktop.widgets.inputs import DateField, LineEdit, MoneyField, PasswordField
from studio_desktop.widgets.pickers import Option, Picker
from studio_desktop.widgets.typed_dates import parse_day

TODAY = date(2026, 11, 23)


def _shown(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    window = QWidget()
    column = QVBoxLayout(window)
    for widget in widgets:
        column.addWidget(widget)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window


@pytest.mark.parametrize("typed", ["1.234,56", "1234,56", "1234.56", "R$ 1.234,56"])
def test_money_is_taken_as_typed_and_written_out_on_leaving(
    qtbot: QtBot, theme: Theme, typed: str
) -> None:
    field, other = MoneyField(theme), QLineEdit()
    window = _shown(qtbot, field, other)
    field.setFocus()
    QTest.keyClicks(field, typed)
    assert field.amount() == Decimal("1234.56")
    other.setFocus()
    assert field.text() == "1.234,56"
    assert window.isVisible()


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "amount_empty"), ("-5", "amount_negative"), ("12a", "amount_letters")],
)
def test_money_says_what_is_wrong(qtbot: QtBot, theme: Theme, typed: str, code: str) -> None:
    field = MoneyField(theme)
    qtbot.addWidget(field)
    QTest.keyClicks(field, typed)
    problem = field.problem()
    assert problem is not None
    assert problem.code == code
    assert field.amount() is None


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("hoje", TODAY),
        ("ontem", date(2026, 11, 22)),
        ("12/9", date(2026, 9, 12)),
        ("5/1", date(2027, 1, 5)),
        ("12/09/25", date(2025, 9, 12)),
        ("21/04/96", date(1996, 4, 21)),
        ("12092025", date(2025, 9, 12)),
        ("2025-09-12", date(2025, 9, 12)),
        ("-1", date(2026, 11, 22)),
        ("29/2", date(2027, 2, 28)),
    ],
)
def test_days_are_understood(typed: str, day: date) -> None:
    if typed == "29/2":
        with pytest.raises(RuleError):
            parse_day(typed, TODAY)
        return
    assert parse_day(typed, TODAY) == day


def test_a_date_moves_by_arrow_keys(qtbot: QtBot, theme: Theme) -> None:
    field = DateField(theme, lambda: TODAY)
    qtbot.addWidget(field)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.text() == "22/11/2026"


def test_caps_lock_is_noticed(qtbot: QtBot, theme: Theme) -> None:
    field = PasswordField(theme)
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.caps_changed) as told:
        QTest.keyClicks(field, "A")
    assert told.args == [True]


def test_half_a_name_that_fits_one_artist_means_them(qtbot: QtBot, theme: Theme) -> None:
    picker, other = Picker(theme), QLineEdit()
    picker.set_options([Option(1, "Ana Tinta", colour=0), Option(2, "Bruno Agulha", colour=1)])
    picker.choose(None)
    window = _shown(qtbot, picker, other)
    edit = picker.lineEdit()
    assert edit is not None
    edit.setFocus()
    edit.setText("bru")
    edit.editingFinished.emit()
    assert picker.value() == 2
    assert edit.text() == "Bruno Agulha"
    assert window.isVisible()


def test_enter_goes_on_and_ctrl_enter_submits(qtbot: QtBot, theme: Theme) -> None:
    form, name, notes = Form(), LineEdit(), LineEdit()
    form.add("name", Field(theme, "Name", name, required=True))
    form.add("notes", Field(theme, "Notes", notes))
    window = _shown(qtbot, form)
    name.setFocus()
    QTest.keyClick(name, Qt.Key.Key_Return)
    qtbot.waitUntil(notes.hasFocus)
    with qtbot.waitSignal(form.submitted):
        QTest.keyClick(name, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert name.accessibleName() == "Name, required"
    assert window.isVisible()
