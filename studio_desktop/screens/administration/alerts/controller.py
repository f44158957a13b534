"""Reads alerts, marks them as seen, and decides about the slow queries; all can be taken back."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Slot

from studio_core.alerts.actions import change_slow_query_policy, mark_seen, mark_unseen
from studio_core.alerts.policy import SlowQueryPolicy, studio_policy
from studio_core.alerts.queries import (
    AlertRow,
    count_unseen,
    page_of_alerts,
)
from studio_core.audit.rows import AuditFilter
from studio_core.errors import ConflictError
from studio_desktop import formats
from studio_desktop.forms.submission import Submission
from studio_desktop.forms.undo import Undoable
from studio_desktop.screens.administration.alerts.view import AlertsSection
from studio_desktop.screens.administration.listing import ListController
from studio_desktop.screens.administration.names import alert_kind_words
from studio_desktop.screens.screen import ScreenContext, TourStop
from studio_desktop.sentences import sentence_of


class AlertsController(ListController):
    """Lives and dies with its section."""

    tables = frozenset({"alerts", "settings"})

    def __init__(self, section: AlertsSection, context: ScreenContext) -> None:
        super().__init__(section, context)
        self._section = section
        self._settings: SlowQueryPolicy | None = None
        self._undoable = Undoable(context.runner, self)
        self._seeing = Submission(context.runner, self)
        self._saving = Submission(context.runner, self)
        section.all_seen_wanted.connect(self._on_see_all)
        section.detail.seen_wanted.connect(self._on_see)
        section.detail.audit_wanted.connect(self._on_audit_wanted)
        section.detail.correlation.copied.connect(self._on_copied)
        section.undo_wanted.connect(self._undoable.undo_last)
        section.settings_wanted.connect(self.open_form)
        section.form.save_wanted.connect(self._on_save)
        section.form.closing_wanted.connect(self._on_form_left)
        self._seeing.saved.connect(self._on_seen)
        self._seeing.refused.connect(context.notifier.error)
        self._seeing.lost.connect(context.notifier.error)
        self._saving.saved.connect(self._on_saved)
        self._saving.refused.connect(self._on_not_saved)
        self._saving.lost.connect(self._on_not_saved)
        self._undoable.undone.connect(self._on_undone)
        self._undoable.refused.connect(context.notifier.error)

    # The list

    def page(self) -> Callable[..., Any]:
        return partial(page_of_alerts, unseen_only=self._section.chips.value())

    def nothing_words(self) -> tuple[str, str | None]:
        if self._section.chips.value():
            return self.tr("Everything was seen."), None
        return self.tr("Nothing has been noticed yet. What goes wrong at night stands here."), None

    def read(self) -> None:
        super().read()
        ask = self.runner.ask
        ask(self, "settings", studio_policy, self._on_settings, self.on_not_answered)
        ask(self, "unseen", count_unseen, self._on_counted, self.on_not_answered)

    def row_shown(self) -> AlertRow | None:
        section = self._section
        return section.detail.row() if section.shows(section.detail) else None

    def show_row(self, row: AlertRow) -> None:
        self._section.detail.show_row(row)
        self._section.show_detail(alert_kind_words(row.kind))

    @Slot(object)
    def _on_counted(self, unseen: Any) -> None:
        self._section.see_all.setEnabled(unseen > 0)
        words = self.tr("{n} that nobody has seen").replace("{n}", formats.count(unseen))
        if unseen == 1:
            words = self.tr("1 that nobody has seen")
        self.section.set_summary(words if unseen else self.tr("Everything was seen"))

    def stops(self) -> Sequence[TourStop]:
        panel = self.list.panel
        return (*super().stops(), TourStop("settings", self.open_form, panel.close_panel))

    @Slot()
    def _on_audit_wanted(self) -> None:
        correlation_id = self._section.detail.correlation_id()
        if correlation_id is not None:
            self.section.audit_wanted.emit(AuditFilter(correlation_id=correlation_id))

    @Slot()
    def _on_copied(self) -> None:
        self.context.notifier.info(self.tr("The correlation id is copied."))

    # Seen

    @Slot()
    def _on_see(self) -> None:
        row = self.row_shown()
        if row is not None:
            self._seeing.send(partial(mark_seen, up_to=row.id, alert_id=row.id), ("one", row.id))

    @Slot()
    def _on_see_all(self) -> None:
        """Those that are shown: what comes at this moment nobody has read."""
        newest = max((row.id for row in self.list.model.rows), default=None)
        if newest is not None:
            self._seeing.send(partial(mark_seen, up_to=newest), ("up to", newest))

    @Slot(object)
    def _on_seen(self, seen: Any) -> None:
        """seen: a Seen."""
        self.reload()
        if not seen.count:
            return
        undo = self._undoable.remember(partial(mark_unseen, seen=seen))
        words = self.tr("{n} alerts marked as seen").replace("{n}", formats.count(seen.count))
        if seen.count == 1:
            words = self.tr("Alert marked as seen")
        self.context.notifier.info(words, undo=undo.run)

    @Slot(object)
    def _on_undone(self, undone: Any) -> None:
        """undone: how many alerts are new again, or the settings that hold again."""
        if isinstance(undone, SlowQueryPolicy):
            self._say_settings(undone)
        else:
            self.context.notifier.info(self.tr("Taken back"))
        self.reload()

    # The slow queries

    @Slot()
    def open_form(self) -> None:
        if self._settings is not None and not self._section.form.is_edited():
            self._section.form.fill(self._settings)
        self._section.show_form()

    @Slot(object)
    def _on_settings(self, settings: Any) -> None:
        """settings: SlowQueryPolicy. A form that nobody has typed in follows."""
        self._settings = settings
        self._section.settings_line.show_settings(settings)
        form = self._section.form
        if not form.is_edited():
            form.fill(settings)

    @Slot()
    def _on_save(self) -> None:
        form = self._section.form
        wanted = form.typed()
        if wanted is None:
            return
        change = partial(change_slow_query_policy, before=form.stored(), policy=wanted)
        if self._saving.send(change, wanted):
            form.set_saving(True)

    @Slot(object)
    def _on_saved(self, settings: Any) -> None:
        """settings: the SlowQueryPolicy that hold now."""
        form = self._section.form
        before = form.stored()
        form.set_saving(False)
        form.fill(settings)
        self._section.panel.close_panel()
        self._section.table.setFocus()
        self._settings = settings
        self._section.settings_line.show_settings(settings)
        if settings != before:
            back = partial(change_slow_query_policy, before=settings, policy=before)
            self._say_settings(settings, self._undoable.remember(back).run)

    @Slot(object)
    def _on_not_saved(self, error: Any) -> None:
        form = self._section.form
        form.set_saving(False)
        if isinstance(error, ConflictError):
            # What was typed stays; who types it is told what holds meanwhile.
            self.runner.ask(self, "meanwhile", studio_policy, self._on_meanwhile)
        else:
            form.show_refusal(error, sentence_of(error))

    @Slot(object)
    def _on_meanwhile(self, settings: Any) -> None:
        """settings: what somebody else decided while the form was open."""
        self._section.settings_line.show_settings(settings)
        words = self.tr("Somebody else decided meanwhile: {decision} Save once more to change it.")
        decision = self._section.settings_line.words.text()
        self._section.form.go_on_from(settings, words.replace("{decision}", decision))

    @Slot()
    def _on_form_left(self) -> None:
        self._section.form.fill(self._section.form.stored())
        self._section.panel.close_panel()
        self._section.table.setFocus()

    def _say_settings(
        self, settings: SlowQueryPolicy, undo: Callable[[], object] | None = None
    ) -> None:
        words = self.tr("Slow queries raise no alert any more")
        if settings.enabled:
            words = self.tr("Queries over {n} ms raise an alert now")
            words = words.replace("{n}", formats.count(settings.threshold_ms))
        self.context.notifier.info(words, undo=undo)
