"""What each kind of access is there for, read off the table of rights that the grants are made
from: a screen that explains it cannot say anything else than what the database does."""

from dataclasses import dataclass
from typing import Literal

from studio_core.db.rights import ALL
from studio_core.db.rights_listing import Allowed, allowed_functions, allowed_on_tables
from studio_core.people.models import ACCESS_LEVELS

Extent = Literal["all", "own", "none"]

# In the order of a day at the desk: what it is called, where, and the command it comes down to. A
# column where only that one makes the difference; a function stands without a command.
_DUTIES: tuple[tuple[str, str, str, str], ...] = (
    ("see_clients", "public.clients", "SELECT", ""),
    ("change_clients", "public.clients", "UPDATE", ""),
    ("see_health", "public.client_health_answers", "SELECT", ""),
    ("see_agenda", "public.sessions", "SELECT", ""),
    ("change_agenda", "public.sessions", "UPDATE", ""),
    ("overrule_agenda", "public.sessions", "UPDATE", "overlap_allowed"),
    ("see_payments", "public.payments", "SELECT", ""),
    ("take_payments", "public.payments", "INSERT", ""),
    ("void_payments", "public.payments", "UPDATE", "voided_at"),
    ("enter_expenses", "public.expenses", "INSERT", ""),
    ("see_commissions", "public.commissions", "SELECT", ""),
    ("see_extratos", "public.extratos", "SELECT", ""),
    ("close_months", "studio.request_extrato(date, boolean)", "", ""),
    ("change_team", "public.users", "UPDATE", ""),
    ("change_settings", "public.settings", "UPDATE", ""),
    ("see_audit", "public.audit_log", "SELECT", ""),
)


@dataclass(frozen=True, slots=True)
class Duty:
    """code: what it is, like "take_payments". extents: by access, in the order of ACCESS_LEVELS;
    "own" where row security leaves a person only what is theirs."""

    code: str
    extents: dict[str, Extent]


def duties() -> tuple[Duty, ...]:
    """All of them; asks no database."""
    tables, functions = allowed_on_tables(), allowed_functions()
    found = []
    for code, on, command, column in _DUTIES:
        if command:
            by_role = tables[on]
            extents = {
                access: _extent(by_role.get(_group(access), {}).get(command), column)
                for access in ACCESS_LEVELS
            }
        else:
            extents = {
                access: "all" if _group(access) in functions[on] else "none"
                for access in ACCESS_LEVELS
            }
        found.append(Duty(code, extents))
    return tuple(found)


def _group(access: str) -> str:
    return f"studio_{access}"


def _extent(allowed: Allowed | None, column: str) -> Extent:
    if allowed is None:
        return "none"
    if column and allowed.columns is not None and column not in allowed.columns:
        return "none"
    return "all" if allowed.rows == ALL else "own"
