"""Filters as a row of chips, of which one is chosen."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QWidget


class ChipRow(QWidget):
    """chosen(value): another chip was chosen, by a person or by choose()."""

    chosen = Signal(object)

    def __init__(self, name: str, options: Sequence[tuple[Any, str]] = ()) -> None:
        """name: what the row filters, for screen readers. options: (value, words)."""
        super().__init__()
        self.setAccessibleName(name)
        self._values: dict[QAbstractButton, Any] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonToggled.connect(self._on_toggled)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self.set_options(options)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Replace the chips; what was chosen stays chosen if it is still offered."""
        before = self.value()
        for button in list(self._values):
            self._group.removeButton(button)
            button.deleteLater()
        self._values.clear()
        for value, words in options:
            chip = QPushButton(words)
            chip.setProperty("look", "chip")
            chip.setCheckable(True)
            chip.setAccessibleName(words)
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
            self._values[chip] = value
            self._group.addButton(chip)
            self._row.addWidget(chip)
        if options and not self._check(before):
            self._check(options[0][0])

    def value(self) -> Any:
        checked = self._group.checkedButton()
        return self._values.get(checked) if checked is not None else None

    def choose(self, value: Any) -> None:
        """Choosing what is chosen already says nothing."""
        self._check(value)

    def _check(self, value: Any) -> bool:
        for button, offered in self._values.items():
            if offered == value:
                button.setChecked(True)
                return True
        return False

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, button: QAbstractButton, checked: bool) -> None:
        if checked and button in self._values:
            self.chosen.emit(self._values[button])
