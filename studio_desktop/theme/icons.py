"""Line icons: SVG with one stroke, recoloured from a token and kept by colour, size and ratio."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from studio_core.resources import resource

_RATIOS = (1.0, 1.5, 2.0)
_STROKE = 1.75
# A larger icon keeps the stroke it has at this size: lines, not bars.
_FULL_STROKE_UP_TO = 24
_DISABLED_OPACITY = 0.4


class IconLoader:
    """Pictures by name, "currentColor" replaced at load."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or resource("icons")
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(path.stem for path in self._folder.glob("*.svg")))

    def source(self, name: str, colour: str) -> str:
        """The SVG text in a colour (#RRGGBB). Raises FileNotFoundError for an unknown name."""
        if name not in self._sources:
            self._sources[name] = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
        return self._sources[name].replace("currentColor", colour)

    def pixmap(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        key = (name, colour, size, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._drawn(*key)
        return self._pixmaps[key]

    def icon(self, name: str, colour: str, size: int) -> QIcon:
        """Pale where it cannot be pressed: Qt's own picture for that is as bright when dark."""
        icon = QIcon()
        for ratio in _RATIOS:
            pixmap = self.pixmap(name, colour, size, ratio)
            icon.addPixmap(pixmap)
            icon.addPixmap(_pale(pixmap), QIcon.Mode.Disabled)
        return icon

    def _drawn(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        pixels = round(size * ratio)
        pixmap = QPixmap(pixels, pixels)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        drawing = self.source(name, colour)
        if size > _FULL_STROKE_UP_TO:
            thinner = _STROKE * _FULL_STROKE_UP_TO / size
            drawing = drawing.replace(f'width="{_STROKE}"', f'width="{thinner:.2f}"')
        renderer = QSvgRenderer(QByteArray(drawing.encode()))
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        return pixmap


def _pale(pixmap: QPixmap) -> QPixmap:
    pale = QPixmap(pixmap.size())
    pale.setDevicePixelRatio(pixmap.devicePixelRatio())
    pale.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pale)
    painter.setOpacity(_DISABLED_OPACITY)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return pale
