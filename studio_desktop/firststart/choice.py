"""One large choice: an icon, what it is, what it means."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from studio_desktop.theme.theme import Theme

HEIGHT = 84
ICON = 24


class ChoiceCard(QAbstractButton):
    """Painted from the tokens; checked when its form is shown below."""

    def __init__(self, theme: Theme, icon: str, title: str, sentence: str) -> None:
        super().__init__()
        self._theme, self._icon, self._sentence = theme, icon, sentence
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(560, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, lit = self._theme, self.underMouse() or self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent" if lit else "border"), 1))
        painter.setBrush(theme.colour("surface"))
        radius = theme.tokens.radius["card"]
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        badge = QRectF(20, (HEIGHT - 44) / 2, 44, 44)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_weak"))
        painter.drawRoundedRect(badge, radius, radius)
        inset = (44 - ICON) // 2
        picture = theme.pixmap(self._icon, "accent", ICON, self)
        painter.drawPixmap(int(badge.left()) + inset, int(badge.top()) + inset, picture)
        words = QRect(80, 16, self.width() - 80 - 56, 24)
        painter.setFont(theme.font("section"))
        painter.setPen(theme.colour("text"))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text_2"))
        sentence = painter.fontMetrics().elidedText(
            self._sentence, Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words.translated(0, 27), Qt.AlignmentFlag.AlignVCenter, sentence)
        arrow = theme.pixmap("chevron_right", "text_3", 20, self)
        painter.drawPixmap(self.width() - 40, (HEIGHT - 20) // 2, arrow)
        painter.end()
