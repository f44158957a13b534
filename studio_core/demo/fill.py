"""Fills an empty database with the demo studio: two years of work that end today."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, text, update
from sqlalchemy.orm import DeclarativeBase, Session

from studio_core.agenda.models import TattooSession
from studio_core.clients.models import Client, ClientFlag
from studio_core.db.engine import Database
from studio_core.db.time_outs import allow_long_work
from studio_core.demo import agenda, clients, money, stock
from studio_core.demo import cast as people
from studio_core.demo.clients import Row
from studio_core.demo.closings import close_earlier_months
from studio_core.demo.past import set_back
from studio_core.ledger.models import Expense, Payment
from studio_core.months import Month
from studio_core.people.models import User
from studio_core.settings.models import Setting
from studio_core.settings.values import STUDIO_NAME, TIME_ZONE

ZONE = ZoneInfo("America/Sao_Paulo")
CLIENTS = 500
WEEKS_AHEAD = 5

ShowStage = Callable[[str, int, int], None]
"""Told the stage ("server", "schema", "people", "agenda", "money", "closing"), done and total."""


def fill_demo(
    database: Database,
    *,
    today: date,
    backup_dir: Path,
    seed: int = 1,
    on_progress: ShowStage | None = None,
) -> None:
    """Two years up to today; last month open, the earlier ones closed.

    The same day and seed give the same studio. database: a superuser's, migrated, without people;
    one that was left half filled is finished.
    backup_dir: where the closed months' backups go.
    """
    say = on_progress or (lambda _stage, _done, _total: None)
    with database.transaction() as session:
        state = demo_state(session)
        if state is None:
            _fill(session, random.Random(seed), today, say)
    if state != "ready":
        close_earlier_months(database, today, backup_dir, say)
        with database.transaction() as session:
            session.execute(update(Setting).where(Setting.key == "demo").values(value="ready"))


def demo_state(session: Session) -> str | None:
    """ "ready", "filled" when its earlier months are still to be closed, None without a demo."""
    state: str | None = session.scalar(
        text("SELECT value #>> '{}' FROM settings WHERE key = 'demo'")
    )
    return state


def _fill(session: Session, chance: random.Random, today: date, say: ShowStage) -> None:
    allow_long_work(session)
    first = Month(today.year - 2, today.month).first_day
    say("people", 0, 4)
    _insert(session, Setting, _settings())
    staff = _insert(session, User, [_user(member) for member in people.MEMBERS])
    artist_ids = tuple(staff[-len(people.ARTISTS) :])
    client_ids = _insert(session, Client, clients.client_rows(chance, CLIENTS, today))
    _insert(session, ClientFlag, clients.flag_rows(chance, client_ids))

    say("agenda", 1, 4)
    regulars = agenda.Clients(tuple(client_ids), first, today)
    ahead = today + timedelta(weeks=WEEKS_AHEAD)
    held = agenda.session_rows(chance, ZONE, regulars, artist_ids, (first, ahead), today)
    session_ids = _insert(session, TattooSession, held)

    say("money", 2, 4)
    sold = money.payment_rows(chance, list(zip(session_ids, held, strict=True)), today)
    payment_ids = _insert(session, Payment, sold[:1000])
    # The triggers look each payment's commission up; without numbers they would read them all.
    session.execute(text("ANALYZE clients, sessions, payments, commissions"))
    payment_ids += _insert(session, Payment, sold[1000:])
    later = _refunds(chance, list(zip(payment_ids, sold, strict=True)), today)
    _insert(session, Payment, later)
    doubled = [row | {"tip_amount": 0} for row in chance.sample(sold, len(sold) // 90)]
    _void(session, chance, _insert(session, Payment, doubled))
    spent = money.expense_rows(chance, first, today, _revenue([*sold, *later]))
    _insert(session, Expense, spent)

    say("money", 3, 4)
    stock.fill_stock(session, chance, first, today, ZONE)
    set_back(session, first=first, today=today, zone=ZONE, receptionist=staff[2], manager=staff[1])
    say("money", 4, 4)


def _settings() -> list[Row]:
    values: dict[str, object] = {
        "demo": "filled",
        STUDIO_NAME.name: people.STUDIO_NAME,
        TIME_ZONE.name: ZONE.key,
    }
    return [{"key": key, "value": value} for key, value in values.items()]


def _user(member: people.Member) -> Row:
    return {
        "name": member.name,
        "email": member.email,
        "access": member.access,
        "is_artist": member.is_artist,
        "commission_percent": member.commission_percent,
        "colour": member.colour,
    }


def _insert(session: Session, model: type[DeclarativeBase], rows: list[Row]) -> list[int]:
    """Adds the rows in few statements; their new ids, in the order of the rows.

    The table rather than the model: the latter would group the rows by which values are None.
    """
    table = cast(Table, model.__table__)
    if "id" not in table.c:
        session.execute(insert(table), rows)
        return []
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return [int(number) for number in session.scalars(statement, rows)]


def _refunds(chance: random.Random, sold: list[tuple[int, Row]], today: date) -> list[Row]:
    picked = chance.sample(sold, min(len(sold), 24))
    made = (money.refund_row(chance, number, row, today) for number, row in sorted(picked))
    return [row for row in made if row is not None]


def _void(session: Session, chance: random.Random, ids: list[int]) -> None:
    """Voided rather than inserted so, for their commissions to go the same way."""
    for number in ids:
        at = datetime.combine(date(2000, 1, 1), time(), UTC)
        session.execute(
            update(Payment).where(Payment.id == number).values(**money.void_values(chance, at))
        )


def _revenue(rows: list[Row]) -> dict[Month, Decimal]:
    sums: dict[Month, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[Month.of(cast(date, row["paid_on"]))] += cast(Decimal, row["amount"])
    return sums
