"""The legacy system's closed months as it stored them: JSON, or JSON in a string, or deeper."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from studio_core.errors import RuleError
from studio_core.legacy.source import Row
from studio_core.months import Month

_KINDS = ("pagamentos", "sessoes", "comissoes", "gastos")
_NUMBERS = {"id", "sessao_id", "created_by"}
_DEEPEST = 5

_FIELDS: dict[str, tuple[str, ...]] = {
    "pagamentos": (
        *("id", "data", "cliente_name", "artista_name", "valor", "forma_pagamento"),
        *("observacoes", "sessao_id"),
    ),
    "sessoes": (*("id", "data", "cliente_name", "artista_name", "valor", "status", "observacoes"),),
    "comissoes": (
        *("artista_name", "cliente_name", "pagamento_valor", "pagamento_data", "percentual"),
        *("valor", "observacoes"),
    ),
    "gastos": ("data", "valor", "descricao", "forma_pagamento", "categoria", "created_by"),
}


class UnreadableMonthError(Exception):
    """A closed month that cannot be understood; the text says why."""


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """One row of `extratos`. lines: by kind, each line with all its fields (None when missing);
    numbers are exact decimals of what was written."""

    key: str
    month: Month
    lines: dict[str, list[Row]]
    totals: dict[str, Any]


def closed_month(row: Row) -> ClosedMonth:
    """Raises UnreadableMonthError."""
    try:
        month = Month(row["ano"], row["mes"])
    except (RuleError, TypeError):
        raise UnreadableMonthError(f"{row['ano']}-{row['mes']} is no month") from None
    totals = _unwrapped(row["totais"], "totais")
    if totals is not None and not isinstance(totals, dict):
        raise UnreadableMonthError("its totais are not an object")
    return ClosedMonth(
        key=str(row["id"]),
        month=month,
        lines={kind: _lines(row[kind], kind) for kind in _KINDS},
        totals=totals or {},
    )


def _lines(text: str | None, kind: str) -> list[Row]:
    lines = _unwrapped(text, kind)
    if lines is None:
        return []
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise UnreadableMonthError(f"its {kind} are not a list of lines")
    return [
        {
            name: _number(line.get(name)) if name in _NUMBERS else line.get(name)
            for name in _FIELDS[kind]
        }
        for line in lines
    ]


def _number(value: object) -> int | None:
    written = str(value)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None


def _unwrapped(value: object, kind: str) -> Any:
    for _ in range(_DEEPEST):
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            value = json.loads(value, parse_float=Decimal, parse_constant=str)
        except (json.JSONDecodeError, RecursionError):
            break
    raise UnreadableMonthError(f"its {kind} are not JSON")
