"""The list of months, and one month's statement as a page of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studio_core.extrato.overview import BookMonth, MonthStatement
from studio_core.extrato.requests import RequestState
from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.screens.extratos.closing_card import ClosingCard
from studio_desktop.screens.extratos.month_bar import MonthBar
from studio_desktop.screens.extratos.months_table import MonthRow, month_rows, months_model
from studio_desktop.screens.extratos.stops import stops_of
from studio_desktop.screens.screen import Screen, TourStop
from studio_desktop.sentences import sentence_of
from studio_desktop.statement.view import StatementView
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.empty import EmptyState
from studio_desktop.widgets.table import DataTable, TableCard


class ExtratosView(Screen):
    """month_wanted(Month, version or None): show its page. list_shown: back at the list.
    close_wanted(Month), close_again_wanted(Month), reopen_wanted(Month): an owner's buttons.
    digest_copied. shown: the screen came to the front.
    """

    month_wanted = Signal(object, object)
    list_shown = Signal()
    close_wanted = Signal(object)
    close_again_wanted = Signal(object)
    reopen_wanted = Signal(object)
    digest_copied = Signal()
    shown = Signal()

    def __init__(self, theme: Theme, zone: ZoneInfo, *, can_close: bool) -> None:
        """can_close: this person is an owner; for others the buttons are not there."""
        super().__init__(theme, "extratos")
        self._zone, self._can_close = zone, can_close
        self._books: tuple[BookMonth, ...] = ()
        self._closing: Month | None = None
        self.page: MonthStatement | None = None
        self.refusal = ""
        self.close_button = self.set_primary("")
        self.again_button = self.add_action(self.tr("Close again"))
        self.reopen_button = self.add_action(self.tr("Reopen"))
        self.close_button.clicked.connect(self._on_close)
        self.close_button.installEventFilter(self)
        self.again_button.clicked.connect(self._on_close_again)
        self.reopen_button.clicked.connect(self._on_reopen)
        self.bar = MonthBar(theme)
        self.bar.back_wanted.connect(self.show_list)
        self.bar.version_chosen.connect(self._on_version_chosen)
        self.bar.digest_copied.connect(self.digest_copied)
        self.add_filter(self.bar)
        # The whole line goes when the list is shown, its spacing too.
        self._bar_line: QWidget = self.bar.parentWidget() or self.bar
        self.card = ClosingCard(theme)
        self.table = DataTable(theme, self.tr("Months"))
        self.model = months_model(self)
        self.table.show_rows_of(self.model)
        self.table.row_opened.connect(self._on_row_opened)
        self._list = TableCard(self.table)
        self._empty = EmptyState(theme, "extratos")
        self._empty.wanted.connect(self._on_history_wanted)
        self.statement = StatementView(theme)
        self.strip.wanted.connect(self._on_close_again)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._list)
        self._pages.addWidget(self.statement)
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addWidget(self.card)
        column.addWidget(self._pages, 1)
        self.body.addLayout(column)
        self.show_list()

    # The list

    def show_books(self, books: tuple[BookMonth, ...]) -> None:
        self._books = books
        self._show_rows()
        closed = any(book.versions for book in books)
        if closed or any(book.over for book in books):
            self._list.show_instead(None)
        else:
            self._empty.set_words(
                self.tr("No month is closed yet. A month can be closed here when it is over."),
                self.tr("See the running month"),
            )
            self._list.show_instead(self._empty)
        if self.page is None:
            self._show_list_header()

    def books(self) -> tuple[BookMonth, ...]:
        return self._books

    def book_of(self, month: Month) -> BookMonth | None:
        return next((book for book in self._books if book.month == month), None)

    def show_closing(self, month: Month | None) -> None:
        """Which month is being closed at this moment."""
        self._closing = month
        self._show_rows()
        self._show_buttons()
        self.show_strip()

    @Slot()
    def show_list(self) -> None:
        before = self.page
        self.page = None
        self.refusal = ""
        self._pages.setCurrentWidget(self._list)
        self._bar_line.hide()
        self.strip.hide()
        self._show_list_header()
        if before is not None:
            self.table.choose(before.statement.month)
            self.table.setFocus()
        self.list_shown.emit()

    # One month

    def show_month(self, shown: MonthStatement) -> None:
        """Show or renew a month's page."""
        statement = shown.statement
        came = self.page is None
        if came or (self.page is not None and self.page.statement.month != statement.month):
            self.refusal = ""
            self.statement.verticalScrollBar().setValue(0)
        self.page = shown
        self.statement.show_statement(shown)
        in_force = statement.version if shown.current else None
        if not shown.current:
            book = self.book_of(statement.month)
            in_force = book.version if book is not None else None
        chosen = None if shown.current else statement.version
        self.bar.show_versions(shown.versions, in_force, chosen)
        self.bar.show_digest(statement.digest)
        self._bar_line.show()
        words = self.tr("Extrato of {month}").replace("{month}", self._name(statement.month))
        self.set_title(words)
        self.set_summary(self._month_summary(shown))
        self._pages.setCurrentWidget(self.statement)
        self._show_buttons()
        self.show_strip()
        if came:
            self.statement.artists.table.setFocus()

    def month(self) -> Month | None:
        return self.page.statement.month if self.page is not None else None

    def show_strip(self) -> None:
        """The one thing worth saying about the month shown."""
        page = self.page
        if self.refusal:
            self.strip.say(self.refusal, "danger")
        elif page is None:
            self.strip.hide()
        elif not page.current:
            self.strip.say(self._superseded_words(page), "warning")
        elif self._is_late(page):
            again = self.tr("Close again") if self._can_close else None
            words = self.tr("Entries of this month came after it was closed.")
            self.strip.say(words, "warning", again)
        elif page.statement.version is None and not page.over:
            day = formats.day(page.statement.month.first_day_after)
            words = self.tr("This month still runs. It can be closed from {day}.")
            self.strip.say(words.replace("{day}", day))
        elif page.failed is not None and self._closing is None:
            self.strip.say(self._failed_words(page.failed), "warning")
        else:
            self.strip.hide()

    # What the window asks

    def go_back(self) -> bool:
        if self.page is None:
            return False
        self.show_list()
        return True

    def focus_list(self) -> None:
        shown = self.table if self.page is None else self.statement.artists.table
        shown.setFocus()

    def show_subject(self, subject: object) -> None:
        if isinstance(subject, Month):
            self.month_wanted.emit(subject, None)

    def tour_stops(self) -> Sequence[TourStop]:
        return stops_of(self, self._can_close)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    # Inside

    def ready(self) -> Month | None:
        """The oldest month that is over and open."""
        months = [book.month for book in self._books if book.over and not book.closed]
        return min(months, default=None)

    def _show_rows(self) -> None:
        self.model.set_rows(month_rows(self._books, self._closing, self._zone))

    def _show_list_header(self) -> None:
        self.set_title(self.tr("Extratos"))
        closed = sum(book.closed for book in self._books)
        ready = sum(book.over and not book.closed for book in self._books)
        parts = []
        if closed:
            many = self.tr("{n} months closed").replace("{n}", str(closed))
            parts.append(self.tr("1 month closed") if closed == 1 else many)
        if ready:
            parts.append(self.tr("{n} ready to close").replace("{n}", str(ready)))
        self.set_summary(formats.summary(parts))
        self._show_buttons()

    def _show_buttons(self) -> None:
        idle = self._can_close and self._closing is None
        page = self.page
        if page is None:
            ready = self.ready()
            if ready is not None:
                words = self.tr("Close {month}").replace("{month}", self._name(ready))
                self.close_button.set_words(words)
            self.close_button.setVisible(idle and ready is not None)
            self.again_button.hide()
            self.reopen_button.hide()
            return
        is_open = page.statement.version is None
        self.close_button.set_words(self.tr("Close month"))
        self.close_button.setVisible(idle and is_open and page.over)
        closed = idle and not is_open and page.current
        self.reopen_button.setVisible(closed)
        self.again_button.setVisible(closed and self._is_late(page))

    def _month_summary(self, shown: MonthStatement) -> str:
        statement = shown.statement
        if statement.closed_at is None:
            state = self.tr("over, ready to close") if shown.over else self.tr("still running")
            return formats.summary((state, self.tr("totals as of this moment")))
        when = formats.day_and_time(statement.closed_at.astimezone(self._zone))
        closed = self.tr("closed on {when}").replace("{when}", when)
        if statement.source == "legacy":
            return formats.summary((closed, self.tr("brought over from the old system")))
        if shown.backup is None:
            return formats.summary((closed, self.tr("without a backup")))
        made = formats.day_and_time(shown.backup.created_at.astimezone(self._zone))
        return formats.summary(
            (closed, self.tr("backup of {when} checked").replace("{when}", made))
        )

    def _superseded_words(self, page: MonthStatement) -> str:
        statement = page.statement
        at: datetime | None = statement.superseded_at
        why = statement.superseded_why or ""
        reason = self.tr("closed again") if why == "closed again" else why
        words = self.tr("Version {number} was replaced on {when}: {reason}")
        words = words.replace("{number}", str(statement.version))
        when = formats.day_and_time(at.astimezone(self._zone)) if at is not None else ""
        return words.replace("{when}", when).replace("{reason}", reason)

    def _failed_words(self, failed: RequestState) -> str:
        at, refusal = failed.finished_at, failed.refusal
        when = formats.day_and_time(at.astimezone(self._zone)) if at is not None else ""
        words = self.tr("The last try, {when}: {reason}").replace("{when}", when)
        return words.replace("{reason}", sentence_of(refusal) if refusal is not None else "")

    def _is_late(self, page: MonthStatement) -> bool:
        book = self.book_of(page.statement.month)
        return book is not None and book.late and page.statement.version is not None

    def _name(self, month: Month) -> str:
        return formats.month(month.year, month.month)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the list the button opens the month, on its page it closes it, at the same place: the
        second half of a double click must not close what nobody has looked at."""
        if watched is self.close_button and event.type() == QEvent.Type.MouseButtonDblClick:
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _on_close(self) -> None:
        month = self.month()
        if month is not None:
            self.close_wanted.emit(month)
        elif self.ready() is not None:
            self.month_wanted.emit(self.ready(), None)

    @Slot()
    def _on_close_again(self) -> None:
        if self.page is not None and self._can_close:
            self.close_again_wanted.emit(self.page.statement.month)

    @Slot()
    def _on_reopen(self) -> None:
        if self.page is not None:
            self.reopen_wanted.emit(self.page.statement.month)

    @Slot()
    def _on_history_wanted(self) -> None:
        self.elsewhere_wanted.emit("history", None)

    @Slot(object)
    def _on_row_opened(self, row: Any) -> None:
        if isinstance(row, MonthRow):
            self.month_wanted.emit(row.book.month, None)

    @Slot(object)
    def _on_version_chosen(self, version: object) -> None:
        if self.page is not None:
            self.month_wanted.emit(self.page.statement.month, version)
