"""A soft shadow, only under things that float."""

from PySide6.QtWidgets import QGraphicsDropShadowEffect, QWidget

from studio_desktop.theme.theme import Theme


def lift(widget: QWidget, theme: Theme) -> None:
    shadow = QGraphicsDropShadowEffect(widget)
    colour = theme.colour("shadow")
    colour.setAlpha(60)
    shadow.setColor(colour)
    shadow.setBlurRadius(24)
    shadow.setOffset(0, 6)
    widget.setGraphicsEffect(shadow)
