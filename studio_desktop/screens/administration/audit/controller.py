"""What is searched for in the audit, and the change that is looked at."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Slot

from studio_core.audit.queries import EntryCount, audited_tables, count_entries, page_of_entries
from studio_core.audit.rows import AuditFilter, AuditRow
from studio_core.people.queries import list_people
from studio_desktop import formats
from studio_desktop.screens.administration.audit.view import AuditSection
from studio_desktop.screens.administration.audit.words import record_words
from studio_desktop.screens.administration.listing import ListController
from studio_desktop.screens.screen import ScreenContext

SEARCH_PAUSE_MS = 200
_CORRELATION = re.compile(r"[0-9a-f]{12}|request-\d+")


class AuditController(ListController):
    """Changes come all day: the list follows them without losing its place."""

    tables = frozenset(
        {"accounting_months", "client_flags", "client_health_answers", "clients", "commissions",
         "expenses", "extratos", "payments", "sessions", "settings", "stock_items",
         "stock_movements", "user_logins", "users"}
    )  # fmt: skip

    def __init__(self, section: AuditSection, context: ScreenContext) -> None:
        super().__init__(section, context)
        self._section = section
        self._words = ""
        self._people: dict[int, str] = {}
        self._search_pause = QTimer(self)
        self._search_pause.setSingleShot(True)
        self._search_pause.setInterval(SEARCH_PAUSE_MS)
        self._search_pause.timeout.connect(self.ask)
        section.filters.changed.connect(section.filters_changed)
        section.filters_changed.connect(self._ask_count)
        section.detail.record_wanted.connect(self._on_record_wanted)
        section.detail.action_wanted.connect(self._on_action_wanted)
        section.detail.correlation.copied.connect(self._on_copied)
        self._search_pause.timeout.connect(self._ask_count)

    def filter(self) -> AuditFilter:
        """A correlation id may be typed where words are."""
        wanted = self._section.filters.filter(self._words)
        if _CORRELATION.fullmatch(self._words):
            return replace(wanted, words="", correlation_id=self._words)
        return wanted

    def page(self) -> Callable[..., Any]:
        return partial(page_of_entries, filter=self.filter())

    def nothing_words(self) -> tuple[str, str | None]:
        if self.filter() != AuditFilter():
            words = self.tr("No change fits. Words are found by their beginning.")
            return words, self.tr("Clear filters") if self._section.filters.is_narrowed() else None
        return self.tr("Nothing was changed yet. Every change will stand here."), None

    def on_again(self) -> None:
        if self._section.filters.is_narrowed():
            self._section.filters.clear.click()
        else:
            self.reload()

    def read(self) -> None:
        super().read()
        self._ask_count()
        self.runner.ask(self, "people", list_people, self._on_people, self.on_not_answered)
        self.runner.ask(self, "tables", audited_tables, self._on_tables, self.on_not_answered)

    def search(self, text: str) -> None:
        self._words = text.strip()
        self._search_pause.start()

    def row_shown(self) -> AuditRow | None:
        section = self._section
        return section.detail.row() if section.shows(section.detail) else None

    def show_row(self, row: AuditRow) -> None:
        self._section.detail.show_row(row, self._people)
        self._section.show_detail(record_words(row))

    @Slot()
    def _ask_count(self) -> None:
        question: Any = partial(count_entries, filter=self.filter())
        self.runner.ask(self, "count", question, self._on_counted, self.on_not_answered)

    @Slot(object)
    def _on_counted(self, found: EntryCount) -> None:
        words = self.tr("{n} changes") if found.exact else self.tr("more than {n} changes")
        if found.exact and found.number == 1:
            words = self.tr("1 change")
        counted = words.replace("{n}", formats.count(found.number))
        self.section.set_summary(formats.summary((counted, self.tr("nobody can alter them"))))

    @Slot(object)
    def _on_people(self, people: Any) -> None:
        """people: tuple of PersonRow."""
        self._people = {one.id: one.name for one in people}
        self._section.filters.set_people(people)
        self._section.detail.show_people(self._people)

    @Slot(object)
    def _on_tables(self, tables: Any) -> None:
        self._section.filters.set_tables(tables)

    @Slot()
    def _on_record_wanted(self) -> None:
        row = self.row_shown()
        if row is not None:
            wanted = AuditFilter(table=row.table, row_key=row.row_key)
            self._section.filters.show_filter(wanted)

    @Slot()
    def _on_action_wanted(self) -> None:
        row = self.row_shown()
        if row is not None and row.correlation_id is not None:
            self._section.filters.show_filter(AuditFilter(correlation_id=row.correlation_id))

    @Slot()
    def _on_copied(self) -> None:
        self.context.notifier.info(self.tr("The correlation id is copied."))
