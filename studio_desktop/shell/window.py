"""The one window: pages (first start, sign-in, workspace) and the toasts over them.

A page may be covered for a while, or put aside with all that covers it: what is typed in it, and
in dialogs over it, stays as it is.
"""

from dataclasses import dataclass, field

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QStackedLayout, QWidget

from studio_desktop.tasks.lifetime import exists
from studio_desktop.theme.theme import Theme


@dataclass(eq=False)
class Pages:
    """A page and those that cover it, the one on top last. dialogs: hidden while it is covered.
    typed_in: where the cursor was."""

    layers: list[QWidget] = field(default_factory=list)
    dialogs: list[QDialog] = field(default_factory=list)
    typed_in: QWidget | None = None

    def hide_dialogs(self) -> None:
        """They are windows of their own and would stay in sight."""
        for page in self.layers:
            for dialog in page.findChildren(QDialog):
                if not dialog.isHidden():
                    dialog.hide()
                    self.dialogs.append(dialog)

    def go_on(self) -> None:
        if self.typed_in is not None and exists(self.typed_in):
            self.typed_in.setFocus()
        for dialog in filter(exists, self.dialogs):
            dialog.open()
        self.dialogs.clear()


class Window(QWidget):
    """closing: the window is about to go."""

    closing = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Tattoo Studio"))
        self.setWindowIcon(theme.icon("needle", "accent", 32))
        self.setMinimumSize(QSize(1024, 640))
        self._shown = Pages()
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)

    def show_page(self, page: QWidget) -> None:
        """Show a new page and forget the one before, with what covers it."""
        before, self._shown = self._shown, Pages()
        self._add(page)
        self.forget(before)

    def cover(self, page: QWidget) -> None:
        """Show a page over the one before, which comes back with uncover()."""
        if not self.is_covered():
            self._shown.typed_in = self.focusWidget()
        self._shown.hide_dialogs()
        self._add(page)

    def uncover(self) -> None:
        if not self.is_covered():
            return
        self._forget_page(self._shown.layers.pop())
        self._pages.setCurrentWidget(self._shown.layers[-1])
        if not self.is_covered():
            self._shown.go_on()

    def is_covered(self) -> bool:
        return len(self._shown.layers) > 1

    def put_aside(self) -> Pages:
        """What is shown waits as it is until bring_back(); another page is shown next."""
        aside, self._shown = self._shown, Pages()
        if len(aside.layers) == 1:
            aside.typed_in = self.focusWidget()
        aside.hide_dialogs()
        return aside

    def bring_back(self, aside: Pages) -> None:
        """Show what waited, and forget what was shown meanwhile."""
        before, self._shown = self._shown, aside
        self._pages.setCurrentWidget(aside.layers[-1])
        self.forget(before)
        if not self.is_covered():
            aside.go_on()

    def forget(self, pages: Pages) -> None:
        """What waited is wanted no more."""
        for page in pages.layers:
            self._forget_page(page)

    def page(self) -> QWidget | None:
        """The one on top."""
        return self._shown.layers[-1] if self._shown.layers else None

    def _add(self, page: QWidget) -> None:
        self._shown.layers.append(page)
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    def _forget_page(self, page: QWidget) -> None:
        self._pages.removeWidget(page)
        page.hide()
        page.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
