"""A filter of many values as one chip: it names the value and opens a menu of the others."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton

from studio_desktop.theme.theme import Theme

ICON = 14


class MenuChip(QPushButton):
    """chosen(value): by a person or by choose(). Lit while it narrows the list (value not None)."""

    chosen = Signal(object)

    def __init__(
        self, theme: Theme, name: str, options: Sequence[tuple[Any, str]] = ((None, ""),)
    ) -> None:
        """name: what it filters, for screen readers. options: (value, words), the widest first."""
        super().__init__()
        self._theme, self._name = theme, name
        self._value: Any = None
        self._actions: dict[QAction, Any] = {}
        self.setProperty("look", "chip")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # The arrow stands behind the words.
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setIconSize(QSize(ICON, ICON))
        self._menu = QMenu(self)
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._on_triggered)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self._redraw)
        self.set_options(options)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Replace the menu; what was chosen stays chosen if it is still offered."""
        before = self._value
        for action in list(self._actions):
            self._group.removeAction(action)
            action.deleteLater()
        self._menu.clear()
        self._actions.clear()
        for value, words in options:
            action = QAction(words, self._menu)
            action.setCheckable(True)
            self._group.addAction(action)
            self._menu.addAction(action)
            self._actions[action] = value
        offered = list(self._actions.values())
        if before in offered:
            self._show(before)
        elif offered:
            self.choose(offered[0])

    def value(self) -> Any:
        return self._value

    def choose(self, value: Any) -> None:
        """Choosing what is chosen already says nothing."""
        changed = value != self._value
        self._show(value)
        if changed:
            self.chosen.emit(value)

    def options(self) -> tuple[Any, ...]:
        return tuple(self._actions.values())

    def _show(self, value: Any) -> None:
        self._value = value
        for action, offered in self._actions.items():
            if offered == value:
                action.setChecked(True)
                self.setText(action.text())
                self.setAccessibleName(f"{self._name}: {action.text()}")
        self._redraw()

    @Slot()
    def _on_clicked(self) -> None:
        self._redraw()
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        current = self._group.checkedAction()
        if current is not None:
            self._menu.setActiveAction(current)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.choose(self._actions[action])

    @Slot()
    def _redraw(self) -> None:
        lit = self._value is not None
        self.setChecked(lit)
        self.setIcon(self._theme.icon("chevron_down", "accent" if lit else "text_2", ICON))
