"""The sign-in card: 400 px in the middle, the state of the connection at its foot."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio_core.errors import StudioError
from studio_desktop.sentences import sentence_of
from studio_desktop.shell.top_bar import ConnectionLight
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import PrimaryButton, TextButton
from studio_desktop.widgets.card import Card
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.inputs import LineEdit, PasswordField
from studio_desktop.widgets.text import label, line

WIDTH = 400


class SignInPage(QWidget):
    """wanted(e-mail, password): Enter or the button. place_wanted: another studio or server."""

    wanted = Signal(str, str)
    place_wanted = Signal()

    def __init__(self, theme: Theme, email: str = "") -> None:
        super().__init__()
        self._theme = theme
        self.email = LineEdit()
        self.email.setText(email)
        self.password = PasswordField(theme)
        self.button = PrimaryButton(self.tr("Sign in"))
        self.light = ConnectionLight(theme)
        self._logo = QLabel()
        self._email_field = Field(theme, self.tr("E-mail"), self.email)
        self._password_field = Field(theme, self.tr("Password"), self.password)
        self._error_icon = QLabel()
        self._error = label("", "error", wrap=True)
        self._elsewhere = TextButton(self.tr("Another studio or server"))
        self._lay_out()
        self.button.clicked.connect(self._on_wanted)
        self._elsewhere.clicked.connect(self.place_wanted)
        self.password.caps_changed.connect(self._on_caps)
        self.email.textEdited.connect(self._on_typed)
        self.password.textEdited.connect(self._on_typed)
        theme.changed.connect(self._redraw)
        self._redraw()

    def show_error(self, error: StudioError) -> None:
        self.set_busy(False)
        self._error.setText(sentence_of(error))
        self._error.show()
        self._error_icon.show()
        if error.code == "sign_in_refused":
            self.password.setFocus()
            self.password.selectAll()

    def error(self) -> str:
        return self._error.text()

    def set_busy(self, busy: bool) -> None:
        for part in (self.email, self.password, self.button, self._elsewhere):
            part.setEnabled(not busy)
        self.button.set_words(self.tr("Signing in…") if busy else self.tr("Sign in"))

    def start(self) -> None:
        """Put the cursor where typing goes on."""
        (self.password if self.email.value() else self.email).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.button.isEnabled():
            if self.email.hasFocus() and not self.password.text():
                self.password.setFocus()
            else:
                self._on_wanted()
            return
        super().keyPressEvent(event)

    def _lay_out(self) -> None:
        card = Card(padding=32, spacing=16)
        card.setFixedWidth(WIDTH)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._logo)
        head.addSpacing(8)
        head.addWidget(label(self.tr("Sign in to the studio"), "title"))
        head.addWidget(label(self.tr("With your own e-mail and password."), "quiet"))
        card.column.addLayout(head)
        card.column.addSpacing(4)
        card.column.addWidget(self._email_field)
        card.column.addWidget(self._password_field)
        error = QHBoxLayout()
        error.setSpacing(6)
        error.addWidget(self._error_icon, 0, Qt.AlignmentFlag.AlignTop)
        error.addWidget(self._error, 1)
        self._error.hide()
        self._error_icon.hide()
        card.column.addLayout(error)
        card.column.addWidget(self.button)
        card.column.addSpacing(4)
        card.column.addWidget(line())
        card.column.addWidget(self.light)
        page = QVBoxLayout(self)
        page.addStretch(2)
        # Stretches rather than an alignment: words that wrap would be cut by the latter.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        page.addLayout(middle)
        page.addSpacing(8)
        page.addWidget(self._elsewhere, 0, Qt.AlignmentFlag.AlignHCenter)
        page.addStretch(3)

    @Slot()
    def _on_wanted(self) -> None:
        if self.email.value() and self.password.text():
            self.set_busy(True)
            self._error.hide()
            self._error_icon.hide()
            self.wanted.emit(self.email.value(), self.password.text())
        elif not self.email.value():
            self._email_field.set_error(self.tr("Type your e-mail."))
            self.email.setFocus()
        else:
            self._password_field.set_error(self.tr("Type your password."))
            self.password.setFocus()

    @Slot()
    def _on_typed(self) -> None:
        self._email_field.set_error(None)
        self._password_field.set_error(None)

    @Slot(bool)
    def _on_caps(self, on: bool) -> None:
        self._password_field.set_help(self.tr("Caps Lock is on.") if on else "")

    @Slot()
    def _redraw(self) -> None:
        self._logo.setPixmap(self._theme.pixmap("needle", "accent", 32, self))
        self._error_icon.setPixmap(self._theme.pixmap("error", "danger", 16, self))
