"""One primary button a view, quiet ones for the rest, danger only inside its dialog."""

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcutEvent
from PySide6.QtWidgets import QPushButton, QWidget

from studio_desktop.theme.theme import Theme


class Button(QPushButton):
    """A button with words; hint shows its key beside them ("Novo cliente  F2")."""

    look = "quiet"

    def __init__(self, text: str, key: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", self.look)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.set_words(text, key)

    def set_words(self, text: str, key: str | None = None) -> None:
        """key: a key sequence in Qt's notation, shown and, if it is a function key, bound."""
        self.setAccessibleName(text)
        if key is None:
            self.setText(text)
            return
        shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        # Both keys do the same; on most keyboards it is called Enter.
        self.setText(f"{text}   {shown.replace('Return', 'Enter')}")
        self.setShortcut(QKeySequence(key))

    def event(self, event: QEvent) -> bool:
        """At once: Qt plays a click of 100 ms for a shortcut, and eats what is typed meanwhile."""
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous() and self.isEnabled():
            self.click()
            return True
        return super().event(event)


class PrimaryButton(Button):
    look = "primary"


class DangerButton(Button):
    look = "danger"


class TextButton(Button):
    """No frame until the pointer is on it."""

    look = "text"


class WeakButton(Button):
    """Small, on the weak accent: actions inside a panel."""

    look = "weak"


class IconButton(QPushButton):
    """A picture; its name is spoken and shown as a tool tip."""

    def __init__(
        self, theme: Theme, icon: str, name: str, *, token: str = "text_2", size: int = 18
    ) -> None:
        super().__init__()
        self._theme, self._icon, self._token, self._size = theme, icon, token, size
        self.setProperty("look", "icon")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.set_name(name)
        theme.changed.connect(self._redraw)
        self._redraw()

    def set_name(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_icon(self, icon: str, token: str | None = None) -> None:
        self._icon, self._token = icon, token or self._token
        self._redraw()

    @Slot()
    def _redraw(self) -> None:
        self.setIcon(self._theme.icon(self._icon, self._token, self._size))
        self.setIconSize(QSize(self._size, self._size))
