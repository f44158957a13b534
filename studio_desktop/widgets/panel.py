"""The side panel: looking and editing beside a list, 420 px wide."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import IconButton
from studio_desktop.widgets.text import ElidedLabel

BELOW = 48


class SidePanel(QFrame):
    """A title with a cross, content that scrolls, and a foot for buttons that does not.

    closed: by its cross, or by close_panel().
    """

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "panel")
        self.setFixedWidth(theme.tokens.panel_width)
        self._title = ElidedLabel("", "section")
        cross = IconButton(theme, "close", self.tr("Close the panel"), size=18)
        cross.clicked.connect(self.close_panel)
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 12, 4)
        head.addWidget(self._title, 1)
        head.addWidget(cross)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(20, 12, 20, 16)
        self.foot.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._area, 1)
        column.addLayout(self.foot)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        self.hide()

    def set_title(self, title: str) -> None:
        self._title.set_whole(title)
        self.setAccessibleName(title)

    def set_content(self, content: QWidget) -> None:
        """Replace what it shows. The old content is not deleted: whoever made it keeps it."""
        if self._area.widget() is not None:
            self._area.takeWidget().hide()
        content.setProperty("look", "page")
        content.setAutoFillBackground(False)
        self._area.setWidget(content)
        content.show()

    def content(self) -> QWidget | None:
        return self._area.widget()

    def reveal(self, part: QWidget) -> None:
        """Scroll to a part of the content, and to what stands right below it."""
        content = self._area.widget()
        if content is not None and content.isAncestorOf(part):
            layout = content.layout()
            if layout is not None:
                layout.activate()
            self._area.ensureWidgetVisible(part, 0, BELOW)

    def open_panel(self) -> None:
        self.show()

    @Slot()
    def close_panel(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Qt scrolls along with Tab only, not with Enter or to the first error."""
        if new is not None and self.isVisible():
            self.reveal(new)
