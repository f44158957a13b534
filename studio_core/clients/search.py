"""What is typed into a search box, as conditions on clients that an index can answer."""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, not_

from studio_core.clients.models import Client

_NUMBER = re.compile(r"[+()\d\s./-]+")
_LAST = "\U0010ffff"
# A trigram index needs three characters in a row.
_INDEXED = 3


@dataclass(frozen=True)
class Search:
    """conditions: all must hold; none for an empty search. beginning: true for the names that
    begin with the first word; None for numbers. beside: what must hold for those as well.
    begins_only: no others are found.
    """

    conditions: tuple[ColumnElement[bool], ...] = ()
    beginning: ColumnElement[bool] | None = None
    beside: tuple[ColumnElement[bool], ...] = ()
    begins_only: bool = False


def search_for(typed: str) -> Search:
    """Words are parts of a name, an Instagram name or an e-mail, accents and capitals aside;
    digits are a fragment of a phone or of a CPF, however written. One or two letters begin a name.
    """
    text = typed.strip()
    digits = re.sub(r"\D", "", text)
    if digits and _NUMBER.fullmatch(text):
        # 011 is how an area code is dialled, not how it is kept.
        fragment = digits.lstrip("0") or digits
        if len(fragment) < _INDEXED:
            return _beginning_with(fragment, ())
        return Search((contains(fragment),))
    words = [bare for word in text.split() if (bare := word.removeprefix("@"))]
    if not words:
        return Search()
    first, *rest = words
    if all(len(word) < _INDEXED for word in words):
        return _beginning_with(first, tuple(contains(f" {word}") for word in rest))
    beside = tuple(contains(word) for word in rest)
    return Search((contains(first), *beside), begins(first), beside)


def matches(typed: str) -> tuple[ColumnElement[bool], ...]:
    """All must hold of a client that a search finds."""
    return search_for(typed).conditions


def begins(letters: str) -> ColumnElement[bool]:
    """True where a name begins so; as a range of the key, which its index is made for."""
    folded = _folded(letters)
    return (Client.name_key >= folded) & (Client.name_key < folded.concat(_LAST).collate("C"))


def contains(word: str) -> ColumnElement[bool]:
    """True where a client's words or numbers have this in them; % and _ are no wildcards."""
    escaped = re.sub(r"([\\%_])", r"\\\1", word)
    return Client.search_key.like(_folded(f"%{escaped}%"))


def others(search: Search) -> tuple[ColumnElement[bool], ...]:
    """The clients found whose name does not begin with what was typed first."""
    if search.beginning is None:
        return search.conditions
    return (*search.conditions, not_(search.beginning))


def _beginning_with(letters: str, more: tuple[ColumnElement[bool], ...]) -> Search:
    beginning = begins(letters)
    return Search((beginning, *more), beginning, more, begins_only=True)


def _folded(words: str) -> ColumnElement[str]:
    folded: ColumnElement[str] = func.studio.fold(words)
    return folded
