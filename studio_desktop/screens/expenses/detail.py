"""One expense to look at, in the side panel, and what may be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_core.ledger.queries import ExpenseRow
from studio_desktop import formats
from studio_desktop.labels import category_label, method_label, void_reason_label
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.buttons import Button, TextButton
from studio_desktop.widgets.facts import Facts
from studio_desktop.widgets.text import label


class ExpenseDetail(QWidget):
    """correct_wanted, void_wanted: of the expense shown. .foot goes into the panel's foot."""

    correct_wanted = Signal()
    void_wanted = Signal()

    def __init__(self, theme: Theme, *, may_write: bool) -> None:
        super().__init__()
        self._may_write = may_write
        self._row: ExpenseRow | None = None
        self._figure = label("", "figure")
        self._category = BadgeLabel(theme)
        self._voided = BadgeLabel(theme)
        self._facts = Facts()
        badges = QHBoxLayout()
        badges.setSpacing(8)
        badges.addWidget(self._category)
        badges.addWidget(self._voided)
        badges.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 4, 20, 16)
        column.setSpacing(12)
        column.addWidget(self._figure)
        column.addLayout(badges)
        column.addWidget(self._facts)
        column.addStretch(1)
        self.foot = QWidget()
        self.correct = Button(self.tr("Correct"), "F2")
        self.void = TextButton(self.tr("Void"), "Del")
        self.correct.clicked.connect(self.correct_wanted)
        self.void.clicked.connect(self.void_wanted)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.correct)
        row.addStretch(1)
        row.addWidget(self.void)

    def row(self) -> ExpenseRow | None:
        return self._row

    def has_actions(self) -> bool:
        return self._may_write and self._row is not None and self._row.voided_at is None

    def facts(self) -> tuple[tuple[str, str], ...]:
        return self._facts.facts()

    def show_row(self, row: ExpenseRow) -> None:
        self._row = row
        voided = row.voided_at is not None
        self._figure.setText(formats.money(row.amount))
        self._category.set_badge(category_label(row.category))
        self._voided.set_badge(self.tr("Voided") if voided else "", "warning")
        self._facts.show_facts(
            (
                (self.tr("Why"), void_reason_label(row.void_reason or "") if voided else ""),
                (self.tr("Description"), row.description),
                (self.tr("Method"), method_label(row.method)),
                (self.tr("Date"), formats.day(row.spent_on)),
                (self.tr("Notes"), row.notes or ""),
                (self.tr("Origin"), self.tr("Brought from the old system") * row.imported),
            )
        )
        self.correct.setVisible(not row.imported)
