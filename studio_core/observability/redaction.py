"""Keeps secrets out of the log files, whoever logs them by mistake."""

import re
from collections.abc import Mapping

_SECRET_NAME = re.compile(r"password|passwd|secret|token|api_key|authorization|verifier", re.I)
_PASSWORD_IN_URL = re.compile(r"(?P<before>[a-z][a-z0-9+.-]*://[^\s:/@]*:)\S+(?=@)", re.I)
_PASSWORD_IN_DSN = re.compile(r"(?P<before>\bpassword\s*=\s*)('[^']*'|\S+)", re.I)

HIDDEN = "***"


def redacted(value: object) -> object:
    """The same value without the passwords of URLs and connection strings, at any depth."""
    if isinstance(value, str):
        without_url = _PASSWORD_IN_URL.sub(rf"\g<before>{HIDDEN}", value)
        return _PASSWORD_IN_DSN.sub(rf"\g<before>{HIDDEN}", without_url)
    if isinstance(value, Mapping):
        return {key: _redacted_entry(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(each) for each in value]
    return value


def _redacted_entry(name: str, value: object) -> object:
    return HIDDEN if _SECRET_NAME.search(name) and value else redacted(value)
