"""The demo studio's shelves."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from studio_core.demo import words
from studio_core.demo.clients import Row
from studio_core.stock.models import StockItem, StockMovement


def fill_stock(
    session: Session, chance: random.Random, first: date, today: date, zone: ZoneInfo
) -> None:
    """Items with what came in and what was used each month; some are nearly gone."""
    movements: list[Row] = []
    for position, (name, category, supplier, price, opening, used) in enumerate(words.STOCK, 1):
        item_id = session.scalars(
            insert(StockItem).returning(StockItem.id),
            {
                "name": name,
                "category": category,
                "supplier": supplier,
                "unit_price": Decimal(price),
                "position": position,
            },
        ).one()
        movements += _history(chance, item_id, opening, used, first, today, zone)
    session.execute(insert(StockMovement), movements)


def _history(
    chance: random.Random,
    item_id: int,
    opening: int,
    used: int,
    first: date,
    today: date,
    zone: ZoneInfo,
) -> list[Row]:
    rows: list[Row] = []
    balance = 0

    def moved(quantity: int, reason: str, day: date) -> None:
        nonlocal balance
        if quantity == 0 or balance + quantity < 0:
            return
        balance += quantity
        at = datetime.combine(day, time(9, 15), zone)
        rows.append({"item_id": item_id, "quantity": quantity, "reason": reason, "moved_at": at})

    moved(opening, "opening", first)
    day = first + timedelta(days=27)
    while day < today:
        moved(-max(1, round(used * chance.uniform(0.7, 1.3))), "use", day)
        if balance < used * 1.2:
            moved(max(2, used * 3), "purchase", min(day + timedelta(days=3), today))
        day += timedelta(days=30)
    return rows
