"""Keeps secrets and people's numbers out of the log files, whoever logs them by mistake."""

import re
from collections.abc import Mapping

_SECRET_NAME = re.compile(
    r"password|passwd|secret|token|api_key|authorization|verifier|webhook", re.I
)
# A person's own: never logged under these names, whatever it looks like.
_PERSONAL_NAME = re.compile(
    r"^(cpf|phone|e?_?mail|birth_date|address|notes?|health(_.*)?|answers?|social_name)$", re.I
)
_PASSWORD_IN_URL = re.compile(r"(?P<before>[a-z][a-z0-9+.-]*://[^\s:/@]*:)\S+(?=@)", re.I)
_PASSWORD_IN_DSN = re.compile(r"(?P<before>\bpassword\s*=\s*)('[^']*'|\S+)", re.I)
# Whoever has a webhook's address can write with it.
_WEBHOOK = re.compile(r"(?P<before>https?://hooks\.slack\.com/)\S+", re.I)
_BEARER = re.compile(r"(?P<before>\bbearer\s+)\S+", re.I)
# A JSON Web Token, wherever it stands.
_TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")
_EMAIL = re.compile(r"(?<![\w.+/:-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CPF = re.compile(r"(?<![\w.,-])(?:\d{3}\.\d{3}\.\d{3}-\d{2}|\d{9}-\d{2}|\d{11})(?![\w,-]|\.\d)")
_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+\d{10,15}|\(\d{2}\)\s?9?\d{4}[- ]?\d{4}|\d{2}\s9?\d{4}-\d{4})(?![\w-])"
)

HIDDEN = "***"


def redacted(value: object) -> object:
    """The same value without secrets and without what identifies a person, at any depth."""
    if isinstance(value, str):
        return _redacted_text(value)
    if isinstance(value, Mapping):
        return {key: _redacted_entry(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(each) for each in value]
    return value


def _redacted_text(text: str) -> str:
    for pattern in (_PASSWORD_IN_URL, _PASSWORD_IN_DSN, _WEBHOOK, _BEARER):
        text = pattern.sub(rf"\g<before>{HIDDEN}", text)
    for pattern in (_TOKEN, _EMAIL, _CPF, _PHONE):
        text = pattern.sub(HIDDEN, text)
    return text


def _redacted_entry(name: str, value: object) -> object:
    hidden = _SECRET_NAME.search(name) or _PERSONAL_NAME.search(name)
    return HIDDEN if hidden and value else redacted(value)
