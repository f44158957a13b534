"""The form of one payment, in the side panel."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut

from studio_core.findings import Finding
from studio_core.ledger.models import METHODS
from studio_core.ledger.queries import PaymentRow
from studio_core.ledger.rules import PaymentDraft, payment_findings
from studio_core.money import commission_due
from studio_core.people.queries import Artist
from studio_desktop import formats
from studio_desktop.entries.form import EntryForm, finding_of
from studio_desktop.forms.client_search import matching_clients
from studio_desktop.labels import method_label
from studio_desktop.screens.payments.typed import TypedPayment
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.inputs import MoneyField, TextArea
from studio_desktop.widgets.pickers import Option, Picker, SearchPicker
from studio_desktop.widgets.segmented import Segmented

ZERO = Decimal("0.00")


class PaymentForm(EntryForm):
    """Ctrl+1 to Ctrl+6 choose the method from any field."""

    parts = {  # noqa: RUF012 – said once by the base class
        "amount": "amount",
        "method": "method",
        "artist_id": "artist_id",
        "client_id": "client",
        "paid_on": "day",
        "tip_amount": "tip",
        "notes": "notes",
    }
    day_field = "paid_on"

    def __init__(
        self, theme: Theme, runner: Runner, today: Callable[[], date], *, shows_commission: bool
    ) -> None:
        super().__init__(theme, today)
        self._shows_commission = shows_commission
        self._artists: tuple[Artist, ...] = ()
        self._artist_wanted: int | None = None
        self.method = Segmented(theme, [(code, method_label(code)) for code in METHODS])
        self.artist = Picker(theme, self.tr("Type or choose"))
        self.client = SearchPicker(
            theme, runner, matching_clients, self.tr("Name, phone or CPF; empty for a walk-in")
        )
        self.tip = MoneyField(theme)
        self.notes = TextArea(rows=2)
        add = self.form.add
        add("amount", Field(theme, self.tr("Amount"), self.amount, required=True), wide=True)
        add("method", Field(theme, self.tr("Method"), self.method, required=True), wide=True)
        add("artist_id", Field(theme, self.tr("Artist"), self.artist, required=True), wide=True)
        add("client_id", Field(theme, self.tr("Client"), self.client), wide=True)
        add("paid_on", Field(theme, self.tr("Date"), self.day))
        add("tip_amount", Field(theme, self.tr("Tip"), self.tip))
        add("notes", Field(theme, self.tr("Notes"), self.notes), wide=True)
        self.watch_fields(
            {
                "amount": self.amount.textChanged,
                "method": self.method.chosen,
                "artist_id": self.artist.chosen,
                "client_id": self.client.textChanged,
                "paid_on": self.day.textChanged,
                "tip_amount": self.tip.textChanged,
                "notes": self.notes.textChanged,
            }
        )
        for number in range(1, len(METHODS) + 1):
            key = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            key.setObjectName(str(number))
            key.activated.connect(self._on_method_key)

    def set_artists(self, artists: Sequence[Artist]) -> None:
        self._artists = tuple(artists)
        self._artist_wanted = self._artist_id()
        self._offer_artists()
        self.refreshed()

    # What is typed

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

    def put(self, typed: TypedPayment) -> None:
        self._artist_wanted = typed.artist_id
        self.amount.setText(typed.amount)
        self.method.choose(typed.method)
        self._offer_artists()
        if typed.client_id is not None:
            self.client.choose(Option(typed.client_id, typed.client))
        else:
            self.client.choose(None)
            self.client.setText(typed.client)
        self.day.setText(typed.day)
        self.tip.setText(typed.tip)
        self.notes.setPlainText(typed.notes)

    def draft(self) -> PaymentDraft:
        base: PaymentRow | None = self.base
        artist_id = self._artist_id() or 0
        percent = None
        if base is not None and base.artist_id == artist_id:
            percent = base.commission_percent
        return PaymentDraft(
            paid_on=self.day.day() or self.today(),
            amount=self.amount.amount() or ZERO,
            method=self.method.value() or "",
            artist_id=artist_id,
            client_id=self.client.value(),
            session_id=base.session_id if base is not None else None,
            kind=base.kind if base is not None else "sale",
            tip_amount=self.tip.amount() or ZERO,
            commission_percent=percent,
            notes=self.notes.value() or None,
        )

    # What is wrong

    def unreadable(self) -> list[Finding]:
        found = self.unreadable_amount()
        problem = self.tip.problem() if self.tip.text().strip() else None
        if problem is not None:
            found.append(finding_of("tip_amount", problem))
        if self._artist_id() is None:
            found.append(Finding("artist_id", "no_such_artist"))
        return found + self.unreadable_day()

    def rule_findings(self) -> Sequence[Finding]:
        return payment_findings(self.draft(), today=self.today())

    def other_errors(self) -> dict[str, str]:
        if self.client.value() is not None or not self.client.typed():
            return {}
        words = self.tr("Choose the client from the list, or leave it empty for a walk-in.")
        return {"client_id": words}

    # Inside

    def _artist_id(self) -> int | None:
        chosen: int | None = self.artist.value()
        return chosen if self.artist.count() else self._artist_wanted

    def _offer_artists(self) -> None:
        base: PaymentRow | None = self.base
        options = [Option(one.id, one.name, colour=one.colour) for one in self._artists]
        if base is not None and all(base.artist_id != one.id for one in self._artists):
            options.append(Option(base.artist_id, base.artist_name, colour=base.artist_colour))
        filling, self.filling = self.filling, True
        self.artist.set_options(options)
        self.artist.choose(self._artist_wanted)
        if self.artist.value() is None:
            self.artist.setEditText("")
        self.filling = filling

    @Slot()
    def _on_method_key(self) -> None:
        sender: Any = self.sender()
        self.method.choose_number(int(sender.objectName()))

    def refreshed(self) -> None:
        if self._shows_commission:
            self.form.field("artist_id").set_help(self._commission_words())

    def _commission_words(self) -> str:
        base: PaymentRow | None = self.base
        artist_id = self._artist_id()
        percent = next(
            (one.commission_percent for one in self._artists if one.id == artist_id), None
        )
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
