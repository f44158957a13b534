"""A page that scrolls with its bar in the margin beside it, so that its edges stay in line."""

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar

GAP, WIDTH = 6, 12


class MarginScrollArea(QScrollArea):
    """Needs a right margin of at least GAP + WIDTH in the window around it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._beside = QScrollBar(Qt.Orientation.Vertical, self)
        self._beside.hide()
        own = self.verticalScrollBar()
        own.rangeChanged.connect(self._follow)
        own.valueChanged.connect(self._beside.setValue)
        self._beside.valueChanged.connect(own.setValue)

    def beside(self) -> QScrollBar:
        """The bar that a person sees and drags."""
        return self._beside

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Only the window is wide enough to show what stands outside of this widget.
        self._beside.setParent(self.window())
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._beside.hide()
        self._beside.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        own, window = self.verticalScrollBar(), self.window()
        self._beside.setRange(own.minimum(), own.maximum())
        self._beside.setPageStep(own.pageStep())
        self._beside.setSingleStep(own.singleStep())
        self._beside.setValue(own.value())
        corner = self.mapTo(window, QPoint(self.width() + GAP, 0))
        self._beside.setGeometry(corner.x(), corner.y(), WIDTH, self.height())
        self._beside.setVisible(own.maximum() > 0 and self.isVisible())
