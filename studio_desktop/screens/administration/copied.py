"""A value that belongs elsewhere, such as a correlation id, with a button that copies it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import IconButton
from studio_desktop.widgets.facts import CAPTION_WIDTH
from studio_desktop.widgets.text import ElidedLabel, label

ICON = 16
GAP = 12


class CopyLine(QWidget):
    """Hidden while there is nothing to copy. copied: it is in the clipboard."""

    copied = Signal()

    def __init__(self, theme: Theme, name: str, button: str) -> None:
        """button: what its button does, for screen readers."""
        super().__init__()
        self._value = ElidedLabel("")
        caption = label(name, "caption")
        caption.setFixedWidth(CAPTION_WIDTH)
        self.copy = IconButton(theme, "copy", button, size=ICON)
        self.copy.clicked.connect(self._on_copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(caption)
        row.addWidget(self._value, 1)
        row.addWidget(self.copy)
        self.hide()

    def show_value(self, value: str) -> None:
        self._value.set_whole(value)
        self.setVisible(bool(value))

    def value(self) -> str:
        return self._value.whole()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.value())
        self.copied.emit()
