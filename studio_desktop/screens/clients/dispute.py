"""Two people changed the same field: which of the two values shall stand, field by field."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
)

from studio_desktop.screens.clients.words import field_label
from studio_desktop.widgets.text import label

SHOWN_CHARACTERS = 28


@dataclass(frozen=True)
class Dispute:
    """mine, theirs: what stands in the field, as text or yes and no."""

    field: str
    mine: str | bool
    theirs: str | bool


class DisputeBox(QFrame):
    """decided(field, value): one of the two was chosen. Hidden until show_disputes()."""

    decided = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._disputes: tuple[Dispute, ...] = ()
        self._groups: list[QButtonGroup] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 0, 12, 0)
        self._column.setSpacing(4)
        self.hide()

    def show_disputes(self, disputes: Sequence[Dispute]) -> None:
        """Mine is chosen until somebody chooses theirs."""
        self.clear()
        self._disputes = tuple(disputes)
        for dispute in self._disputes:
            self._add(dispute)
        self.setVisible(bool(self._disputes))

    def clear(self) -> None:
        self._disputes = ()
        self._groups.clear()
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.hide()

    def choices(self) -> tuple[QRadioButton, ...]:
        """Mine and theirs of each field, in order."""
        return tuple(self.findChildren(QRadioButton))

    def _add(self, dispute: Dispute) -> None:
        name = field_label(dispute.field)
        if self._groups:
            self._column.addSpacing(8)
        self._column.addWidget(label(name, "field"))
        group = QButtonGroup(self)
        for number, (words, value) in enumerate(
            ((self.tr("Mine: {value}"), dispute.mine), (self.tr("Theirs: {value}"), dispute.theirs))
        ):
            choice = QRadioButton(words.replace("{value}", self._shown(value)))
            choice.setAccessibleName(f"{name}, {choice.text()}")
            choice.setToolTip(str(value) if isinstance(value, str) else "")
            choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            choice.setChecked(number == 0)
            group.addButton(choice, number)
            self._column.addWidget(choice)
        group.buttonClicked.connect(self._on_clicked)
        self._groups.append(group)

    def _shown(self, value: str | bool) -> str:
        if isinstance(value, bool):
            return self.tr("yes") if value else self.tr("no")
        text = " ".join(value.split())
        if len(text) > SHOWN_CHARACTERS:
            return text[:SHOWN_CHARACTERS].rstrip() + "…"
        return text or self.tr("nothing")

    @Slot(QAbstractButton)
    def _on_clicked(self, button: QAbstractButton) -> None:
        for dispute, group in zip(self._disputes, self._groups, strict=True):
            if group is button.group():
                theirs = group.id(button) == 1
                self.decided.emit(dispute.field, dispute.theirs if theirs else dispute.mine)
