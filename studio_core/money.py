"""Reais and cents: what people type, and the arithmetic that must not lose one."""

import re
from decimal import ROUND_HALF_UP, Decimal

from studio_core.errors import RuleError

CENT = Decimal("0.01")
LARGEST = Decimal("9999999999.99")

# The largest amount with all its marks is 16 characters; some zeros in front do no harm.
_LONGEST = 24
_DIGITS_AND_MARKS = re.compile(r"[0-9.,]+")


def cents(amount: Decimal) -> Decimal:
    """The amount rounded half away from zero to the cent, as PostgreSQL's round() does."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def commission_due(amount: Decimal, percent: Decimal) -> Decimal:
    """Artist's part of one payment, rounded half-up to the cent.

    amount: BRL, may be negative for a reversal. percent: 0 to 100.
    Raises RuleError("percent_out_of_range").
    """
    if not 0 <= percent <= 100:
        raise RuleError("percent_out_of_range")
    return cents(amount * percent / 100)


def parse_money(text: str) -> Decimal:
    """An amount of BRL as people type it: 1.234,56 or 1234,56 or 1234.56, R$ allowed.

    A single mark followed by exactly three digits groups thousands ("1.234" is 1234), since
    amounts never have three decimals. Raises RuleError with a code that says what is wrong.
    """
    typed = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    body = typed.removeprefix("R$").replace(" ", "")
    if not body:
        raise RuleError("amount_empty")
    if body[0] in "-−":
        raise RuleError("amount_negative")
    if not _DIGITS_AND_MARKS.fullmatch(body) or not body.isascii():
        raise RuleError("amount_letters", text=typed)
    if len(body) > _LONGEST:
        raise RuleError("amount_too_large")
    amount = _amount(body, typed)
    if amount > LARGEST:
        raise RuleError("amount_too_large")
    return amount


def _amount(body: str, typed: str) -> Decimal:
    marks = [mark for mark in body if mark in ".,"]
    if not marks:
        return Decimal(body).quantize(CENT)
    decimal_mark: str | None = marks[-1]
    if marks.count(marks[-1]) > 1 or (len(marks) == 1 and _groups_thousands(body, marks[0])):
        decimal_mark = None
    whole, fraction = body, ""
    if decimal_mark is not None:
        whole, _, fraction = body.rpartition(decimal_mark)
        if not fraction or not whole:
            raise RuleError("amount_letters", text=typed)
        if len(fraction) > 2:
            raise RuleError("amount_decimals", text=typed)
    return Decimal(_ungrouped(whole, typed) + "." + (fraction or "0")).quantize(CENT)


def _groups_thousands(body: str, mark: str) -> bool:
    head, _, tail = body.partition(mark)
    return mark == "." and len(tail) == 3 and 1 <= len(head) <= 3 and head[0] != "0"


def _ungrouped(whole: str, typed: str) -> str:
    used = {mark for mark in whole if mark in ".,"}
    if not used:
        return whole
    if len(used) > 1:
        raise RuleError("amount_letters", text=typed)
    groups = whole.split(used.pop())
    if not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:]):
        raise RuleError("amount_grouping", text=typed)
    return "".join(groups)
