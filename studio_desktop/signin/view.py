"""The sign-in card: 400 px in the middle, the state of the connection at its foot."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_core.errors import StudioError
from studio_desktop.sentences import sentence_of
from studio_desktop.shell.top_bar import ConnectionLight
from studio_desktop.signin.card import CardPage
from studio_desktop.signin.session import REFUSED
from studio_desktop.signin.waiting import WaitingPart
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button, PrimaryButton, TextButton
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.inputs import LineEdit, PasswordField
from studio_desktop.widgets.text import label, line


class SignInPage(CardPage):
    """wanted(e-mail, password): Enter or the button. google_wanted: the other way in.

    left: to another studio or server; where somebody signs in again, to sign out instead; where
    desks wait behind the lock, back to it.
    """

    wanted = Signal(str, str)
    google_wanted = Signal()
    left = Signal()

    def __init__(
        self,
        theme: Theme,
        email: str = "",
        *,
        google: bool = False,
        again: bool = False,
        behind_lock: bool = False,
    ) -> None:
        """google: signing in with it is offered. again: of somebody whose work lies underneath.
        behind_lock: others' desks wait, and are gone back to rather than to another studio."""
        super().__init__(
            theme,
            self.tr("Sign in again") if again else self.tr("Sign in to the studio"),
            self.tr("Then you go on where you are: nothing you typed is lost.")
            if again
            else self.tr("With your own account."),
        )
        self.google = PrimaryButton(self.tr("Continue with Google"))
        if not google:
            self.google.hide()
        self._not_kept = label("", "caption", wrap=True)
        self._not_kept.hide()
        self.email = LineEdit()
        self.email.setText(email)
        self.password = PasswordField(theme)
        # One primary button a view.
        self.button = (Button if google else PrimaryButton)(self.tr("Sign in"))
        self.light = ConnectionLight(theme)
        self.waiting = WaitingPart(theme)
        self._email_field = Field(theme, self.tr("E-mail"), self.email)
        self._password_field = Field(theme, self.tr("Password"), self.password)
        elsewhere = self.tr("Sign out") if again else self.tr("Another studio or server")
        self._elsewhere = TextButton(self.tr("Back to the lock") if behind_lock else elsewhere)
        self._form = self._lay_out_form(google)
        self._lay_out()
        self.show_form()
        self._connect()

    def show_error(self, error: StudioError) -> None:
        self.set_busy(False)
        self.show_form()
        self.say_error(sentence_of(error))
        if error.code == REFUSED:
            self.password.setFocus()
            self.password.selectAll()
        elif not self.google.isHidden():
            self.google.setFocus()

    def set_busy(self, busy: bool) -> None:
        for part in (self.google, self.email, self.password, self.button, self._elsewhere):
            part.setEnabled(not busy)
        self.button.set_words(self.tr("Signing in…") if busy else self.tr("Sign in"))

    def start(self, *, with_google: bool = False) -> None:
        """Put the cursor where it goes on: with_google, as this person did the last time."""
        if with_google and not self.google.isHidden():
            self.google.setFocus()
        else:
            (self.password if self.email.value() else self.email).setFocus()

    def show_form(self) -> None:
        self._form.show()
        self._elsewhere.setEnabled(True)
        self.waiting.hide()

    def show_preparing(self, words: str) -> None:
        self._show_waiting()
        self.waiting.show_preparing(words)

    def show_google_page(self, page_address: str, *, opened: bool) -> None:
        self._show_waiting()
        self.waiting.show_page(page_address, opened=opened)

    def is_waiting(self) -> bool:
        return not self.waiting.isHidden()

    def say_not_kept(self) -> None:
        """Nothing on this computer may keep a sign-in."""
        self._not_kept.setText(
            self.tr("This computer has no keyring: Google is asked again at every start.")
        )
        self._not_kept.setVisible(not self.google.isHidden())

    def not_kept(self) -> str:
        return self._not_kept.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.is_waiting():
            if self.google.hasFocus():
                self.google.click()
            elif self.email.hasFocus() and not self.password.text():
                self.password.setFocus()
            elif self.button.isEnabled():
                self._on_wanted()
            return
        super().keyPressEvent(event)

    def _show_waiting(self) -> None:
        self.say_error("")
        self._form.hide()
        self._elsewhere.setEnabled(False)
        self.waiting.show()

    def _lay_out_form(self, google: bool) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.google)
        column.addWidget(self._not_kept)
        if google:
            column.addLayout(_or(self.tr("or with your e-mail")))
        column.addWidget(self._email_field)
        column.addWidget(self._password_field)
        column.addWidget(self.error_row)
        column.addWidget(self.button)
        return form

    def _lay_out(self) -> None:
        self.column.addWidget(self._form)
        self.column.addWidget(self.waiting)
        self.column.addSpacing(4)
        self.column.addWidget(line())
        self.column.addWidget(self.light)
        self.add_below(self._elsewhere)

    def _connect(self) -> None:
        self.button.clicked.connect(self._on_wanted)
        self.google.clicked.connect(self._on_google)
        self._elsewhere.clicked.connect(self.left)
        self.password.caps_changed.connect(self._on_caps)
        self.email.textEdited.connect(self._on_typed)
        self.password.textEdited.connect(self._on_typed)

    @Slot()
    def _on_wanted(self) -> None:
        if self.email.value() and self.password.text():
            self.set_busy(True)
            self.say_error("")
            self.wanted.emit(self.email.value(), self.password.text())
        elif not self.email.value():
            self._email_field.set_error(self.tr("Type your e-mail."))
            self.email.setFocus()
        else:
            self._password_field.set_error(self.tr("Type your password."))
            self.password.setFocus()

    @Slot()
    def _on_google(self) -> None:
        self.google_wanted.emit()

    @Slot()
    def _on_typed(self) -> None:
        self._email_field.set_error(None)
        self._password_field.set_error(None)

    @Slot(bool)
    def _on_caps(self, on: bool) -> None:
        self._password_field.set_help(self.tr("Caps Lock is on.") if on else "")


def _or(words: str) -> QHBoxLayout:
    """A hairline with words in its middle."""
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(line(), 1)
    row.addWidget(label(words, "caption"))
    row.addWidget(line(), 1)
    return row
