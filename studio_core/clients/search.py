"""What is typed into a search box, as conditions on clients that an index can answer."""

import re

from sqlalchemy import ColumnElement, func

from studio_core.clients.models import Client

_NUMBER = re.compile(r"[+()\d\s./-]+")
_LAST = "\U0010ffff"
# A trigram index needs three characters in a row.
_INDEXED = 3


def matches(search: str) -> tuple[ColumnElement[bool], ...]:
    """All must hold; none for an empty search.

    Words are parts of a name, an Instagram name or an e-mail, accents and capitals aside; digits
    are a fragment of a phone or of a CPF, however written. One or two letters begin a name.
    """
    text = search.strip()
    digits = re.sub(r"\D", "", text)
    if digits and _NUMBER.fullmatch(text):
        # 011 is how an area code is dialled, not how it is kept.
        fragment = digits.lstrip("0") or digits
        return (_begins(fragment) if len(fragment) < _INDEXED else contains(fragment),)
    words = [bare for word in text.split() if (bare := word.removeprefix("@"))]
    if not words:
        return ()
    long = [contains(word) for word in words if len(word) >= _INDEXED]
    short = [word for word in words if len(word) < _INDEXED]
    if long:
        return (*long, *(contains(word) for word in short))
    return (_begins(short[0]), *(contains(f" {word}") for word in short[1:]))


def _folded(words: str) -> ColumnElement[str]:
    folded: ColumnElement[str] = func.studio.fold(words)
    return folded


def _begins(letters: str) -> ColumnElement[bool]:
    """As a range of the key, which its index is made for."""
    folded = _folded(letters)
    return (Client.name_key >= folded) & (Client.name_key < folded.concat(_LAST).collate("C"))


def contains(word: str) -> ColumnElement[bool]:
    """True where a client's words or numbers have this in them; % and _ are no wildcards."""
    escaped = re.sub(r"([\\%_])", r"\\\1", word)
    return Client.search_key.like(_folded(f"%{escaped}%"))
