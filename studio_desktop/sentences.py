"""A refusal in the language of the window."""

import re
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from studio_core.errors import StudioError
from studio_core.sentences import SENTENCES
from studio_desktop import formats

OWN_SENTENCES = {
    "place_unreadable": "{path} cannot be read. Mend it, or delete it and choose again.",
    "unreachable": "{host} does not answer. Check the network and the name.",
    "date_malformed": "“{text}” is not a day. Type it like 12/09/2025, 12/9 or hoje.",
    "unforeseen": "The program made a mistake, and nothing was saved. "
    "Try again; if it happens again, tell us the number {reference}.",
}
"""Refusals that only a window can give; the core's stand in studio_core.sentences."""

_MONTH = re.compile(r"(\d{4})-(\d{2})")


def sentence_of(error: StudioError) -> str:
    """What happened and what to do. A code without a sentence is shown, never hidden."""
    template = SENTENCES.get(error.code) or OWN_SENTENCES.get(error.code)
    if template is None:
        return str(error)
    text = QCoreApplication.translate("Sentences", template)
    for name, value in error.params.items():
        text = text.replace("{" + name + "}", _spoken(value))
    return text


def _spoken(value: object) -> str:
    if isinstance(value, Decimal):
        return formats.money(value)
    text = str(value)
    match = _MONTH.fullmatch(text)
    return formats.month(int(match[1]), int(match[2])) if match else text
