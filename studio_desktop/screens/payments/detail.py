"""One payment to look at, in the side panel, and what may be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_core.ledger.queries import PaymentRow
from studio_core.money import commission_due
from studio_desktop import formats
from studio_desktop.labels import kind_label, method_label, void_reason_label, walk_in_label
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.buttons import Button, TextButton
from studio_desktop.widgets.facts import Facts
from studio_desktop.widgets.text import label


class PaymentDetail(QWidget):
    """correct_wanted, refund_wanted, void_wanted: of the payment shown. .foot goes into the
    panel's foot."""

    correct_wanted = Signal()
    refund_wanted = Signal()
    void_wanted = Signal()

    def __init__(self, theme: Theme, *, may_write: bool, shows_commission: bool) -> None:
        super().__init__()
        self._may_write, self._shows_commission = may_write, shows_commission
        self._row: PaymentRow | None = None
        self._figure = label("", "figure")
        self._kind = BadgeLabel(theme)
        self._voided = BadgeLabel(theme)
        self._facts = Facts()
        badges = QHBoxLayout()
        badges.setSpacing(8)
        badges.addWidget(self._kind)
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
        self.refund = Button(self.tr("Refund"))
        self.void = TextButton(self.tr("Void"), "Del")
        self.correct.clicked.connect(self.correct_wanted)
        self.refund.clicked.connect(self.refund_wanted)
        self.void.clicked.connect(self.void_wanted)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.correct)
        row.addWidget(self.refund)
        row.addStretch(1)
        row.addWidget(self.void)

    def row(self) -> PaymentRow | None:
        return self._row

    def show_row(self, row: PaymentRow) -> None:
        self._row = row
        voided = row.voided_at is not None
        self._figure.setText(formats.money(row.amount))
        plain = row.kind == "sale"
        self._kind.set_badge(
            "" if plain else kind_label(row.kind), "danger" if row.kind == "refund" else "accent"
        )
        self._voided.set_badge(self.tr("Voided") if voided else "", "warning")
        self._facts.show_facts(
            (
                (self.tr("Why"), void_reason_label(row.void_reason or "") if voided else ""),
                (self.tr("Client"), row.client_name or walk_in_label()),
                (self.tr("Artist"), row.artist_name),
                (self.tr("Method"), method_label(row.method)),
                (self.tr("Date"), formats.day(row.paid_on)),
                (self.tr("Tip"), formats.money(row.tip_amount) if row.tip_amount else ""),
                (self.tr("Commission"), self._commission(row)),
                (self.tr("Notes"), row.notes or ""),
                (self.tr("Origin"), self.tr("Brought from the old system") * row.imported),
            )
        )
        self.correct.setVisible(row.kind != "refund" and not row.imported)
        self.refund.setVisible(row.kind != "refund" and row.amount > 0)

    def has_actions(self) -> bool:
        return self._may_write and self._row is not None and self._row.voided_at is None

    def facts(self) -> tuple[tuple[str, str], ...]:
        return self._facts.facts()

    def _commission(self, row: PaymentRow) -> str:
        percent = row.commission_percent
        counts = row.voided_at is None and row.kind != "deposit"
        if not self._shows_commission or not percent or not counts:
            return ""
        due = formats.money(commission_due(row.amount, percent))
        return formats.summary((formats.percent(percent), due))
