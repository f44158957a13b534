"""The demo studio's days: who was tattooed when, by whom, at what price."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from studio_core.demo import words
from studio_core.demo.cast import ARTISTS, CHAIRS, Member
from studio_core.demo.clients import Row

_OPENS_MIN, _CLOSES_MIN = 10 * 60, 20 * 60
_PAUSE_MIN = 30
# Busy before the holidays and in the summer, quiet when school starts.
_BUSY = (0.92, 0.85, 0.7, 0.72, 0.74, 0.72, 0.8, 0.74, 0.78, 0.84, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Kind:
    """weight: how often it is asked for. price: share of the artist's hours that it costs."""

    weight: int
    half_hours: tuple[int, int]
    price: Decimal
    type: str


_KINDS = {
    "small": Kind(36, (2, 4), Decimal("1.0"), "tattoo"),
    "medium": Kind(30, (5, 8), Decimal("0.95"), "tattoo"),
    "large": Kind(12, (9, 12), Decimal("0.85"), "tattoo"),
    "piercing": Kind(14, (1, 1), Decimal("1.2"), "piercing"),
    "touch_up": Kind(8, (1, 2), Decimal("0.4"), "touch_up"),
}

# Today as it looks at half past two, a line for each chair, so that every status has its place.
_TODAY = (
    (
        (time(10), 3, "small", "paid"),
        (time(12), 4, "medium", "to_pay"),
        (time(14, 30), 6, "medium", "arrived"),
        (time(18), 3, "small", "confirmed"),
    ),
    (
        (time(10, 30), 5, "medium", "paid"),
        (time(13, 30), 8, "large", "in_progress"),
        (time(18), 2, "touch_up", "scheduled"),
    ),
    (
        (time(10), 1, "piercing", "paid"),
        (time(11), 3, "small", "no_show"),
        (time(13, 30), 4, "medium", "in_progress"),
        (time(16), 6, "medium", "confirmed"),
    ),
    (
        (time(11), 6, "medium", "to_pay"),
        (time(15), 5, "medium", "arrived"),
        (time(18, 30), 3, "small", "cancelled"),
    ),
    (
        (time(12), 2, "small", "paid"),
        (time(14, 30), 3, "small", "confirmed"),
        (time(17), 5, "medium", "scheduled"),
    ),
)


@dataclass(frozen=True, slots=True)
class Work:
    kind: str
    minutes: int
    project: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Clients:
    """Who may come: clients in the order in which they became clients."""

    ids: tuple[int, ...]
    first: date
    last: date

    def someone(self, chance: random.Random, day: date) -> int:
        """A client known by that day; the newest ones come most often."""
        known = (day - self.first).days / max(1, (self.last - self.first).days)
        last = max(12, min(len(self.ids), round(len(self.ids) * (0.1 + 0.9 * known))))
        back = min(int(chance.expovariate(1 / (last * 0.4))), last - 1)
        return self.ids[last - 1 - back]


def session_rows(
    chance: random.Random,
    zone: ZoneInfo,
    clients: Clients,
    artist_ids: tuple[int, ...],
    days: tuple[date, date],
    today: date,
) -> list[Row]:
    """Rows for the table sessions, in the order of their days; no artist or chair is taken twice.

    days: the first and the last one.
    """
    rows: list[Row] = []
    day, last_day = days
    while day <= last_day:
        ahead = (day - today).days
        for place, number in enumerate(_at_work(day, today)):
            artist = ARTISTS[number]
            planned = _day(chance, artist, day, ahead) if ahead else _today(chance, artist, place)
            for minute, work, status in planned:
                starts_at = datetime.combine(day, time(minute // 60, minute % 60), zone)
                walk_in = work.kind in {"piercing", "small"} and ahead <= 0
                rows.append(
                    {
                        "client_id": None
                        if walk_in and chance.random() < 0.22
                        else clients.someone(chance, min(day, today)),
                        "artist_id": artist_ids[number],
                        "chair": CHAIRS[place],
                        "starts_at": starts_at,
                        "ends_at": starts_at + timedelta(minutes=work.minutes),
                        "type": _KINDS[work.kind].type,
                        "project": work.project,
                        "agreed_price": work.price,
                        "status": status,
                    }
                )
        day += timedelta(days=1)
    return rows


def _at_work(day: date, today: date) -> list[int]:
    """The artists by their place in ARTISTS, one for each chair at most.

    Closed on Sundays, but the demo's today is always a working day.
    """
    if day == today and day.weekday() == 6:
        return list(range(len(CHAIRS)))
    if day.weekday() == 6:
        return []
    return [n for n, artist in enumerate(ARTISTS) if artist.day_off != day.weekday()]


def _day(
    chance: random.Random, artist: Member, day: date, ahead: int
) -> Iterator[tuple[int, Work, str]]:
    """Begin in minutes, work and status; ahead: days from today, negative in the past."""
    minute = _OPENS_MIN + 30 * chance.randrange(4)
    while minute < _CLOSES_MIN - 30:
        # The diary empties the further ahead one looks.
        taken = _BUSY[day.month - 1] * 0.34 * 0.97 ** max(0, ahead)
        work = _work(chance, artist)
        if chance.random() > taken or minute + work.minutes > _CLOSES_MIN:
            minute += 60
            continue
        yield minute, work, _status(chance, ahead)
        minute += work.minutes + _PAUSE_MIN


def _today(chance: random.Random, artist: Member, place: int) -> Iterator[tuple[int, Work, str]]:
    for clock, half_hours, kind, status in _TODAY[place]:
        yield 60 * clock.hour + clock.minute, _priced(chance, artist, kind, half_hours), status


def _work(chance: random.Random, artist: Member) -> Work:
    kind = chance.choices(list(_KINDS), [kind.weight for kind in _KINDS.values()])[0]
    shortest, longest = _KINDS[kind].half_hours
    return _priced(chance, artist, kind, chance.randint(shortest, longest))


def _priced(chance: random.Random, artist: Member, kind: str, half_hours: int) -> Work:
    price = _price(chance, artist.hour_rate * _KINDS[kind].price * half_hours / 2)
    return Work(kind, 30 * half_hours, chance.choice(words.PROJECTS[kind]), price)


def _price(chance: random.Random, about: Decimal) -> Decimal:
    """Rounded to ten reais, as studios do; never below the smallest price of the house."""
    tens = round(about * chance.randint(85, 125) / 100 / 10)
    return Decimal(max(8, tens) * 10)


def _status(chance: random.Random, ahead: int) -> str:
    lot = chance.random()
    if ahead < 0:
        return "cancelled" if lot < 0.06 else "no_show" if lot < 0.09 else "paid"
    if lot < 0.04:
        return "cancelled"
    if ahead <= 2:
        return "confirmed" if lot < 0.75 else "scheduled"
    return "requested" if lot > 0.88 else "scheduled"
