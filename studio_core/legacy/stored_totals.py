"""Compares the totals that the legacy system stored with its own lines."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from studio_core.legacy.closed_months import ClosedMonth
from studio_core.legacy.source import Row
from studio_core.legacy.tidying import money

_ZERO = Decimal("0.00")
_UNCATEGORISED = "Outros"


def differing_totals(closed: ClosedMonth) -> Iterator[str]:
    """A sentence for each stored total that is not the sum of its lines, to the cent."""
    lines, totals = closed.lines, closed.totals
    received, earned, spent = (_sum(lines[kind]) for kind in ("pagamentos", "comissoes", "gastos"))
    expected = {
        "receita_total": received,
        "comissoes_total": earned,
        "despesas_total": spent,
        "saldo": received - spent,
        "receita_liquida": received - earned - spent,
    }
    for name, amount in expected.items():
        yield from _differing(name, totals.get(name), amount)
    revenue = _by(lines["pagamentos"], "artista_name")
    commissions = _by(lines["comissoes"], "artista_name")
    for entry in _entries(totals, "por_artista"):
        artist = entry.get("artista")
        yield from _differing(f"receita of {artist}", entry.get("receita"), revenue[artist])
        yield from _differing(f"comissao of {artist}", entry.get("comissao"), commissions[artist])
    for name, label, sums in (
        ("por_forma_pagamento", "forma", _by(lines["pagamentos"], "forma_pagamento")),
        ("gastos_por_forma_pagamento", "forma", _by(lines["gastos"], "forma_pagamento")),
        ("gastos_por_categoria", "categoria", _by(lines["gastos"], "categoria", _UNCATEGORISED)),
    ):
        for entry in _entries(totals, name):
            group = entry.get(label)
            yield from _differing(f"{name} of {group}", entry.get("total"), sums[group])


def _differing(name: str, stored: object, expected: Decimal) -> Iterator[str]:
    if stored is not None and money(stored) != expected:
        yield f"The stored {name} is {stored}, its lines add up to {expected}: the lines count."


def _sum(lines: list[Row]) -> Decimal:
    return sum((money(line["valor"]) or _ZERO for line in lines), _ZERO)


def _by(lines: list[Row], name: str, missing: str | None = None) -> defaultdict[Any, Decimal]:
    sums: defaultdict[Any, Decimal] = defaultdict(lambda: _ZERO)
    for line in lines:
        sums[line[name] or missing] += money(line["valor"]) or _ZERO
    return sums


def _entries(totals: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = totals.get(name)
    if not isinstance(entries, list):
        return []
    return [entry for entry in entries if isinstance(entry, dict)]
