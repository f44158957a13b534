"""Taking back what was just done, from the notice about it or by Ctrl+Z."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from studio_desktop.forms.submission import Submission
from studio_desktop.tasks.runner import Runner


class Undo(QObject):
    """One deed's way back; pressing it twice, or again after a lost answer, undoes once.

    undone(row), refused(StudioError).
    """

    undone = Signal(object)
    refused = Signal(object)

    def __init__(self, runner: Runner, action: Callable[..., Any], parent: QObject) -> None:
        """action(session, request_id=): what undoes the deed."""
        super().__init__(parent)
        self._action = action
        self._over = False
        self._submission = Submission(runner, self)
        self._submission.saved.connect(self._on_done)
        self._submission.refused.connect(self._on_refused)
        self._submission.lost.connect(self.refused)

    @property
    def over(self) -> bool:
        """Undone, or refused for good."""
        return self._over

    @Slot()
    def run(self) -> None:
        if not self._over:
            self._submission.send(self._action)

    @Slot(object)
    def _on_done(self, row: Any) -> None:
        self._over = True
        self.undone.emit(row)

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        self._over = True
        self.refused.emit(error)


class Undoable(QObject):
    """The deeds of one screen, newest last."""

    undone = Signal(object)
    refused = Signal(object)

    def __init__(self, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._undos: list[Undo] = []

    def remember(self, action: Callable[..., Any]) -> Undo:
        undo = Undo(self._runner, action, self)
        undo.undone.connect(self.undone)
        undo.refused.connect(self.refused)
        self._undos.append(undo)
        return undo

    @Slot()
    def undo_last(self) -> None:
        """Ctrl+Z: the newest that still can be."""
        for undo in reversed(self._undos):
            if not undo.over:
                undo.run()
                return
