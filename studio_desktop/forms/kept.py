"""Words kept on this computer for one person: an unsaved form, what was chosen last time."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from studio_core.config import data_dir
from studio_core.observability import get_logger

log = get_logger(__name__)


class Kept:
    """A small JSON object in a file only this computer's user can read.

    Nothing here is worth failing for: a full disk loses the copy, never the form.
    """

    def __init__(self, name: str, owner: str, folder: Path | None = None) -> None:
        """owner: whose it is, such as an e-mail; it does not appear in the file's name."""
        whose = hashlib.sha256(owner.encode()).hexdigest()[:16]
        self._path = (folder or data_dir() / "desk") / f"{name}-{whose}.json"

    @property
    def path(self) -> Path:
        return self._path

    def load(self) -> dict[str, Any]:
        """Empty when nothing was kept or the file is not ours."""
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.info("kept_words_unreadable", path=str(self._path), reason=str(error))
            return {}
        return content if isinstance(content, dict) else {}

    def save(self, values: dict[str, Any]) -> None:
        beside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside.unlink(missing_ok=True)
            with os.fdopen(
                os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
            ) as new:
                json.dump(values, new)
            beside.replace(self._path)
        except OSError as error:
            log.info("words_not_kept", path=str(self._path), reason=str(error))

    def clear(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            log.info("kept_words_not_cleared", path=str(self._path), reason=str(error))
