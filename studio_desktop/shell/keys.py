"""F1: every key that works here."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QDialog, QGridLayout, QVBoxLayout, QWidget

from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.text import label

Key = tuple[str, str]


def keys_of(widget: QWidget) -> list[Key]:
    """(key, what it does) of every visible button that has a key."""
    found = []
    for button in widget.findChildren(QAbstractButton):
        sequence = button.shortcut()
        if not sequence.isEmpty() and button.isVisibleTo(widget):
            key = sequence.toString(QKeySequence.SequenceFormat.NativeText)
            found.append((key, button.accessibleName()))
    return found


class KeysDialog(QDialog):
    """Show it with open(); Esc or F1 closes it."""

    def __init__(
        self, theme: Theme, parent: QWidget, groups: Sequence[tuple[str, Sequence[Key]]]
    ) -> None:
        """groups: (caption, keys); an empty one is left out."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(label(self.tr("Keys"), "section"))
        for caption, keys in groups:
            if not keys:
                continue
            column.addSpacing(4)
            column.addWidget(label(caption, "caption_strong"))
            grid = QGridLayout()
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(8)
            grid.setColumnMinimumWidth(0, 96)
            grid.setColumnStretch(1, 1)
            for row, (key, words) in enumerate(keys):
                grid.addWidget(BadgeLabel(theme, key), row, 0)
                grid.addWidget(label(words), row, 1)
            column.addLayout(grid)
