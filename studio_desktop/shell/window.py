"""The one window: a stack of pages (first start, sign-in, workspace) and the toasts over them."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

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

    def show_page(self, page: QWidget) -> None:
        """Show a new page and forget the one before."""
        before = self.page()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        if before is not None:
            self._pages.removeWidget(before)
            before.hide()
            before.deleteLater()

    def page(self) -> QWidget | None:
        return self._pages.currentWidget() if self._pages.count() else None

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
