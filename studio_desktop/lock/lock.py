"""Locks desks, and lets people back in: one at a time in front, the others wait behind the page."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from studio_core.errors import RuleError
from studio_desktop.lock.view import Locked, LockPage
from studio_desktop.sentences import sentence_of
from studio_desktop.shell.window import Pages, Window
from studio_desktop.tasks.worker import Workers
from studio_desktop.theme.theme import Theme

FREE_TRIES = 3
LONGEST_WAIT_S = 60
Check = Callable[[str], object]
"""Raises RuleError for a wrong secret; called off the UI thread."""


@dataclass(eq=False)
class Waiting:
    """A desk behind the lock. desk: whatever comes back when it is unlocked. check: None where
    only signing in anew opens it. describe: asked whenever the page is made."""

    user_id: int
    desk: Any
    check: Check | None
    describe: Callable[[], Locked]
    pages: Pages | None = None
    wrong_tries: int = 0
    not_before: float = 0.0

    @property
    def wait_s(self) -> int:
        """How long until the next try counts."""
        return max(0, round(self.not_before - time.monotonic()))

    def note_wrong_try(self) -> None:
        """Each one past the first few doubles the wait."""
        self.wrong_tries += 1
        past = self.wrong_tries - FREE_TRIES
        if past > 0:
            self.not_before = time.monotonic() + min(LONGEST_WAIT_S, 2**past)


class Lock(QObject):
    """unlocked(desk): it is in front again. somebody_else: show the way to sign in; all wait."""

    unlocked = Signal(object)
    somebody_else = Signal()

    def __init__(self, window: Window, theme: Theme, workers: Workers, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._theme, self._workers = window, theme, workers
        self._waiting: list[Waiting] = []
        self._asked: Waiting | None = None

    @property
    def desks(self) -> tuple[Any, ...]:
        """Those that wait, the one locked last first."""
        return tuple(one.desk for one in self._waiting)

    def is_locked(self) -> bool:
        return isinstance(self._window.page(), LockPage)

    def waits_for(self, user_id: int) -> bool:
        return self._of(user_id) is not None

    def lock(self, waiting: Waiting) -> None:
        """Puts the desk in front aside, and the page in its place."""
        waiting.pages = self._window.put_aside()
        self._waiting.insert(0, waiting)
        self.show_page()

    @Slot()
    def show_page(self) -> None:
        """In place of what is shown, such as the sign-in of somebody who changed their mind."""
        page = LockPage(self._theme, [one.describe() for one in self._waiting])
        page.unlock_wanted.connect(self._on_unlock_wanted)
        page.somebody_else_wanted.connect(self.somebody_else)
        self._window.show_page(page)

    def bring_back(self, user_id: int) -> None:
        """Whoever has just proved who they are gets their desk."""
        waiting = self._of(user_id)
        if waiting is not None and waiting.pages is not None:
            self._waiting.remove(waiting)
            self._window.bring_back(waiting.pages)
            self.unlocked.emit(waiting.desk)

    def forget(self, desk: Any) -> None:
        """It is closed, and nobody comes back to it."""
        for one in [one for one in self._waiting if one.desk is desk]:
            self._waiting.remove(one)
            if one.pages is not None:
                self._window.forget(one.pages)

    def _of(self, user_id: int) -> Waiting | None:
        return next((one for one in self._waiting if one.user_id == user_id), None)

    @Slot(object, str)
    def _on_unlock_wanted(self, user_id: Any, secret: str) -> None:
        waiting = self._of(user_id)
        page = self._window.page()
        if waiting is None or waiting.check is None or not isinstance(page, LockPage):
            return
        if waiting.wait_s:
            # Another person's name was chosen and this one again: the wait is still on.
            page.refuse(sentence_of(RuleError("unlock_refused")), waiting.wait_s)
            return
        self._asked = waiting
        self._workers.start(partial(waiting.check, secret), self._on_right, self._on_wrong)

    @Slot(object)
    def _on_right(self, _answer: Any) -> None:
        if self._asked is not None:
            self._asked.wrong_tries = 0
            self.bring_back(self._asked.user_id)

    @Slot(object)
    def _on_wrong(self, error: Any) -> None:
        """error: a StudioError; only a wrong secret is held against whoever typed it."""
        page = self._window.page()
        if self._asked is None or not isinstance(page, LockPage):
            return
        if error.code == "unlock_refused":
            self._asked.note_wrong_try()
        page.refuse(sentence_of(error), self._asked.wait_s)
