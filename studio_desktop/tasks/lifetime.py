"""Whether Qt still has an object of which Python may hold only the shell."""

import shiboken6
from PySide6.QtCore import QObject


def exists(thing: QObject) -> bool:
    return bool(shiboken6.isValid(thing))  # type: ignore[no-untyped-call]  # It ships no types.
