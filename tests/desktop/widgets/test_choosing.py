"""Choosing by keys: the segmented choice, the month between its arrows, a chip with a menu."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio_core.months import Month
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.menu_chip import MenuChip
from studio_desktop.widgets.month_chip import MonthChip
from studio_desktop.widgets.segmented import Segmented

OPTIONS = [("cash", "Cash"), ("pix", "Pix"), ("debit", "Debit"), ("credit", "Credit")]


def test_digits_and_arrows_choose(qtbot: QtBot, theme: Theme) -> None:
    choice = Segmented(theme, OPTIONS)
    qtbot.addWidget(choice)
    choice.show()
    assert choice.value() is None
    QTest.keyClick(choice, Qt.Key.Key_3)
    assert choice.value() == "debit"
    QTest.keyClick(choice, Qt.Key.Key_9)
    assert choice.value() == "debit"
    QTest.keyClick(choice, Qt.Key.Key_Left)
    assert choice.value() == "pix"
    QTest.keyClick(choice, Qt.Key.Key_Up)
    assert choice.value() == "pix"
    with qtbot.waitSignal(choice.chosen) as told:
        choice.choose("a method of another system")
    assert told.args == [None]


def test_months_go_back_for_ever_and_on_to_the_newest(qtbot: QtBot, theme: Theme) -> None:
    chip = MonthChip(theme, Month(2025, 9))
    qtbot.addWidget(chip)
    chip.go_on()
    assert chip.month() == Month(2025, 9)
    for _ in range(30):
        chip.go_back()
    assert chip.month() == Month(2023, 3)
    chip.choose(None)
    chip.go_on()
    assert chip.month() == Month(2025, 9)


def test_a_chip_keeps_what_is_chosen_when_its_menu_changes(qtbot: QtBot, theme: Theme) -> None:
    chip = MenuChip(theme, "Artist", [(None, "Every artist"), (1, "Ana"), (2, "Bento")])
    qtbot.addWidget(chip)
    chip.choose(2)
    assert chip.text() == "Bento"
    assert chip.isChecked()
    chip.set_options([(None, "Every artist"), (2, "Bento Traço")])
    assert (chip.value(), chip.text()) == (2, "Bento Traço")
    with qtbot.waitSignal(chip.chosen) as told:
        chip.set_options([(None, "Every artist")])
    assert told.args == [None]
    assert not chip.isChecked()
