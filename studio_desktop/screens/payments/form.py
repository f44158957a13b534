"""The form of one payment, in the side panel."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_core.errors import StudioError
from studio_core.findings import Finding
from studio_core.ledger.models import METHODS
from studio_core.ledger.queries import PaymentRow
from studio_core.ledger.rules import PaymentDraft, payment_findings
from studio_core.money import commission_due
from studio_core.people.queries import Artist
from studio_desktop import formats
from studio_desktop.forms.client_search import matching_clients
from studio_desktop.labels import method_label
from studio_desktop.screens.payments.typed import ZERO, TypedPayment
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.form import Field, Form
from studio_desktop.widgets.inputs import DateField, MoneyField, TextArea
from studio_desktop.widgets.notice import Notice
from studio_desktop.widgets.pickers import Option, Picker, SearchPicker
from studio_desktop.widgets.segmented import Segmented
from studio_desktop.widgets.text import label

SHOW_AFTER_MS = 250
SIDE_BY_SIDE_FROM = 320


class PaymentForm(QWidget):
    """edited: something was typed or chosen. submitted: Ctrl+Enter, or Enter in the last field.
    day_named(date): another day was typed, for whoever knows which months are closed.
    """

    edited = Signal()
    submitted = Signal()
    day_named = Signal(object)

    def __init__(
        self, theme: Theme, runner: Runner, today: Callable[[], date], *, shows_commission: bool
    ) -> None:
        super().__init__()
        self._today = today
        self._shows_commission = shows_commission
        self._artists: tuple[Artist, ...] = ()
        self._base: PaymentRow | None = None
        self._artist_wanted: int | None = None
        self._touched: set[str] = set()
        self._before = TypedPayment()
        self._filling = False
        self._closed_month: Finding | None = None
        self.notice = Notice(theme)
        self.help = label("", "quiet", wrap=True)
        self.help.hide()
        self.amount = MoneyField(theme)
        self.method = Segmented(theme, [(code, method_label(code)) for code in METHODS])
        self.artist = Picker(theme, self.tr("Type or choose"))
        self.client = SearchPicker(
            theme, runner, matching_clients, self.tr("Name, phone or CPF; empty for a walk-in")
        )
        self.day = DateField(theme, today)
        self.tip = MoneyField(theme)
        self.notes = TextArea(rows=2)
        self.form = Form(SIDE_BY_SIDE_FROM)
        self._add_fields(theme)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SHOW_AFTER_MS)
        self._pause.timeout.connect(self._show_touched)
        self._connect()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 8, 20, 16)
        column.setSpacing(16)
        column.addWidget(self.notice)
        column.addWidget(self.help)
        column.addWidget(self.form)
        column.addStretch(1)

    # Filling

    def set_artists(self, artists: Sequence[Artist]) -> None:
        self._artists = tuple(artists)
        self._offer_artists()

    def start(self, typed: TypedPayment, base: PaymentRow | None = None) -> None:
        """Fill the form anew. base: the payment that is corrected; what the form does not show of
        it is kept, and its artist is offered even if they left."""
        self._base = base
        self._closed_month = None
        self._touched.clear()
        self.fill(typed)
        self._before = self.typed()
        self.form.clear_errors()

    def fill(self, typed: TypedPayment) -> None:
        """Put words into the fields without starting anew; what differs counts as edited."""
        self._filling = True
        self._artist_wanted = typed.artist_id
        self.amount.setText(typed.amount)
        self.method.choose(typed.method)
        self._offer_artists()
        chosen = typed.client_id is not None
        self.client.choose(Option(typed.client_id, typed.client) if chosen else None)
        if not chosen:
            self.client.setText(typed.client)
        self.day.setText(typed.day)
        self.tip.setText(typed.tip)
        self.notes.setPlainText(typed.notes)
        self._filling = False
        self._pause.stop()
        self._show_commission()

    def before(self) -> TypedPayment:
        """What counts as unedited."""
        return self._before

    def rebase(self, base: PaymentRow, typed: TypedPayment, before: TypedPayment) -> None:
        """Go on with another state of the payment that is corrected."""
        self.start(before, base)
        self.fill(typed)

    def typed(self) -> TypedPayment:
        return TypedPayment(
            amount=self.amount.text().strip(),
            method=self.method.value(),
            artist_id=self._artist_id(),
            client_id=self.client.value(),
            client=self.client.typed(),
            day=self.day.text().strip(),
            tip=self.tip.text().strip(),
            notes=self.notes.value(),
        )

    def is_edited(self) -> bool:
        return self.typed() != self._before

    def set_locked(self, locked: bool) -> None:
        """While an answer is awaited."""
        self.form.setEnabled(not locked)

    # Checking

    def findings(self) -> tuple[Finding, ...]:
        """Everything wrong with what is typed."""
        found = list(self._of_the_fields())
        taken = {finding.field for finding in found}
        found += [
            finding
            for finding in payment_findings(self._draft(), today=self._today())
            if finding.field not in taken
        ]
        if self._closed_month is not None and not any(one.field == "paid_on" for one in found):
            found.append(self._closed_month)
        return tuple(found)

    def draft(self) -> PaymentDraft:
        """What is typed; call it when there are no findings."""
        return self._draft()

    def show_findings(self, findings: Sequence[Finding]) -> list[str]:
        """Returns the sentences that belong to no field."""
        homeless = self.form.show_findings(findings)
        self._say_client_not_chosen()
        return homeless

    def show_all(self) -> bool:
        """Show every finding. True when there is none and nothing keeps it from being saved."""
        self._pause.stop()
        self._touched.update(self.form.fields())
        findings = self.findings()
        self.show_findings(findings)
        if findings or self._client_not_chosen():
            self.form.focus_first_error()
            return False
        return True

    def set_month_closed(self, finding: Finding | None) -> None:
        """The month of the day typed is closed, or is not."""
        self._closed_month = finding
        if finding is not None:
            self._touched.add("paid_on")
        self._show_touched()

    # Inside

    def _add_fields(self, theme: Theme) -> None:
        add = self.form.add
        add("amount", Field(theme, self.tr("Amount"), self.amount, required=True), wide=True)
        add("method", Field(theme, self.tr("Method"), self.method, required=True), wide=True)
        add("artist_id", Field(theme, self.tr("Artist"), self.artist, required=True), wide=True)
        add("client_id", Field(theme, self.tr("Client"), self.client), wide=True)
        add("paid_on", Field(theme, self.tr("Date"), self.day))
        add("tip_amount", Field(theme, self.tr("Tip"), self.tip))
        add("notes", Field(theme, self.tr("Notes"), self.notes), wide=True)

    def _connect(self) -> None:
        for name, signal in (
            ("amount", self.amount.textChanged),
            ("method", self.method.chosen),
            ("artist_id", self.artist.chosen),
            ("client_id", self.client.textChanged),
            ("paid_on", self.day.textChanged),
            ("tip_amount", self.tip.textChanged),
            ("notes", self.notes.textChanged),
        ):
            signal.connect(self._on_edited)
            self.form.field(name).control.setObjectName(name)
        self.day.day_changed.connect(self.day_named)
        self.form.submitted.connect(self.submitted)
        for number in range(1, len(METHODS) + 1):
            key = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            key.setObjectName(str(number))
            key.activated.connect(self._on_method_key)

    def _artist_id(self) -> int | None:
        chosen: int | None = self.artist.value()
        return chosen if chosen is not None or self.artist.count() else self._artist_wanted

    def _offer_artists(self) -> None:
        options = [Option(one.id, one.name, colour=one.colour) for one in self._artists]
        base = self._base
        if base is not None and all(base.artist_id != one.id for one in self._artists):
            options.append(Option(base.artist_id, base.artist_name, colour=base.artist_colour))
        kept = self._filling or self.artist.count() == 0
        wanted = self._artist_wanted if kept else self.artist.value()
        filling, self._filling = self._filling, True
        self.artist.set_options(options)
        self.artist.choose(wanted)
        if wanted is None:
            self.artist.setEditText("")
        self._filling = filling
        self._show_commission()

    def _of_the_fields(self) -> list[Finding]:
        """What is missing or cannot be read."""
        found = []
        problem = self.amount.problem()
        if problem is not None:
            found.append(_finding("amount", problem))
        problem = self.tip.problem()
        if self.tip.text().strip() and problem is not None:
            found.append(_finding("tip_amount", problem))
        if self._artist_id() is None:
            found.append(Finding("artist_id", "no_such_artist"))
        problem = self.day.problem()
        if problem is not None:
            found.append(_finding("paid_on", problem))
        elif self.day.day() is None:
            found.append(Finding("paid_on", "date_required"))
        return found

    def _draft(self) -> PaymentDraft:
        """Missing parts stand in as something that gives no finding of its own."""
        artist_id, base = self._artist_id() or 0, self._base
        same_artist = base is not None and base.artist_id == artist_id
        return PaymentDraft(
            paid_on=self.day.day() or self._today(),
            amount=self.amount.amount() or ZERO,
            method=self.method.value() or "",
            artist_id=artist_id,
            client_id=self.client.value(),
            tip_amount=self.tip.amount() or ZERO,
            session_id=base.session_id if base is not None else None,
            kind=base.kind if base is not None else "sale",
            commission_percent=base.commission_percent if base and same_artist else None,
            notes=self.notes.value() or None,
        )

    def _client_not_chosen(self) -> bool:
        return self.client.value() is None and bool(self.client.typed())

    def _say_client_not_chosen(self) -> None:
        if self._client_not_chosen():
            self.form.field("client_id").set_error(
                self.tr("Choose the client from the list, or leave it empty for a walk-in.")
            )

    @Slot()
    def _on_edited(self) -> None:
        if self._filling:
            return
        before, now = self._before, self.typed()
        for name, ours in _FIELD_OF.items():
            if getattr(now, ours) != getattr(before, ours):
                self._touched.add(name)
        self._forgive()
        self._pause.start()
        self._show_commission()
        self.edited.emit()

    def _forgive(self) -> None:
        """An error goes at once when it is mended; new ones wait for a pause in the typing."""
        wrong = {finding.field for finding in self.findings()}
        for name, field in self.form.fields().items():
            if name not in wrong and not (name == "client_id" and self._client_not_chosen()):
                field.set_error(None)

    @Slot()
    def _show_touched(self) -> None:
        self.form.show_findings([one for one in self.findings() if one.field in self._touched])
        if not self.client.hasFocus():
            self._say_client_not_chosen()

    @Slot()
    def _on_method_key(self) -> None:
        sender: Any = self.sender()
        self.method.choose_number(int(sender.objectName()))

    def _show_commission(self) -> None:
        if self._shows_commission:
            self.form.field("artist_id").set_help(self._commission_words())

    def _commission_words(self) -> str:
        artist_id = self._artist_id()
        percents = {one.id: one.commission_percent for one in self._artists}
        percent = percents.get(artist_id) if artist_id is not None else None
        base = self._base
        if base is not None and base.artist_id == artist_id:
            percent = base.commission_percent
        if percent is None or (base is not None and base.kind == "deposit"):
            return ""
        if percent == 0:
            return self.tr("No commission")
        words = self.tr("Commission {percent}").replace("{percent}", formats.percent(percent))
        amount = self.amount.amount()
        due = formats.money(commission_due(amount, percent)) if amount else ""
        return formats.summary((words, due))


_FIELD_OF = {
    "amount": "amount",
    "method": "method",
    "artist_id": "artist_id",
    "client_id": "client",
    "paid_on": "day",
    "tip_amount": "tip",
    "notes": "notes",
}
"""Which part of a TypedPayment a field of the form shows."""


def _finding(field: str, problem: StudioError) -> Finding:
    return Finding(field, problem.code, dict(problem.params))
