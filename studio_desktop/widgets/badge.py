"""State as a small pill: weak ground, own text."""

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_desktop.models.columns import Badge, Tone
from studio_desktop.theme.theme import Theme

HEIGHT = 20
PADDING = 8

_GROUNDS = {
    "neutral": ("surface_2", "text_2"),
    "accent": ("accent_weak", "accent"),
    "success": ("success_weak", "success"),
    "warning": ("warning_weak", "warning"),
    "danger": ("danger_weak", "danger"),
}


def badge_width(theme: Theme, text: str) -> float:
    return QFontMetricsF(theme.font("caption", strong=True)).horizontalAdvance(text) + 2 * PADDING


def paint_badge(painter: QPainter, theme: Theme, badge: Badge, left: float, middle: float) -> float:
    """Paint at left, centred on middle. Returns the width used."""
    ground, ink = _GROUNDS[badge.tone]
    width = badge_width(theme, badge.text)
    box = QRectF(left, middle - HEIGHT / 2, width, HEIGHT)
    radius = theme.tokens.radius["badge"]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # A neutral badge has the colour of a hovered row, an accent one that of the selection; their
    # hairline keeps them badges there.
    lined = badge.tone in {"neutral", "accent"}
    painter.setPen(theme.colour("border") if lined else Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    inset = 0.5 if lined else 0
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.setPen(theme.colour(ink))
    painter.setFont(theme.font("caption", strong=True))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, badge.text)
    painter.restore()
    return width


class BadgeLabel(QWidget):
    """A badge outside a table."""

    def __init__(self, theme: Theme, text: str = "", tone: Tone = "neutral") -> None:
        super().__init__()
        self._theme = theme
        self._badge = Badge(text, tone)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        theme.changed.connect(self._repaint)

    def set_badge(self, text: str, tone: Tone = "neutral") -> None:
        self._badge = Badge(text, tone)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def show_badge(self, badge: Badge | None) -> None:
        """None hides it."""
        if badge is None:
            self.set_badge("")
        else:
            self.set_badge(badge.text, badge.tone)

    def text(self) -> str:
        return self._badge.text

    def sizeHint(self) -> QSize:
        return QSize(round(badge_width(self._theme, self._badge.text)), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, self._theme, self._badge, 0, self.height() / 2)
        painter.end()

    @Slot()
    def _repaint(self) -> None:
        self.update()
