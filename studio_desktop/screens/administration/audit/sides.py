"""Before and after, side by side; what differs stands on a ground of its own."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from studio_core.audit.rows import BOOKKEEPING, AuditRow
from studio_desktop.screens.administration.audit.words import NOTHING, field_words, value_words
from studio_desktop.widgets.facts import CAPTION_WIDTH
from studio_desktop.widgets.text import label

PADDING = 8
"""Of a value on its ground, as the style sheet has it."""


class Sides(QWidget):
    """A line a column of the row; of a new or a deleted row one side only."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._lines: tuple[tuple[str, str, str], ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, CAPTION_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)

    def show_change(self, row: AuditRow, people: Mapping[int, str], *, identity: bool) -> None:
        """people: names by number. identity: the values kept apart, else all the others."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        fields = [name for name in row.fields if row.is_identity(name) is identity]
        both = row.action == "update"
        if not both:
            # What was never filled in says nothing about a whole row.
            fields = [name for name in fields if _one_side(row, name) is not None]
        self.setVisible(bool(fields))
        self._lines = tuple(
            (
                field_words(name),
                value_words(name, row.was(name), self._zone, people),
                value_words(name, row.is_now(name), self._zone, people),
            )
            for name in fields
        )
        if both and fields:
            self._add_heads()
        for number, (name, line) in enumerate(zip(fields, self._lines, strict=True), start=1):
            self._add_line(number, line, both=both, plain=name in BOOKKEEPING, row=row)

    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """Column, before, after."""
        return self._lines

    def _add_heads(self) -> None:
        for column, words in ((1, self.tr("Before")), (2, self.tr("After"))):
            head = label(words, "caption_strong")
            head.setContentsMargins(PADDING, 0, 0, 0)
            self._grid.addWidget(head, 0, column)

    def _add_line(
        self, number: int, line: tuple[str, str, str], *, both: bool, plain: bool, row: AuditRow
    ) -> None:
        name, was, now = line
        caption = label(name, "caption", wrap=True)
        caption.setContentsMargins(0, 4, 0, 0)
        self._grid.addWidget(caption, number, 0, Qt.AlignmentFlag.AlignTop)
        if not both:
            value = now if row.after is not None else was
            self._grid.addWidget(_value(value, "quiet" if plain else "body"), number, 1, 1, 2)
            return
        for column, words, changed in ((1, was, "was"), (2, now, "is_now")):
            # Nothing there is nothing to put on a ground.
            quiet = plain or words == NOTHING
            side = _value(words, "quiet" if quiet else changed)
            if quiet:
                side.setContentsMargins(PADDING, 3, 0, 3)
            self._grid.addWidget(side, number, column)


def _one_side(row: AuditRow, name: str) -> object:
    return row.is_now(name) if row.after is not None else row.was(name)


def _value(words: str, look: str) -> QLabel:
    made = label(words or NOTHING, "body", wrap=True)
    made.setProperty("look", look)
    made.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
