"""Keeps the open month on the screen equal to the books, whoever changes them."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from studio_core.extrato.overview import month_statement
from studio_core.extrato.queries import open_months
from studio_core.ledger.queries import PaymentFilter
from studio_core.months import Month
from studio_desktop.screens.history.view import HistoryView
from studio_desktop.screens.screen import ScreenContext

TABLES = frozenset(
    {"payments", "commissions", "expenses", "sessions", "extratos", "accounting_months", "users"}
)
PAUSE_MS = 150
"""A burst of changes is read once."""


class HistoryController(QObject):
    """Reads only while the screen is in front; what changed meanwhile is read when it comes."""

    def __init__(self, view: HistoryView, context: ScreenContext) -> None:
        super().__init__(view)
        self._view, self._runner = view, context.runner
        self._ready: tuple[Month, ...] = ()
        self._stale = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        view.reload_wanted.connect(self.reload)
        view.shown.connect(self._on_shown)
        view.months.chosen.connect(self._on_month_chosen)
        view.empty.wanted.connect(self._on_payments_wanted)
        view.strip.wanted.connect(self._on_closing_wanted)
        view.statement.artist_opened.connect(self._on_artist_opened)
        view.statement.method_opened.connect(self._on_method_opened)
        context.changes.changed.connect(self._on_changed)
        context.changes.caught_up.connect(self._refresh_soon)

    @Slot()
    def reload(self) -> None:
        self._stale = False
        self._runner.ask(self, "months", open_months, self._on_months)

    @Slot(object)
    def _on_months(self, months: Any) -> None:
        """months: tuple of OpenMonth, the running one always among them."""
        before = self._view.months.value()
        self._ready = tuple(one.month for one in months if one.over)
        self._view.show_months(months)
        if self._view.months.value() == before:
            self._ask_for_month()

    @Slot(object)
    def _on_month_chosen(self, _month: Any) -> None:
        self._ask_for_month()

    def _ask_for_month(self) -> None:
        month = self._view.months.value()
        if month is not None:
            self._runner.ask(
                self, "month", partial(month_statement, month=month), self._view.show_month
            )

    # What happens elsewhere

    @Slot(object)
    def _on_changed(self, changes: Any) -> None:
        if any(change.table in TABLES for change in changes):
            self._refresh_soon()

    @Slot()
    def _refresh_soon(self) -> None:
        if not self._view.isVisible():
            self._stale = True
        elif not self._pause.isActive():
            self._pause.start()

    @Slot()
    def _on_shown(self) -> None:
        if self._stale:
            self.reload()

    # Leading elsewhere

    @Slot()
    def _on_closing_wanted(self) -> None:
        subject = self._ready[0] if len(self._ready) == 1 else None
        self._view.elsewhere_wanted.emit("extratos", subject)

    @Slot()
    def _on_payments_wanted(self) -> None:
        self._lead_to_payments()

    @Slot(object)
    def _on_artist_opened(self, line: Any) -> None:
        self._lead_to_payments(search=line.key)

    @Slot(object)
    def _on_method_opened(self, line: Any) -> None:
        self._lead_to_payments(method=line.key)

    def _lead_to_payments(self, search: str = "", method: str | None = None) -> None:
        wanted = PaymentFilter(self._view.months.value(), search, method)
        self._view.elsewhere_wanted.emit("payments", wanted)
