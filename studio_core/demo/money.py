"""The demo studio's money: what came in for the sessions, and what was spent."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import cast

from studio_core.demo import words
from studio_core.demo.clients import Row
from studio_core.months import Month

_METHODS = ("pix", "credit", "debit", "cash", "transfer", "other")
_METHOD_WEIGHTS = (44, 26, 14, 12, 3, 1)
_PRODUCTS = (("Pomada cicatrizante", 35), ("Sabonete neutro", 25), ("Joia de titânio", 90))


def payment_rows(chance: random.Random, sessions: list[tuple[int, Row]], today: date) -> list[Row]:
    """Rows for the table payments: each paid session's, products over the counter, deposits.

    sessions: with their ids.
    """
    rows: list[Row] = []
    for session_id, session in sessions:
        day = cast(datetime, session["starts_at"]).date()
        if session["status"] == "paid":
            rows += _for_session(chance, session_id, session, day)
            if chance.random() < 0.09:
                rows.append(_product(chance, session, day))
        elif day > today and session["status"] == "scheduled" and chance.random() < 0.35:
            rows.append(_deposit(chance, session_id, session, today))
    return sorted(rows, key=lambda row: cast(date, row["paid_on"]))


def refund_row(chance: random.Random, payment_id: int, payment: Row, today: date) -> Row | None:
    """Some of the money back a few days later, named after the payment it corrects."""
    paid_on = cast(date, payment["paid_on"]) + timedelta(days=chance.randint(2, 9))
    amount = cast(Decimal, payment["amount"])
    if payment["kind"] != "sale" or paid_on > today or amount < 200:
        return None
    part = amount if chance.random() < 0.3 else Decimal(round(amount / 3 / 10) * 10)
    return {
        **payment,
        "paid_on": paid_on,
        "amount": -part,
        "tip_amount": Decimal(0),
        "method": "pix",
        "kind": "refund",
        "corrects_payment_id": payment_id,
        "notes": "Devolução combinada com o cliente",
    }


def expense_rows(
    chance: random.Random, first: date, today: date, revenue: dict[Month, Decimal]
) -> list[Row]:
    """Rows for the table expenses up to today. revenue: what the taxes are a share of."""
    rows: list[Row] = []
    month = Month.of(first)
    while month.first_day <= today:
        before = revenue.get(month.previous(), Decimal(60_000))
        rows += _expenses_of(chance, month, before)
        month = month.next()
    return sorted(
        (row for row in rows if cast(date, row["spent_on"]) <= today),
        key=lambda row: cast(date, row["spent_on"]),
    )


def _for_session(chance: random.Random, session_id: int, session: Row, day: date) -> list[Row]:
    price = cast(Decimal, session["agreed_price"])
    if chance.random() < 0.04:
        price -= Decimal(10)
    parts = [price]
    if price >= 600 and chance.random() < 0.22:
        first = Decimal(round(price * chance.choice((3, 4, 5)) / 10 / 10) * 10)
        parts = [first, price - first]
    rows = [_sale(chance, session, day, part) | {"session_id": session_id} for part in parts]
    if chance.random() < 0.14:
        rows[0]["tip_amount"] = Decimal(chance.choice((10, 20, 20, 30, 50, 100)))
    return rows


def _sale(chance: random.Random, session: Row, day: date, amount: Decimal) -> Row:
    return {
        "paid_on": day,
        "amount": amount,
        "tip_amount": Decimal(0),
        "method": chance.choices(_METHODS, _METHOD_WEIGHTS)[0],
        "kind": "sale",
        "client_id": session["client_id"],
        "artist_id": session["artist_id"],
        "session_id": None,
        "commission_percent": None,
        "corrects_payment_id": None,
        "notes": None,
    }


def _product(chance: random.Random, session: Row, day: date) -> Row:
    """Sold over the counter: anonymous, and nobody's commission."""
    name, price = chance.choice(_PRODUCTS)
    return _sale(chance, session, day, Decimal(price)) | {
        "client_id": None,
        "commission_percent": Decimal(0),
        "notes": name,
    }


def _deposit(chance: random.Random, session_id: int, session: Row, today: date) -> Row:
    price = cast(Decimal, session["agreed_price"])
    amount = Decimal(max(5, round(price * 3 / 10 / 10)) * 10)
    return _sale(chance, session, today - timedelta(days=chance.randint(0, 9)), amount) | {
        "method": "pix",
        "kind": "deposit",
        "session_id": session_id,
        "notes": "Sinal",
    }


def void_values(chance: random.Random, at: datetime) -> Row:
    """What a voided payment is changed to."""
    return {"voided_at": at, "void_reason": chance.choice(words.VOID_REASONS)}


def _expenses_of(chance: random.Random, month: Month, before: Decimal) -> list[Row]:
    def about(amount: int, spread: int = 15) -> Decimal:
        cents = amount * chance.randint(100 - spread, 100 + spread) + chance.randint(0, 99)
        return Decimal(cents) / 100

    fixed: list[tuple[int, str | Decimal, str, str, str]] = [
        (5, "8500.00", "Aluguel do ponto", "rent", "transfer"),
        (5, "320.00", "IPTU (parcela)", "taxes", "transfer"),
        (8, "189.90", "Internet e telefone", "utilities", "debit"),
        (10, "650.00", "Contador", "services", "pix"),
        (12, "99.90", "Sistema de agenda e site", "services", "credit"),
        (15, "1400.00", "Limpeza (diarista)", "cleaning", "pix"),
    ]
    varying: list[tuple[int, str | Decimal, str, str, str]] = [
        (11, about(980, 30), "Conta de luz", "utilities", "debit"),
        (14, about(210), "Conta de água", "utilities", "debit"),
        (16, about(850, 40), "Anúncios nas redes sociais", "marketing", "credit"),
        (20, round(before * 6 / 100, 2), "Simples Nacional (DAS)", "taxes", "transfer"),
        (28, round(before * 12 / 1000, 2), "Taxas da maquininha", "fees", "other"),
    ]
    for week in range(4):
        day = 3 + 7 * week
        varying.append((day, about(1250, 45), "Agulhas, tintas e luvas", "materials", "credit"))
        varying.append((day + 1, about(160, 35), "Café, água e lanches", "food", "cash"))
        varying.append((day + 2, about(110, 40), "Produtos de limpeza", "cleaning", "cash"))
    if chance.random() < 0.3:
        what = chance.choice(("Máquina rotativa", "Fonte digital", "Luminária de bancada", "Maca"))
        varying.append((chance.randint(6, 26), about(1600, 50), what, "equipment", "credit"))
    if chance.random() < 0.5:
        varying.append(
            (chance.randint(6, 26), about(240, 40), "Correio e entregas", "other", "pix")
        )
    return [
        {
            "spent_on": month.first_day + timedelta(days=day - 1),
            "amount": Decimal(amount),
            "description": description,
            "category": category,
            "method": method,
        }
        for day, amount, description, category, method in [*fixed, *varying]
    ]
