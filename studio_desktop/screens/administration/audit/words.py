"""What the audit's tables, columns, actions and values are called.

A name nobody knows, such as one of a later version, stands as it is.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from studio_core.audit.rows import BOOKKEEPING, AuditRow
from studio_desktop import formats
from studio_desktop.labels import category_label, kind_label, method_label
from studio_desktop.models.columns import Badge, Tone

translate = QCoreApplication.translate

MONEY = frozenset(
    {"amount", "tip_amount", "agreed_price", "deposit_amount", "opening_amount", "closing_amount"}
)
PERCENT = frozenset({"commission_percent", "percent"})
PEOPLE = frozenset(
    {"artist_id", "user_id", "created_by", "updated_by", "voided_by", "moved_by", "closed_by",
     "seen_by", "requested_by", "started_by"}
)  # fmt: skip
"""Columns that hold the number of a person of the studio."""
_GIST = ("name", "description", "amount", "starts_at", "method", "project", "value", "quantity")
_GIST_AT_MOST = 3
_LONGEST = 400
"""Of a value that is a whole structure, such as a backup's manifest."""
NOTHING = "–"
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TONES: dict[str, Tone] = {"insert": "success", "delete": "danger", "update": "accent"}


def action_words(action: str) -> str:
    words = {
        "insert": translate("Audit", "Added"),
        "update": translate("Audit", "Changed"),
        "delete": translate("Audit", "Deleted"),
        "close": translate("Audit", "Closed"),
        "reopen": translate("Audit", "Reopened"),
    }
    return words.get(action, action)


def action_badge(action: str) -> Badge:
    return Badge(action_words(action), _TONES.get(action, "neutral"))


def table_words(table: str) -> str:
    """One row of it: Payment, Client."""
    words = {
        "accounting_months": translate("Audit", "Month"),
        "backups": translate("Audit", "Backup"),
        "client_flags": translate("Audit", "Client's flag"),
        "client_health_answers": translate("Audit", "Health answer"),
        "clients": translate("Audit", "Client"),
        "commissions": translate("Audit", "Commission"),
        "expenses": translate("Audit", "Expense"),
        "extrato_requests": translate("Audit", "Closing request"),
        "extrato_runs": translate("Audit", "Run"),
        "extratos": translate("Audit", "Extrato"),
        "full_backups": translate("Audit", "Backup of everything"),
        "payments": translate("Audit", "Payment"),
        "sessions": translate("Audit", "Session"),
        "settings": translate("Audit", "Setting"),
        "stock_items": translate("Audit", "Stock item"),
        "stock_movements": translate("Audit", "Stock movement"),
        "user_logins": translate("Audit", "Login"),
        "user_pins": translate("Audit", "PIN"),
        "users": translate("Audit", "Person"),
    }
    return words.get(table, table)


def record_words(row: AuditRow) -> str:
    """Payment 5392, September 2025."""
    if row.table == "accounting_months" and _DAY.fullmatch(row.row_key):
        day = date.fromisoformat(row.row_key)
        name = formats.month(day.year, day.month)
        return name[:1].upper() + name[1:]
    if row.table == "user_logins":
        # The name of a login is a digest, which tells nobody anything.
        return table_words(row.table)
    return f"{table_words(row.table)} {row.row_key}"


def gist_words(zone: ZoneInfo, row: AuditRow) -> str:
    """On one line which columns were changed; of a new or a deleted row what one knows it by."""
    if row.action == "update":
        told = [name for name in row.fields if name not in BOOKKEEPING]
        return ", ".join(field_words(name) for name in told)
    if row.action in ("close", "reopen"):
        return str(row.is_now("why") or "")
    values = {name: row.is_now(name) if row.after is not None else row.was(name) for name in _GIST}
    known = [value_words(name, value, zone, {}) for name, value in values.items() if value]
    return " ".join(formats.summary(known[:_GIST_AT_MOST]).split())


def field_words(name: str) -> str:
    words = {
        "access": translate("Audit", "Access"),
        "accrued_on": translate("Audit", "Counts on"),
        "active": translate("Audit", "Works here"),
        "address": translate("Audit", "Address"),
        "action": translate("Audit", "Action"),
        "agreed_price": translate("Audit", "Agreed price"),
        "amount": translate("Audit", "Amount"),
        "answer": translate("Audit", "Answer"),
        "artist_id": translate("Audit", "Artist"),
        "backup_id": translate("Audit", "Backup no."),
        "balance": translate("Audit", "Balance"),
        "batch_size": translate("Audit", "Batch size"),
        "birth_date": translate("Audit", "Birth date"),
        "category": translate("Audit", "Category"),
        "chair": translate("Audit", "Chair"),
        "client_id": translate("Audit", "Client no."),
        "code": translate("Audit", "Code"),
        "colour": translate("Audit", "Colour"),
        "commission_percent": translate("Audit", "Commission"),
        "correlation_id": translate("Audit", "Correlation id"),
        "corrects_expense_id": translate("Audit", "Corrects expense"),
        "corrects_payment_id": translate("Audit", "Corrects payment"),
        "cpf": translate("Audit", "CPF"),
        "created_at": translate("Audit", "Added on"),
        "created_by": translate("Audit", "Added by"),
        "description": translate("Audit", "Description"),
        "device": translate("Audit", "Device"),
        "email": translate("Audit", "E-mail"),
        "ended_at": translate("Audit", "Ended on"),
        "ends_at": translate("Audit", "Ends"),
        "expires_at": translate("Audit", "Expires on"),
        "extrato_id": translate("Audit", "Extrato no."),
        "file_bytes": translate("Audit", "Size in bytes"),
        "file_name": translate("Audit", "File"),
        "file_sha256": translate("Audit", "SHA-256"),
        "finished_at": translate("Audit", "Ended on"),
        "forced": translate("Audit", "Closing again"),
        "google_event_id": translate("Audit", "Google event"),
        "id": translate("Audit", "Number"),
        "imported": translate("Audit", "From the old system"),
        "instagram": translate("Audit", "Instagram"),
        "is_artist": translate("Audit", "Is an artist"),
        "item_id": translate("Audit", "Stock item"),
        "key": translate("Audit", "Setting"),
        "kind": translate("Audit", "Kind"),
        "manifest": translate("Audit", "Content"),
        "message": translate("Audit", "Message"),
        "method": translate("Audit", "Method"),
        "month_start": translate("Audit", "Month"),
        "moved_at": translate("Audit", "Moved on"),
        "moved_by": translate("Audit", "Moved by"),
        "must_change": translate("Audit", "Must change the password"),
        "name": translate("Audit", "Name"),
        "note": translate("Audit", "Note"),
        "notes": translate("Audit", "Notes"),
        "overlap_allowed": translate("Audit", "May overlap"),
        "params": translate("Audit", "Values"),
        "paid_on": translate("Audit", "Paid on"),
        "payment_id": translate("Audit", "Payment no."),
        "percent": translate("Audit", "Percent"),
        "phone": translate("Audit", "Phone"),
        "project": translate("Audit", "Project"),
        "quantity": translate("Audit", "Quantity"),
        "question": translate("Audit", "Question"),
        "rehearsal": translate("Audit", "Rehearsal"),
        "requested_at": translate("Audit", "Asked on"),
        "requested_by": translate("Audit", "Asked by"),
        "run_by": translate("Audit", "Run by"),
        "run_id": translate("Audit", "Run no."),
        "source": translate("Audit", "From"),
        "started_at": translate("Audit", "Started on"),
        "started_by": translate("Audit", "Started by"),
        "taken_at": translate("Audit", "Taken on"),
        "reason": translate("Audit", "Reason"),
        "role_name": translate("Audit", "Login"),
        "session_id": translate("Audit", "Session no."),
        "severity": translate("Audit", "Severity"),
        "social_name": translate("Audit", "Social name"),
        "spent_on": translate("Audit", "Spent on"),
        "starts_at": translate("Audit", "Starts"),
        "state": translate("Audit", "State"),
        "status": translate("Audit", "Status"),
        "tip_amount": translate("Audit", "Tip"),
        "type": translate("Audit", "Type"),
        "unit": translate("Audit", "Unit"),
        "updated_at": translate("Audit", "Changed on"),
        "updated_by": translate("Audit", "Changed by"),
        "user_id": translate("Audit", "Person"),
        "value": translate("Audit", "Value"),
        "version": translate("Audit", "Version"),
        "void_reason": translate("Audit", "Voided because"),
        "voided_at": translate("Audit", "Voided on"),
        "voided_by": translate("Audit", "Voided by"),
        "whatsapp_opt_in": translate("Audit", "WhatsApp allowed"),
        "why": translate("Audit", "Why"),
    }
    return words.get(name, name.replace("_", " "))


def value_words(name: str, value: Any, zone: ZoneInfo, people: Mapping[int, str]) -> str:
    """people: names by number."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return translate("Audit", "Yes") if value else translate("Audit", "No")
    if name in PEOPLE and isinstance(value, int):
        return people.get(value, str(value))
    if isinstance(value, Decimal | int):
        return _number_words(name, Decimal(value))
    if isinstance(value, str):
        return _text_words(name, value, zone)
    words = json.dumps(value, ensure_ascii=False, default=str)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _number_words(name: str, value: Decimal) -> str:
    if name in MONEY:
        return formats.money(value)
    if name in PERCENT:
        return formats.percent(value)
    return f"{value}"


def _text_words(name: str, value: str, zone: ZoneInfo) -> str:
    labels = {"method": method_label, "category": category_label, "kind": kind_label}
    if name in labels:
        return labels[name](value)
    if _INSTANT.fullmatch(value):
        try:
            return formats.to_the_second(datetime.fromisoformat(value).astimezone(zone))
        except ValueError:
            return value
    if _DAY.fullmatch(value):
        try:
            return formats.day(date.fromisoformat(value))
        except ValueError:
            return value
    return value
