"""Reads the months and the one that is open, and carries out what an owner decides."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from studio_core.errors import RuleError, StudioError
from studio_core.extrato.overview import BookMonth, book_months, month_statement, open_figures
from studio_core.months import Month
from studio_desktop import formats
from studio_desktop.screens.extratos.closing_job import reopen
from studio_desktop.screens.extratos.closings import Closings
from studio_desktop.screens.extratos.desk_closer import DeskCloser
from studio_desktop.screens.extratos.dialogs import CloseAgainDialog, ReopenDialog
from studio_desktop.screens.extratos.server_closer import ServerCloser
from studio_desktop.screens.extratos.view import ExtratosView
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.sentences import sentence_of

MONEY_TABLES = frozenset({"payments", "commissions", "expenses", "sessions", "users"})
MONTH_TABLES = frozenset({"extratos", "accounting_months"})
RUN_TABLES = frozenset({"extrato_progress", "extrato_runs", "extrato_requests"})
PAUSE_MS = 150
"""A burst of changes is read once."""


class ExtratosController(QObject):
    """Reads only while the screen is in front; what changed meanwhile is read when it comes."""

    def __init__(self, view: ExtratosView, context: ScreenContext) -> None:
        super().__init__(view)
        self._view, self._context, self._runner = view, context, context.runner
        closer = (
            DeskCloser(context, self)
            if context.closing_server is None
            else ServerCloser(context, context.closing_server, self)
        )
        self._closings = Closings(view.card, closer, context, self)
        self._wanted: tuple[Month, int | None] | None = None
        self._dialog: ReopenDialog | None = None
        self._asked_for: Month | None = None
        self._stale = False
        self._out_of_order = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        view.reload_wanted.connect(self.reload)
        view.shown.connect(self._on_shown)
        view.list_shown.connect(self._on_list_shown)
        view.month_wanted.connect(self.open_month)
        view.close_wanted.connect(self._on_close_wanted)
        view.close_again_wanted.connect(self._on_close_again_wanted)
        view.reopen_wanted.connect(self._on_reopen_wanted)
        view.digest_copied.connect(self._on_digest_copied)
        self._closings.month_changed.connect(self._on_closing_changed)
        self._closings.closed.connect(self._on_closed)
        self._closings.refused.connect(self._on_closing_refused)
        context.changes.changed.connect(self._on_changed)
        context.changes.caught_up.connect(self._refresh_soon)

    @Slot()
    def reload(self) -> None:
        self._stale = False
        self._runner.ask(self, "months", book_months, self._on_books)
        self._closings.look()
        self._ask_for_month()

    @Slot(object, object)
    def open_month(self, month: Any, version: Any = None) -> None:
        self._wanted = (month, version)
        self._ask_for_month()

    # What is read

    @Slot(object)
    def _on_books(self, books: Any) -> None:
        """books: tuple of BookMonth. Open months keep the figures known so far until new ones
        come, so that nothing flickers."""
        known = {book.month: book.figures for book in self._view.books()}
        self._view.show_books(tuple(_with_figures(book, known.get(book.month)) for book in books))
        self._view.show_strip()
        waiting = tuple(book.month for book in books if not book.closed)
        self._runner.ask(self, "figures", partial(open_figures, months=waiting), self._on_figures)

    @Slot(object)
    def _on_figures(self, found: Any) -> None:
        """found: Figures of open months, by month."""
        self._view.show_books(
            tuple(
                replace(book, figures=found[book.month])
                if book.month in found and not book.closed
                else book
                for book in self._view.books()
            )
        )

    def _ask_for_month(self) -> None:
        if self._wanted is not None:
            month, version = self._wanted
            self._runner.ask(
                self,
                "month",
                partial(month_statement, month=month, version=version),
                self._on_month,
            )

    @Slot(object)
    def _on_month(self, shown: Any) -> None:
        """shown: a MonthStatement; somebody may have gone back to the list meanwhile."""
        if self._wanted is not None and shown.statement.month == self._wanted[0]:
            self._view.show_month(shown)

    @Slot()
    def _on_list_shown(self) -> None:
        self._wanted = None

    # Closing

    @Slot(object)
    def _on_close_wanted(self, month: Any) -> None:
        self._start(month, force=False)

    @Slot(object)
    def _on_close_again_wanted(self, month: Any) -> None:
        book = self._view.book_of(month)
        dialog = CloseAgainDialog(
            self._view, _name(month), (book.version if book is not None else None) or 1
        )
        self._asked_for = month
        dialog.confirmed.connect(self._on_close_again_confirmed)
        dialog.open()

    @Slot()
    def _on_close_again_confirmed(self) -> None:
        if self._asked_for is not None:
            self._start(self._asked_for, force=True)

    def _start(self, month: Month, *, force: bool) -> None:
        later = any(book.closed and book.month > month for book in self._view.books())
        self._out_of_order = later and not force
        self._closings.start(month, force=force)

    @Slot()
    def _on_closing_changed(self) -> None:
        """What was refused before says nothing of a closing that runs now."""
        if self._closings.month is not None:
            self._view.refusal = ""
        self._view.show_closing(self._closings.month)

    @Slot(object)
    def _on_closed(self, month: Any) -> None:
        words = self.tr("{month} is closed. Its extrato is ready.")
        said = [_sentence(words.replace("{month}", _name(month)))]
        if self._out_of_order:
            said.append(sentence_of(RuleError("closed_out_of_order", month=month.label)))
        self._context.notifier.info(" ".join(said))
        self.open_month(month)
        self.reload()

    @Slot(object, object)
    def _on_closing_refused(self, month: Any, error: Any) -> None:
        if error.code == "closing_cancelled":
            self._context.notifier.info(sentence_of(error))
        elif self._view.month() == month:
            self._view.refusal = sentence_of(error)
            self._view.show_strip()
        else:
            self._context.notifier.error(error)
        self.reload()

    # Reopening

    @Slot(object)
    def _on_reopen_wanted(self, month: Any) -> None:
        book = self._view.book_of(month)
        version = (book.version if book is not None else None) or 1
        dialog = ReopenDialog(self._context.theme, self._view, _name(month), version)
        self._dialog, self._asked_for = dialog, month
        dialog.reason_given.connect(self._on_reason_given)
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    @Slot(str)
    def _on_reason_given(self, reason: str) -> None:
        if self._asked_for is None:
            return
        self._runner.run_job(
            self,
            partial(reopen, month=self._asked_for, reason=reason),
            self._on_nothing,
            self._on_reopened,
            self._on_reopen_refused,
        )

    @Slot(object)
    def _on_nothing(self, _progress: Any) -> None:
        """Reopening is one step and reports none."""

    @Slot(object)
    def _on_reopened(self, _extrato_id: Any) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        month = self._asked_for
        if month is not None:
            words = self.tr("{month} is open again.").replace("{month}", _name(month))
            self._context.notifier.info(_sentence(words))
            self.open_month(month)
        self.reload()

    @Slot(object)
    def _on_reopen_refused(self, error: StudioError) -> None:
        if self._dialog is not None:
            self._dialog.show_refusal(error)
        else:
            self._context.notifier.error(error)

    @Slot()
    def _on_dialog_finished(self) -> None:
        self._dialog = None

    @Slot()
    def _on_digest_copied(self) -> None:
        self._context.notifier.info(self.tr("The digest is copied."))

    # What happens elsewhere

    @Slot(object)
    def _on_changed(self, changes: Any) -> None:
        tables = {change.table for change in changes}
        if tables & (MONEY_TABLES | MONTH_TABLES):
            self._refresh_soon()
        elif tables & RUN_TABLES:
            if self._view.isVisible() or self._closings.own:
                self._closings.look()
            else:
                self._stale = True

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


def _with_figures(book: BookMonth, known: Any) -> BookMonth:
    return book if book.closed or known is None else replace(book, figures=known)


def _name(month: Month) -> str:
    return formats.month(month.year, month.month)


def _sentence(words: str) -> str:
    """Months are written small in Portuguese, except where a sentence begins."""
    return words[:1].upper() + words[1:]
