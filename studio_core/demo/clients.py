"""Invented clients."""

import random
import unicodedata
from datetime import date, timedelta

from studio_core.demo import words

Row = dict[str, object]


def client_rows(chance: random.Random, count: int, today: date) -> list[Row]:
    """Rows for the table clients, each name once; a few have their birthday today."""
    names = _names(chance, count)
    cpfs = _cpfs(chance, count)
    return [
        {
            "name": name,
            "social_name": name.split(" ")[0] + " Luz" if chance.random() < 0.01 else None,
            "phone": _phone(chance) if chance.random() < 0.93 else None,
            "email": _email(name) if chance.random() < 0.6 else None,
            "cpf": cpf if chance.random() < 0.55 else None,
            "birth_date": _birth_date(chance, today, number),
            "instagram": _instagram(chance, name) if chance.random() < 0.65 else None,
            "address": _address(chance) if chance.random() < 0.3 else None,
            "notes": chance.choice(words.CLIENT_NOTES) if chance.random() < 0.2 else None,
            "whatsapp_opt_in": chance.random() < 0.7,
        }
        for number, (name, cpf) in enumerate(zip(names, cpfs, strict=True))
    ]


def flag_rows(chance: random.Random, client_ids: list[int]) -> list[Row]:
    """Allergies and behaviours of some clients."""
    rows: list[Row] = []
    for client_id in client_ids:
        for kind, share, notes in (
            ("allergy", 0.07, words.ALLERGIES),
            ("behaviour", 0.04, words.BEHAVIOURS),
        ):
            if chance.random() < share:
                note, severity = chance.choice(notes)
                rows.append(
                    {"client_id": client_id, "kind": kind, "severity": severity, "note": note}
                )
    return rows


def cpf_with_digits(nine: str) -> str:
    """The nine digits with the two that check them."""
    digits = [int(digit) for digit in nine]
    for _ in range(2):
        weights = range(len(digits) + 1, 1, -1)
        remainder = sum(d * w for d, w in zip(digits, weights, strict=True)) * 10 % 11
        digits.append(remainder % 10)
    return "".join(str(digit) for digit in digits)


def _names(chance: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        surnames = chance.sample(words.SURNAMES, 2 if chance.random() < 0.55 else 1)
        found[" ".join([chance.choice(words.FIRST_NAMES), *surnames])] = None
    return list(found)


def _cpfs(chance: random.Random, count: int) -> list[str]:
    """Each once; numbers of one repeated digit are never given out and never made here."""
    return [
        cpf_with_digits(str(nine)) for nine in chance.sample(range(123_000_000, 987_000_000), count)
    ]


def _phone(chance: random.Random) -> str:
    """A mobile number of a range that is not in use, so that nobody is ever called."""
    return f"+55{chance.choice((11, 11, 11, 12, 13, 19, 21))}90{chance.randrange(10**7):07d}"


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(
        letter for letter in decomposed if letter == " " or (letter.isascii() and letter.isalpha())
    )


def _email(name: str) -> str:
    return _plain(name).replace(" ", ".") + "@example.com"


def _instagram(chance: random.Random, name: str) -> str:
    first, *others = _plain(name).split(" ")
    return first + chance.choice(("_", ".", "")) + others[-1] + chance.choice(("", "", "_", "ink"))


def _birth_date(chance: random.Random, today: date, number: int) -> date | None:
    born = today - timedelta(days=round(365.25 * chance.triangular(18, 62, 27)))
    if number % 170 == 5 and (today.month, today.day) != (2, 29):
        return today.replace(year=born.year)
    return born if chance.random() < 0.8 else None


def _address(chance: random.Random) -> str:
    return (
        f"{chance.choice(words.STREETS)}, {chance.randrange(10, 1900)}"
        f" – {chance.choice(words.DISTRICTS)}"
    )
