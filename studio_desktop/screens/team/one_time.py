"""The dialog that shows a one-time password, this once: it is kept nowhere."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from studio_desktop import formats
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button
from studio_desktop.widgets.dialog import ConfirmDialog
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.text import label


class OneTimePasswordDialog(ConfirmDialog):
    """copied: the password is on the clipboard."""

    copied = Signal()

    def __init__(
        self, theme: Theme, parent: QWidget, name: str, password: str, valid_until: datetime
    ) -> None:
        """valid_until: in the studio's zone."""
        super().__init__(
            parent,
            self.tr("One-time password for {name}").replace("{name}", name),
            self.tr("Hand it over now: it is shown this once, and nobody can look it up later."),
            self.tr("Done"),
        )
        self.cancel.hide()
        self.password = QLineEdit(password)
        self.password.setReadOnly(True)
        self.password.setFont(theme.font("section"))
        self.password.setAlignment(Qt.AlignmentFlag.AlignCenter)
        copy = Button(self.tr("Copy"))
        copy.clicked.connect(self._on_copy)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(Field(theme, self.tr("One-time password"), self.password), 1)
        line.addWidget(copy, 0, Qt.AlignmentFlag.AlignBottom)
        self.content.addWidget(row)
        words = self.tr(
            "It works once, until {when}. At the first sign-in they choose a password of their own."
        )
        when = formats.day_and_time(valid_until)
        self.content.addWidget(label(words.replace("{when}", when), "quiet", wrap=True))
        self.confirmed.connect(self.accept)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.password.text())
        self.copied.emit()
