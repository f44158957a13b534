"""The line over a statement: back to the list, the versions, and the digest to copy."""

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button, IconButton
from studio_desktop.widgets.chips import ChipRow
from studio_desktop.widgets.text import label

ICON = 16
DIGEST_SHOWN = 12


class MonthBar(QWidget):
    """back_wanted: to the list. version_chosen(int or None): None is the month as it stands.
    digest_copied: the whole digest is in the clipboard."""

    back_wanted = Signal()
    version_chosen = Signal(object)
    digest_copied = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._whole = ""
        self._options: tuple[tuple[int | None, str], ...] = ()
        self._quiet = False
        self.back = Button(self.tr("All extratos"))
        self.back.setProperty("look", "chip")
        self.back.setIconSize(QSize(ICON, ICON))
        self.back.clicked.connect(self.back_wanted)
        self.versions = ChipRow(self.tr("Version"))
        self.versions.chosen.connect(self._on_chosen)
        self._digest = label("", "caption")
        self.copy = IconButton(theme, "copy", self.tr("Copy the digest"), size=ICON)
        self.copy.clicked.connect(self._on_copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.back)
        row.addWidget(self.versions)
        proof = QHBoxLayout()
        proof.setSpacing(4)
        proof.addWidget(self._digest)
        proof.addWidget(self.copy)
        row.addLayout(proof)
        theme.changed.connect(self._redraw)
        self._redraw()

    def show_versions(self, versions: tuple[int, ...], in_force: int | None, shown: object) -> None:
        """versions: newest first. shown: a version, or None for the month as it stands."""
        options: list[tuple[int | None, str]] = []
        for number in versions:
            words = self.tr("Version {number}").replace("{number}", str(number))
            if number == in_force:
                options.append((None, self.tr("{version}, in force").replace("{version}", words)))
            else:
                options.append((number, words))
        if in_force is None:
            options.insert(0, (None, self.tr("Open")))
        self._quiet = True
        if tuple(options) != self._options:
            self._options = tuple(options)
            self.versions.set_options(options)
        self.versions.choose(shown)
        self._quiet = False
        self.versions.setVisible(len(options) > 1)

    def show_digest(self, digest: str | None) -> None:
        self._whole = digest or ""
        short = self.tr("Digest {digest}…").replace("{digest}", self._whole[:DIGEST_SHOWN])
        self._digest.setText(short)
        self._digest.setToolTip(self._whole)
        self._digest.setVisible(bool(digest))
        self.copy.setVisible(bool(digest))

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._whole)
        self.digest_copied.emit()

    @Slot(object)
    def _on_chosen(self, version: object) -> None:
        if not self._quiet:
            self.version_chosen.emit(version)

    @Slot()
    def _redraw(self) -> None:
        self.back.setIcon(self._theme.icon("arrow_left", "text_2", ICON))
