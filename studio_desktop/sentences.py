"""A refusal in the language of the window."""

import re
from decimal import Decimal
from functools import cache

from PySide6.QtCore import QCoreApplication

from studio_core.errors import StudioError
from studio_core.sentences import SENTENCES
from studio_desktop import formats

OWN_SENTENCES = {
    "place_unreadable": "{path} cannot be read. Mend it, or delete it and choose again.",
    "unreachable": "{host} does not answer. Check the network and the name.",
    "studio_server_unreachable": "The studio's server ({host}) does not answer. "
    "Sign in with your e-mail and password, or try again later.",
    "server_certificate_unknown": "The certificate of {host} could not be verified. "
    "Sign in with your e-mail and password, and tell whoever looks after the server.",
    "studio_server_strange": "The studio's server ({host}) answered something that is not of this "
    "program. Sign in with your e-mail and password, and tell whoever looks after the server.",
    "server_without_google": "The studio's server ({host}) is not set up for Google. "
    "Sign in with your e-mail and password.",
    "sign_in_too_often": "Too many tries. Wait {minutes} min, or sign in with your e-mail and "
    "password.",
    "google_clients_differ": "This computer and the studio's server name different clients at "
    "Google (GOOGLE_CLIENT_ID). Tell whoever set them up.",
    "google_other_database": "The studio's server belongs to another studio ({database}). "
    "Check STUDIO_SERVER_URL.",
    "google_no_answer": "Google does not answer ({host}). "
    "Sign in with your e-mail and password, or try again later.",
    "server_without_answer_of_google": "The studio's server ({host}) cannot reach Google. "
    "Sign in with your e-mail and password, or try again later.",
    "google_took_too_long": "Nobody answered Google's page in time. Try again.",
    "google_denied": "Google was not allowed to say who you are. Try again, or sign in with your "
    "e-mail and password.",
    "google_refused_sign_in": "Google did not accept the sign-in ({reason}). Try again, or sign in "
    "with your e-mail and password.",
    "google_sign_in_over": "Google has ended your sign-in on this computer. Sign in again.",
    "google_not_admitted": "That Google account may not come in. Ask the owner to invite its "
    "e-mail, or choose another account.",
    "no_loopback_port": "This computer opens no port for Google's answer ({reason}). "
    "Sign in with your e-mail and password.",
    "somebody_elses_desk": "{name} is at work here. Sign in as {name}, or sign out first.",
    "old_password_wrong": "That is not your password until now.",
    "password_unchanged": "Choose another password than the one you have.",
    "date_malformed": "“{text}” is not a day. Type it like 12/09/2025, 12/9 or hoje.",
    "unforeseen": "The program made a mistake, and nothing was saved. "
    "Try again; if it happens again, tell us the number {reference}.",
}
"""Refusals that only a window can give; the core's stand in studio_core.sentences."""

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_PLACE = re.compile(r"\{(\w+)\}")
_TELLING = 8
"""A sentence with fewer letters of its own would be recognised in anything."""


def sentence_of(error: StudioError) -> str:
    """What happened and what to do. A code without a sentence is shown, never hidden."""
    template = SENTENCES.get(error.code) or OWN_SENTENCES.get(error.code)
    if template is None:
        return str(error)
    text = QCoreApplication.translate("Sentences", template)
    for name, value in error.params.items():
        text = text.replace("{" + name + "}", _spoken(value))
    return text


def retold(kept: str) -> str:
    """What a program wrote down in English, in the language of the window.

    Runs and alerts keep sentences, not codes; the sentence is known again by its form. One that
    nobody knows stands as it was written.
    """
    for pattern, code in _patterns():
        found = pattern.fullmatch(kept)
        if found is not None:
            values = {name: retold(value) for name, value in found.groupdict().items()}
            return sentence_of(StudioError(code, **values))
    return kept


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with most letters of their own first."""
    told = [(_PLACE.sub("", template), code) for code, template in SENTENCES.items()]
    known = sorted(((len(words), code) for words, code in told if len(words) >= _TELLING))
    return tuple((_pattern(SENTENCES[code]), code) for _, code in reversed(known))


def _pattern(template: str) -> re.Pattern[str]:
    parts, seen = [], set()
    for number, part in enumerate(_PLACE.split(template)):
        if number % 2 == 0:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>.+?)")
    return re.compile("".join(parts), re.DOTALL)


def _spoken(value: object) -> str:
    if isinstance(value, Decimal):
        return formats.money(value)
    text = str(value)
    match = _MONTH.fullmatch(text)
    if match:
        return formats.month(int(match[1]), int(match[2]))
    return formats.told_size(text) or text
