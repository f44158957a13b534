"""Giving somebody a one-time password, and showing it to whoever hands it over."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Slot

from studio_core.errors import StudioError
from studio_core.people.access import reset_login
from studio_core.people.queries import PersonRow
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.screens.team.one_time import OneTimePasswordDialog
from studio_desktop.screens.team.view import TeamView


class PasswordGiving(QObject):
    """One at a time; when an answer is lost, the next press makes another password."""

    def __init__(self, view: TeamView, context: ScreenContext) -> None:
        super().__init__(view)
        self._view, self._context = view, context
        self._given_to: PersonRow | None = None
        view.detail.password_wanted.connect(self._on_wanted)

    def give(self, row: PersonRow) -> None:
        if self._given_to is not None:
            return
        self._given_to = row
        self._view.detail.password.setEnabled(False)
        self._context.runner.act(
            self, partial(reset_login, user_id=row.id), self._on_given, self._on_refused
        )

    @Slot()
    def _on_wanted(self) -> None:
        row = self._view.detail.row()
        if row is not None:
            self.give(row)

    @Slot(object)
    def _on_given(self, given: Any) -> None:
        """given: a OneTimePassword."""
        row = self._end()
        if row is None:
            return
        until = given.valid_until.astimezone(self._context.zone)
        dialog = OneTimePasswordDialog(
            self._context.theme, self._view, row.name, given.password, until
        )
        dialog.copied.connect(self._on_copied)
        dialog.open()

    @Slot(object)
    def _on_refused(self, error: StudioError) -> None:
        self._end()
        self._context.notifier.error(error)

    def _end(self) -> PersonRow | None:
        row, self._given_to = self._given_to, None
        self._view.detail.password.setEnabled(True)
        return row

    @Slot()
    def _on_copied(self) -> None:
        self._context.notifier.info(self.tr("The password is copied."))
