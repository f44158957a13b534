"""The one window: a stack of pages (first start, sign-in, workspace) and the toasts over them.

A page may be covered for a while: what is typed in it, and in dialogs over it, stays as it is.
"""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QStackedLayout, QWidget

from studio_desktop.tasks.lifetime import exists
from studio_desktop.theme.theme import Theme


class Window(QWidget):
    """closing: the window is about to go."""

    closing = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Tattoo Studio"))
        self.setWindowIcon(theme.icon("needle", "accent", 32))
        self.setMinimumSize(QSize(1024, 640))
        self._covered: list[QDialog] = []
        self._typed_in: QWidget | None = None
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)

    def show_page(self, page: QWidget) -> None:
        """Show a new page and forget those before."""
        before = [self._pages.widget(place) for place in range(self._pages.count())]
        self._covered.clear()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        for one in before:
            self._forget(one)

    def cover(self, page: QWidget) -> None:
        """Show a page over the one before, which comes back with uncover()."""
        if not self.is_covered():
            self._typed_in = self.focusWidget()
        self._covered = [
            dialog for dialog in self.findChildren(QDialog) if not dialog.isHidden()
        ] or self._covered
        for dialog in self._covered:
            dialog.hide()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    def uncover(self) -> None:
        cover = self.page()
        if cover is None or not self.is_covered():
            return
        self._forget(cover)
        self._pages.setCurrentIndex(self._pages.count() - 1)
        if not self.is_covered():
            if self._typed_in is not None and exists(self._typed_in):
                self._typed_in.setFocus()
            for dialog in filter(exists, self._covered):
                dialog.open()
            self._covered.clear()

    def is_covered(self) -> bool:
        return self._pages.count() > 1

    def page(self) -> QWidget | None:
        """The one on top."""
        return self._pages.currentWidget() if self._pages.count() else None

    def _forget(self, page: QWidget | None) -> None:
        if page is not None:
            self._pages.removeWidget(page)
            page.hide()
            page.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
