"""Adding a flag to the client looked at, and ending one."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from studio_core.clients.actions import add_flag, end_flag, resume_flag
from studio_core.clients.queries import Flag
from studio_core.findings import FindingsError
from studio_desktop.forms.submission import Submission
from studio_desktop.forms.undo import Undoable
from studio_desktop.screens.clients.detail import ClientPanel
from studio_desktop.screens.clients.words import flag_words
from studio_desktop.screens.screen import ScreenContext


class Flagging(QObject):
    """written: a flag was added or ended, so the panel is out of date."""

    written = Signal()

    def __init__(
        self, panel: ClientPanel, context: ScreenContext, undoable: Undoable, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._panel, self._section = panel, panel.flags
        self._notifier, self._undoable = context.notifier, undoable
        self._adding = Submission(context.runner, self)
        self._ending = Submission(context.runner, self)
        self._ended: Flag | None = None
        self._section.form.save_wanted.connect(self._on_add)
        self._section.end_wanted.connect(self._on_end)
        self._adding.saved.connect(self._on_added)
        self._adding.refused.connect(self._on_refused)
        self._adding.lost.connect(self._on_refused)
        self._ending.saved.connect(self._on_flag_ended)
        self._ending.refused.connect(self._notifier.error)
        self._ending.lost.connect(self._notifier.error)

    def has_unsaved(self) -> bool:
        return self._section.form.is_edited()

    @Slot()
    def _on_add(self) -> None:
        detail = self._panel.detail()
        if detail is None:
            return
        values: Any = self._section.form.values()
        action: Any = partial(add_flag, client_id=detail.id, **values)
        if self._adding.send(action, (detail.id, *values.values())):
            self._section.form.set_locked(True)

    @Slot(object)
    def _on_added(self, flag: Any) -> None:
        self._section.form.set_locked(False)
        self._section.close_form()
        words = self.tr("Flag added: {flag}").replace("{flag}", flag_words(flag))
        undo: Any = partial(end_flag, flag_id=flag.id)
        self._notifier.info(words, undo=self._undoable.remember(undo).run)
        self.written.emit()

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._section.form.set_locked(False)
        if isinstance(error, FindingsError):
            self._section.form.show_findings(error.findings)
        else:
            self._notifier.error(error)

    @Slot(object)
    def _on_end(self, flag: Any) -> None:
        action: Any = partial(end_flag, flag_id=flag.id)
        if self._ending.send(action, flag.id):
            self._ended = flag

    @Slot(object)
    def _on_flag_ended(self, _nothing: object) -> None:
        flag = self._ended
        assert flag is not None, "what ended was asked for"
        words = self.tr("Flag ended: {flag}").replace("{flag}", flag_words(flag))
        undo: Any = partial(resume_flag, flag_id=flag.id)
        self._notifier.info(words, undo=self._undoable.remember(undo).run)
        self.written.emit()
