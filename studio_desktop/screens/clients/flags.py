"""What to know before the needle touches: the flags of a client, and a new one."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_core.clients.queries import Flag
from studio_core.clients.rules import FLAG_KINDS, FLAG_LIMIT, SEVERITIES, flag_findings
from studio_core.findings import Finding
from studio_desktop.screens.clients.words import (
    TONES,
    flag_kind_label,
    flag_words,
    severity_label,
)
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.buttons import Button, IconButton, PrimaryButton, WeakButton
from studio_desktop.widgets.form import Field, Form
from studio_desktop.widgets.inputs import LineEdit
from studio_desktop.widgets.segmented import Segmented
from studio_desktop.widgets.text import label


class FlagLine(QWidget):
    """One flag: its kind, what it is, and a cross that ends it."""

    end_wanted = Signal(object)

    def __init__(self, theme: Theme, flag: Flag, *, may_write: bool) -> None:
        super().__init__()
        self._flag = flag
        self.setAccessibleName(flag_words(flag))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        badge = BadgeLabel(theme, flag_kind_label(flag.kind), TONES[flag.severity])
        row.addWidget(badge, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(label(flag.note, wrap=True), 1)
        if may_write:
            words = self.tr("End this flag: {flag}").replace("{flag}", flag_words(flag))
            self.cross = IconButton(theme, "close", words, size=14)
            self.cross.clicked.connect(self._on_cross)
            row.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignVCenter)

    @Slot()
    def _on_cross(self) -> None:
        self.end_wanted.emit(self._flag)


class FlagForm(QWidget):
    """save_wanted: its button or Ctrl+Enter, with no finding left. closed: it was given up."""

    save_wanted = Signal()
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.kind = Segmented(theme, [(code, flag_kind_label(code)) for code in FLAG_KINDS])
        self.severity = Segmented(theme, [(code, severity_label(code)) for code in SEVERITIES])
        self.note = LineEdit(self.tr("Latex, nickel, faints easily…"), FLAG_LIMIT)
        self.form = Form()
        self.form.add("kind", Field(theme, self.tr("About"), self.kind))
        self.form.add("severity", Field(theme, self.tr("How serious"), self.severity))
        self.form.add("note", Field(theme, self.tr("What to know"), self.note, required=True))
        self.save = PrimaryButton(self.tr("Add flag"))
        self.cancel = Button(self.tr("Cancel"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(12)
        column.addWidget(self.form)
        column.addLayout(buttons)
        self.save.clicked.connect(self._on_save)
        self.form.submitted.connect(self._on_save)
        self.cancel.clicked.connect(self.closed)
        self.note.textChanged.connect(self._on_typed)

    def start(self) -> None:
        self.kind.choose("allergy")
        self.severity.choose("danger")
        self.note.clear()
        self.form.clear_errors()
        self.set_locked(False)
        self.show()
        self.note.setFocus()

    def is_edited(self) -> bool:
        return not self.isHidden() and bool(self.note.value())

    def values(self) -> dict[str, str]:
        """As add_flag() takes them."""
        return {
            "kind": self.kind.value(),
            "severity": self.severity.value(),
            "note": self.note.value(),
        }

    def show_findings(self, findings: Sequence[Finding]) -> None:
        self.form.show_findings(findings)
        self.form.focus_first_error()

    def set_locked(self, locked: bool) -> None:
        for part in (self.form, self.save, self.cancel):
            part.setEnabled(not locked)

    @Slot()
    def _on_save(self) -> None:
        findings = flag_findings(**self.values())
        self.show_findings(findings)
        if not findings:
            self.save_wanted.emit()

    @Slot()
    def _on_typed(self) -> None:
        if self.note.value():
            self.form.field("note").set_error(None)


class FlagSection(QWidget):
    """The flags of the client shown, and the form of a new one. end_wanted(Flag)."""

    end_wanted = Signal(object)

    def __init__(self, theme: Theme, *, may_write: bool) -> None:
        super().__init__()
        self._theme, self._may_write = theme, may_write
        self._flags: tuple[Flag, ...] | None = None
        self.add = WeakButton(self.tr("Add flag"))
        self.add.clicked.connect(self._on_add)
        self.add.setVisible(may_write)
        self.form = FlagForm(theme)
        self.form.closed.connect(self.close_form)
        self.form.hide()
        self._none = label(self.tr("No flags."), "quiet")
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Flags"), "strong"), 1)
        head.addWidget(self.add)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._none)
        column.addLayout(self._lines)
        column.addWidget(self.form)

    def show_flags(self, flags: Sequence[Flag]) -> None:
        if tuple(flags) == self._flags:
            return
        self._flags = tuple(flags)
        while (item := self._lines.takeAt(0)) is not None:
            widget: Any = item.widget()
            widget.hide()
            widget.deleteLater()
        for flag in self._flags:
            line = FlagLine(self._theme, flag, may_write=self._may_write)
            line.end_wanted.connect(self.end_wanted)
            self._lines.addWidget(line)
        self._none.setVisible(not self._flags)

    def flags(self) -> tuple[Flag, ...]:
        return self._flags or ()

    @Slot()
    def close_form(self) -> None:
        self.form.hide()
        self.add.setVisible(self._may_write)
        self.add.setFocus()

    @Slot()
    def _on_add(self) -> None:
        self.add.hide()
        self.form.start()
