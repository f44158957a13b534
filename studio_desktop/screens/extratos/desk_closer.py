"""This desk is the runner: on a studio of this computer only, and in the demo."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Slot

from studio_core.extrato.closing import ClosingOptions
from studio_core.months import Month
from studio_desktop.screens.extratos.closer import Closer
from studio_desktop.screens.extratos.closing_job import close
from studio_desktop.screens.extratos.closing_step import ClosingStep
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.tasks.runner import JobControl


class DeskCloser(Closer):
    """Backs up into this computer's folder, then closes, over the desk's own connection."""

    def __init__(self, context: ScreenContext, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._settings = context.runner, context.settings
        self._control: JobControl | None = None

    def badge(self) -> str:
        return self.tr("All or nothing")

    def start(self, month: Month, *, force: bool) -> None:
        options = ClosingOptions(
            backup_dir=self._settings.backup_dir,
            batch_size=self._settings.batch_size,
            force=force,
            fresh_backup=True,
        )
        self._begin(month)
        self.progressed.emit(ClosingStep("writing"), False)
        self._control = self._runner.run_job(
            self,
            partial(close, month=month, options=options),
            self._on_progressed,
            self._on_closed,
            self._on_refused,
        )

    def cancel(self) -> None:
        if self._control is not None:
            self._control.cancel()

    @Slot(object)
    def _on_progressed(self, step: Any) -> None:
        if self.month is not None and self._control is not None:
            self.progressed.emit(step, self._control.cancelled())

    @Slot(object)
    def _on_closed(self, _result: Any) -> None:
        self._end(None)

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._end(error)
