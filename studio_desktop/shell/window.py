"""The one window: a stack of pages (first start, sign-in, workspace) and the toasts over them."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QStackedLayout, QWidget

from studio_desktop.theme.theme import Theme


class Window(QWidget):
    """closing: the window is about to go."""

    closing = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Tattoo Studio"))
        self.setWindowIcon(theme.icon("needle", "accent", 32))
        self.setMinimumSize(QSize(1024, 640))
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._waiting: dict[QWidget, list[QDialog]] = {}

    def show_page(self, page: QWidget) -> None:
        """Show a new page and forget the one before."""
        before = self.page()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        if before is not None:
            self._forget(before)

    def cover(self, page: QWidget) -> QWidget | None:
        """Show a new page over the one shown, which waits as it is. Returns the one that waits.

        Its dialogs wait with it: they are windows of their own and would stay in sight.
        """
        before = self.page()
        if before is not None:
            for dialog in before.findChildren(QDialog):
                if dialog.isVisible():
                    dialog.hide()
                    self._waiting.setdefault(before, []).append(dialog)
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        return before

    def uncover(self, page: QWidget) -> None:
        """Show a page that waits, and forget the one that covered it."""
        cover = self.page()
        self._pages.setCurrentWidget(page)
        if cover is not None and cover is not page:
            self._forget(cover)
        for dialog in self._waiting.pop(page, []):
            dialog.open()

    def page(self) -> QWidget | None:
        return self._pages.currentWidget() if self._pages.count() else None

    def forget(self, page: QWidget) -> None:
        """A page that waits is wanted no more."""
        if page is not self.page():
            self._waiting.pop(page, None)
            self._forget(page)

    def _forget(self, page: QWidget) -> None:
        self._pages.removeWidget(page)
        page.hide()
        page.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
