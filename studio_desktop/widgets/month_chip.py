"""The month a list shows: a chip between two arrows."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import IconButton
from studio_desktop.widgets.menu_chip import MenuChip

MONTHS_OFFERED = 13


class MonthChip(QWidget):
    """month_changed(Month or None): None for all open months."""

    month_changed = Signal(object)

    def __init__(self, theme: Theme, newest: Month) -> None:
        """newest: where it starts; no later month is offered."""
        super().__init__()
        self._newest = newest
        self._back = IconButton(theme, "chevron_left", self.tr("Previous month (Alt+Left)"))
        self._on = IconButton(theme, "chevron_right", self.tr("Next month (Alt+Right)"))
        self._chip = MenuChip(theme, self.tr("Month"))
        self._offer(newest)
        self._chip.choose(newest)
        self._chip.chosen.connect(self._on_chosen)
        self._back.clicked.connect(self.go_back)
        self._on.clicked.connect(self.go_on)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for part in (self._back, self._chip, self._on):
            row.addWidget(part)
        self._show_ends()

    def add_keys(self, screen: QWidget) -> None:
        """Alt+Left and Alt+Right while a screen is shown."""
        for key, slot in (("Alt+Left", self.go_back), ("Alt+Right", self.go_on)):
            QShortcut(QKeySequence(key), screen).activated.connect(slot)

    def month(self) -> Month | None:
        month: Month | None = self._chip.value()
        return month

    def choose(self, month: Month | None) -> None:
        if month is not None and month not in self._chip.options():
            self._offer(month)
        self._chip.choose(month)

    @Slot()
    def go_back(self) -> None:
        shown = self.month()
        self.choose(shown.previous() if shown is not None else self._newest)

    @Slot()
    def go_on(self) -> None:
        shown = self.month()
        if shown is None:
            self.choose(self._newest)
        elif shown < self._newest:
            self.choose(shown.next())

    def _offer(self, month: Month) -> None:
        """A year back from the newest, and as far as the month that is wanted."""
        months = [self._newest]
        while len(months) < MONTHS_OFFERED or months[-1] > month:
            months.append(months[-1].previous())
        options: list[tuple[Month | None, str]] = [
            (each, formats.month(each.year, each.month)) for each in months
        ]
        self._chip.set_options([*options, (None, self.tr("All open months"))])

    def _show_ends(self) -> None:
        shown = self.month()
        self._on.setEnabled(shown is None or shown < self._newest)

    @Slot(object)
    def _on_chosen(self, month: object) -> None:
        self._show_ends()
        self.month_changed.emit(month)
