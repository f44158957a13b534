"""How far the work on a backup of the whole database is, and whether it is to stop."""

from collections.abc import Callable

from studio_core.errors import RuleError
from studio_core.extrato.runs import OnProgress, Progress


class ProgressReport:
    """Called with a stage, and how much of how much is done, in whatever unit the stage has.

    Raises RuleError("backup_cancelled") where somebody wants the work stopped. Totals that were
    only estimated grow with what is done.
    """

    def __init__(self, on_progress: OnProgress | None, cancelled: Callable[[], bool]) -> None:
        self._on_progress, self._cancelled = on_progress, cancelled

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._cancelled():
            raise RuleError("backup_cancelled")
        if self._on_progress is not None:
            self._on_progress(Progress(stage, done, max(done, total)))
