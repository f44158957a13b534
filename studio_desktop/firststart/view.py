"""Three choices, then, where something must be typed, a short form."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio_core.errors import StudioError
from studio_desktop.firststart.choice import ChoiceCard
from studio_desktop.sentences import sentence_of
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button, PrimaryButton, TextButton
from studio_desktop.widgets.card import Card
from studio_desktop.widgets.form import Field, Form
from studio_desktop.widgets.inputs import LineEdit, PasswordField
from studio_desktop.widgets.progress import ProgressCard
from studio_desktop.widgets.text import label

WIDTH = 560


class FirstStartPage(QWidget):
    """demo_wanted; local_wanted(studio, name, e-mail, password); server_wanted(host, database);
    test_wanted(host, database)."""

    demo_wanted = Signal()
    local_wanted = Signal(str, str, str, str)
    server_wanted = Signal(str, str)
    test_wanted = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._logo = QLabel()
        self._choices = self._build_choices()
        self.server = _ServerForm(theme)
        self.local = _LocalForm(theme)
        self._shown: QWidget = self._choices
        self.progress = ProgressCard(theme)
        self._lay_out()
        self.server.back.clicked.connect(self.show_choices)
        self.local.back.clicked.connect(self.show_choices)
        self.server.go.clicked.connect(self._on_server)
        self.server.form.submitted.connect(self._on_server)
        self.server.test.clicked.connect(self._on_test)
        self.local.go.clicked.connect(self._on_local)
        self.local.form.submitted.connect(self._on_local)
        theme.changed.connect(self._redraw)
        self._redraw()
        self._show(self._choices)

    @Slot()
    def show_choices(self) -> None:
        self._show(self._choices)

    @Slot()
    def show_server(self) -> None:
        self._show(self.server)
        self.server.host.setFocus()

    @Slot()
    def show_local(self) -> None:
        self._show(self.local)
        self.local.studio.setFocus()

    def set_busy(self, title: str | None) -> None:
        """Show work under way instead of the choices; None shows them again."""
        self._shown.setVisible(title is None)
        if title is None:
            self.progress.end()
        else:
            self.progress.begin(title, can_cancel=False)

    @Slot(str, int, int)
    def show_stage(self, stage: str, done: int, total: int) -> None:
        """stage: the code of what is being done, as opening a studio reports it."""
        words = {
            "server": self.tr("Starting the database"),
            "schema": self.tr("Setting up the tables"),
            "people": self.tr("Inviting people"),
            "agenda": self.tr("Filling the agenda"),
            "money": self.tr("Writing the books"),
            "closing": self.tr("Closing the months"),
            "upgrade_backup": self.tr("Backing everything up before a newer database"),
            "upgrade_restore": self.tr("Moving everything into the newer database"),
        }
        self.progress.report(words.get(stage, stage), done, total, rows=False)

    def show_error(self, error: StudioError) -> None:
        self.set_busy(None)
        if isinstance(self._shown, _StartForm):
            self._shown.show_answer(sentence_of(error), good=False)
        else:
            self._error.setText(sentence_of(error))
            self._error.show()

    def _show(self, part: QWidget) -> None:
        self._shown = part
        for one in (self._choices, self.server, self.local):
            one.setVisible(one is part)

    def _build_choices(self) -> QWidget:
        theme = self._theme
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.demo_card = ChoiceCard(
            theme,
            "demo",
            self.tr("Try the demo studio"),
            self.tr("Two years of invented clients and money, on this computer."),
        )
        self.local_card = ChoiceCard(
            theme,
            "computer",
            self.tr("This computer only"),
            self.tr("Your own studio, kept safely here. No server needed."),
        )
        self.server_card = ChoiceCard(
            theme,
            "server",
            self.tr("Connect to the studio's server"),
            self.tr("Several computers work with the same data."),
        )
        for card in (self.demo_card, self.local_card, self.server_card):
            column.addWidget(card)
        self._error = label("", "error", wrap=True)
        self._error.hide()
        column.addWidget(self._error)
        column.addStretch(1)
        self.demo_card.clicked.connect(self.demo_wanted)
        self.local_card.clicked.connect(self.show_local)
        self.server_card.clicked.connect(self.show_server)
        return holder

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._logo)
        column.addSpacing(8)
        column.addWidget(label(self.tr("Welcome"), "title"))
        column.addWidget(label(self.tr("Where is the studio's data?"), "quiet"))
        column.addSpacing(16)
        for part in (self._choices, self.server, self.local):
            column.addWidget(part)
        column.addWidget(self.progress)
        holder = QWidget()
        holder.setFixedWidth(WIDTH)
        holder.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        page = QVBoxLayout(self)
        page.addStretch(2)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(holder)
        middle.addStretch(1)
        page.addLayout(middle)
        page.addStretch(3)

    @Slot()
    def _on_server(self) -> None:
        if self.server.check():
            self.server_wanted.emit(self.server.host.value(), self.server.database.value())

    @Slot()
    def _on_test(self) -> None:
        if self.server.check():
            self.server.test.setEnabled(False)
            self.test_wanted.emit(self.server.host.value(), self.server.database.value())

    @Slot()
    def _on_local(self) -> None:
        form = self.local
        if form.check():
            self.local_wanted.emit(
                form.studio.value(), form.name.value(), form.email.value(), form.password.text()
            )

    @Slot()
    def _redraw(self) -> None:
        self._logo.setPixmap(self._theme.pixmap("needle", "accent", 32, self))


class _StartForm(Card):
    """A card with a form, an answer line and its buttons."""

    def __init__(self, title: str, action: str) -> None:
        super().__init__(padding=24, spacing=16)
        self.column.addWidget(label(title, "section"))
        self.form = Form()
        self.column.addWidget(self.form)
        self._answer = label("", "caption", wrap=True)
        self._answer.hide()
        self.column.addWidget(self._answer)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.back = TextButton(self.tr("Back"))
        self.go = PrimaryButton(action)
        self.buttons.addWidget(self.back)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.go)
        self.column.addLayout(self.buttons)
        self.column.addStretch(1)

    def show_answer(self, words: str, *, good: bool) -> None:
        self._answer.setText(words)
        self._answer.setProperty("look", "good" if good else "error")
        self._answer.style().unpolish(self._answer)
        self._answer.style().polish(self._answer)
        self._answer.setVisible(bool(words))

    def answer(self) -> str:
        return self._answer.text()

    def check(self) -> bool:
        """Whether every field holds something; says so below those that do not."""
        self.show_answer("", good=True)
        for field in self.form.fields().values():
            control = field.control
            empty = isinstance(control, LineEdit | PasswordField) and not control.text().strip()
            field.set_error(self.tr("Please fill this in.") if empty else None)
        self.form.focus_first_error()
        return not any(field.error() for field in self.form.fields().values())


class _ServerForm(_StartForm):
    def __init__(self, theme: Theme) -> None:
        super().__init__(self.tr("Connect to the studio's server"), self.tr("Continue"))
        self.host = LineEdit("studio.example.com")
        self.database = LineEdit()
        self.database.setText("tattoo_studio")
        self.test = Button(self.tr("Test"))
        self.buttons.insertWidget(2, self.test)
        self.form.add(
            "host",
            Field(
                theme,
                self.tr("Server"),
                self.host,
                self.tr("Its name or address; add :port when it is not 5432."),
            ),
        )
        self.form.add("database", Field(theme, self.tr("Database"), self.database))


class _LocalForm(_StartForm):
    def __init__(self, theme: Theme) -> None:
        super().__init__(self.tr("A new studio on this computer"), self.tr("Set up the studio"))
        self.studio, self.name, self.email = LineEdit(), LineEdit(), LineEdit()
        self.password = PasswordField(theme)
        self.form.add("studio", Field(theme, self.tr("Name of the studio"), self.studio))
        self.form.add("name", Field(theme, self.tr("Your name"), self.name))
        self.form.add("email", Field(theme, self.tr("Your e-mail"), self.email))
        self.form.add(
            "password",
            Field(
                theme,
                self.tr("Password"),
                self.password,
                self.tr("At least 10 characters. You sign in with it every day."),
            ),
        )
