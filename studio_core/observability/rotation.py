"""Log files that several programs write at once."""

import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

_MAX_BYTES = 5_000_000
_KEPT_FILES = 5


class SharedRotatingFileHandler(RotatingFileHandler):
    """Rotates at 5 MB and keeps five old files.

    When another process has rotated, it follows to the new file. When the file cannot be renamed
    (Windows, another process has it open) it goes on in the old one. When nothing can be written
    (disk full) it says so once on stderr: a log never stops the work it describes.
    """

    def __init__(
        self, path: Path, *, max_bytes: int = _MAX_BYTES, kept_files: int = _KEPT_FILES
    ) -> None:
        super().__init__(path, maxBytes=max_bytes, backupCount=kept_files, encoding="utf-8")
        self._complained = False

    def emit(self, record: logging.LogRecord) -> None:
        self._follow()
        super().emit(record)

    def doRollover(self) -> None:  # noqa: N802 - the name is logging's.
        try:
            super().doRollover()
        except OSError:
            self.stream = self._open()

    def handleError(self, _record: logging.LogRecord) -> None:  # noqa: N802 - logging's, too.
        if self._complained:
            return
        self._complained = True
        error = sys.exc_info()[1]
        if sys.stderr is not None:  # A windowed program on Windows has none.
            sys.stderr.write(f"Cannot write to {self.baseFilename}: {error}\n")

    def close(self) -> None:
        try:
            super().close()
        except OSError:
            self.handleError(logging.makeLogRecord({}))

    def _follow(self) -> None:
        if not self._is_current():
            self._reopen()

    def _is_current(self) -> bool:
        try:
            there = Path(self.baseFilename).stat()
            return self.stream is not None and os.path.samestat(
                os.fstat(self.stream.fileno()), there
            )
        except (OSError, ValueError):
            return False

    def _reopen(self) -> None:
        try:
            old, self.stream = self.stream, self._open()
            if old is not None:
                old.close()
        except OSError:
            return  # The old file goes on, or the disk is full: writing the line will say so.
