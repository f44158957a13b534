"""Forms: label above, help and error below, two columns where there is room."""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from studio_core.errors import RuleError, StudioError
from studio_desktop.sentences import sentence_of
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.pickers import SearchPicker
from studio_desktop.widgets.text import label, restyle

TWO_COLUMNS_FROM = 720


class Findable(Protocol):
    """What the form needs of a rule's finding."""

    @property
    def field(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def params(self) -> object: ...


class Field(QWidget):
    """A control with its words. The control is reached as .control."""

    def __init__(
        self,
        theme: Theme,
        words: str,
        control: QWidget,
        help_text: str = "",
        *,
        required: bool = False,
    ) -> None:
        super().__init__()
        self._theme = theme
        self.control = control
        self._help = help_text
        self._error = ""
        self._label = label(words, "field")
        self._label.setBuddy(control)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._label)
        head.addStretch(1)
        if required:
            head.addWidget(label(self.tr("required"), "caption"))
        self._icon = QLabel()
        self._note = label("", "caption", wrap=True)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(control)
        column.addLayout(foot)
        self._required = required
        self.set_words(words)
        theme.changed.connect(self._redraw)
        self._redraw()

    def set_words(self, words: str) -> None:
        self._label.setText(words)
        name = self.tr("{field}, required").replace("{field}", words) if self._required else words
        self.control.setAccessibleName(name)

    def set_help(self, help_text: str) -> None:
        self._help = help_text
        self._redraw()

    def set_error(self, error: "StudioError | str | None") -> None:
        """None takes the error away and shows the help again."""
        words = sentence_of(error) if isinstance(error, StudioError) else error or ""
        if words != self._error:
            self._error = words
            self._redraw()

    def error(self) -> str:
        return self._error

    @Slot()
    def _redraw(self) -> None:
        wrong = bool(self._error)
        self._note.setText(self._error or self._help)
        self._note.setProperty("look", "error" if wrong else "caption")
        self._note.setVisible(bool(self._error or self._help))
        self._icon.setVisible(wrong)
        if wrong:
            self._icon.setPixmap(self._theme.pixmap("error", "danger", 16, self))
        self.control.setProperty("wrong", wrong)
        self.control.setAccessibleDescription(self._error or self._help)
        restyle(self._note)
        restyle(self.control)


class Form(QWidget):
    """Fields by name. Enter goes on to the next one, Ctrl+Enter submits.

    submitted: Ctrl+Enter, or Enter in the last field. edited: something was typed or chosen.
    """

    submitted = Signal()
    edited = Signal()

    def __init__(self, two_columns_from: int = TWO_COLUMNS_FROM) -> None:
        """two_columns_from: the width; in a panel, where most fields are wide, less will do."""
        super().__init__()
        self._two_columns_from = two_columns_from
        self._fields: dict[str, Field] = {}
        self._wide: set[str] = set()
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(16)

    def add(self, name: str, field: Field, *, wide: bool = False) -> Field:
        """name: as the rule's findings call it. wide: both columns, such as notes."""
        self._fields[name] = field
        if wide:
            self._wide.add(name)
        control = field.control
        control.installEventFilter(self)
        if isinstance(control, (QLineEdit, QPlainTextEdit)):
            control.textChanged.connect(self.edited)
        elif isinstance(control, QComboBox):
            control.currentIndexChanged.connect(self.edited)
        self._place(self._columns or 1)
        return field

    def field(self, name: str) -> Field:
        return self._fields[name]

    def fields(self) -> dict[str, Field]:
        return dict(self._fields)

    def clear_errors(self) -> None:
        for field in self._fields.values():
            field.set_error(None)

    def show_findings(self, findings: Iterable[Findable]) -> list[str]:
        """Put each finding under its field, the first one of a field; take the others' away.

        Returns the sentences of findings whose field is not in this form.
        """
        first: dict[str, RuleError] = {}
        homeless: list[str] = []
        for finding in findings:
            params = finding.params if isinstance(finding.params, dict) else {}
            error = RuleError(finding.code, **params)
            if finding.field in self._fields:
                first.setdefault(finding.field, error)
            else:
                homeless.append(sentence_of(error))
        for name, field in self._fields.items():
            field.set_error(first.get(name))
        return homeless

    def focus_first_error(self) -> None:
        for field in self._fields.values():
            if field.error():
                field.control.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                return False
            if isinstance(watched, SearchPicker) and watched.shows_matches():
                return False  # Enter chooses from the list first.
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.submitted.emit()
                return True
            if isinstance(watched, QWidget) and not isinstance(watched, QPlainTextEdit):
                self._go_on_from(watched)
                return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if self.width() >= self._two_columns_from else 1
        if columns != self._columns:
            self._columns = columns
            self._place(columns)

    def _go_on_from(self, control: QWidget) -> None:
        controls = [field.control for field in self._fields.values() if field.isVisibleTo(self)]
        later = controls[controls.index(control) + 1 :] if control in controls else []
        for following in later:
            if following.isEnabled():
                following.setFocus(Qt.FocusReason.TabFocusReason)
                return
        self.submitted.emit()

    def _place(self, columns: int) -> None:
        row = column = 0
        for name, field in self._fields.items():
            self._grid.removeWidget(field)
            span = columns if name in self._wide else 1
            if column + span > columns:
                row, column = row + 1, 0
            self._grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
            column += span
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if columns == 2 else 0)
