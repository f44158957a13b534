"""Fixtures of the closing's tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio_core.extrato.backup import BackupRow, create_backup
from studio_core.extrato.closing import ClosingOptions, ClosingResult, close_month
from studio_core.months import Month
from tests.books import MONTH, Books, Reader


class Closer:
    """Backs up and closes a month of the test's books with few words."""

    def __init__(self, books: Reader, folder: Path) -> None:
        self.books = books
        self.folder = folder

    def back_up(self, month: Month = MONTH) -> BackupRow:
        return create_backup(self.books.database, month=month, directory=self.folder)

    def close(
        self,
        month: Month = MONTH,
        *,
        cancelled: Callable[[], bool] = lambda: False,
        on_progress: Callable[[Any], None] | None = None,
        **options: Any,
    ) -> ClosingResult:
        return close_month(
            self.books.database,
            month=month,
            options=ClosingOptions(backup_dir=self.folder, **options),
            cancelled=cancelled,
            on_progress=on_progress,
        )

    def back_up_and_close(self, month: Month = MONTH, **options: Any) -> ClosingResult:
        self.back_up(month)
        return self.close(month, **options)


@pytest.fixture
def closer(books: Books, tmp_path: Path) -> Closer:
    return Closer(books, tmp_path / "backups")
