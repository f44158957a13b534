"""Who may do what in the database: the one table that the grants are made from.

Nothing is granted to PUBLIC, and nobody may delete money. Columns are named where a group may
write only some: what a trigger, a definer function or an import fills is not in the list, and
money is corrected by voiding and booking anew, never in place. The artists' own narrow rights
come with row security.
"""

from dataclasses import dataclass

OWNER, MANAGER, RECEPTION, ARTIST = (
    "studio_owner",
    "studio_manager",
    "studio_reception",
    "studio_artist",
)
JOBS, BACKUP = "studio_jobs", "studio_backup"
KEEPER, CLOSING, ROLES = "studio_keeper", "studio_closing", "studio_roles"

DESK = (OWNER, MANAGER, RECEPTION)
LEADERS = (OWNER, MANAGER)
PEOPLE = (*DESK, ARTIST)
PROGRAMS = (*PEOPLE, JOBS, BACKUP)


@dataclass(frozen=True, slots=True)
class Right:
    """privileges on a table, view or function for some groups; only those columns where named."""

    on: str
    groups: tuple[str, ...]
    privileges: tuple[str, ...]
    columns: tuple[str, ...] = ()


_CLIENT = (
    "name",
    "social_name",
    "phone",
    "email",
    "cpf",
    "birth_date",
    "instagram",
    "address",
    "notes",
    "whatsapp_opt_in",
)
_FLAG = ("client_id", "kind", "severity", "note", "ended_at")
_SESSION = (
    "client_id",
    "artist_id",
    "chair",
    "starts_at",
    "ends_at",
    "type",
    "project",
    "agreed_price",
    "status",
    "google_event_id",
    "notes",
)
_PAYMENT = (
    "paid_on",
    "amount",
    "tip_amount",
    "method",
    "kind",
    "client_id",
    "artist_id",
    "session_id",
    "commission_percent",
    "corrects_payment_id",
    "notes",
)
_EXPENSE = (
    "spent_on",
    "amount",
    "description",
    "category",
    "method",
    "corrects_expense_id",
    "notes",
)
_VOID = ("voided_at", "voided_by", "void_reason")
_READ, _ADD, _CHANGE = ("SELECT",), ("INSERT",), ("UPDATE",)

TABLE_RIGHTS: tuple[Right, ...] = (
    # People.
    Right("public.users", (*PROGRAMS, KEEPER, CLOSING), _READ),
    Right("public.users", (OWNER,), ("INSERT", "UPDATE")),
    Right("public.users", (JOBS,), _ADD),
    Right("public.users", (ROLES,), ("SELECT", "INSERT")),
    Right("public.user_logins", (OWNER, KEEPER), _READ),
    Right("public.user_logins", (ROLES,), ("SELECT", "INSERT", "UPDATE")),
    # Clients.
    Right("public.clients", (*DESK, JOBS, BACKUP, KEEPER, CLOSING), _READ),
    Right("public.clients", DESK, ("INSERT", "UPDATE"), _CLIENT),
    Right("public.clients", (JOBS,), _ADD),
    Right("public.client_flags", (*DESK, JOBS, BACKUP), _READ),
    Right("public.client_flags", DESK, ("INSERT", "UPDATE"), _FLAG),
    # Agenda.
    Right("public.sessions", (*DESK, JOBS, BACKUP, KEEPER, CLOSING), _READ),
    Right("public.sessions", DESK, ("INSERT", "UPDATE"), _SESSION),
    Right("public.sessions", LEADERS, ("INSERT", "UPDATE"), ("overlap_allowed",)),
    Right("public.sessions", (JOBS,), ("INSERT", "UPDATE")),
    # Ledger.
    Right("public.payments", (*DESK, JOBS, BACKUP), _READ),
    Right("public.payments", DESK, _ADD, _PAYMENT),
    Right("public.payments", DESK, _CHANGE, ("client_id", "session_id", "notes", *_VOID)),
    Right("public.payments", (JOBS,), _ADD),
    Right("public.commissions", (*LEADERS, JOBS, BACKUP), _READ),
    Right("public.commissions", (JOBS,), _ADD),
    Right("public.commissions", (KEEPER,), ("SELECT", "INSERT", "UPDATE")),
    Right("public.expenses", (*DESK, JOBS, BACKUP), _READ),
    Right("public.expenses", DESK, _ADD, _EXPENSE),
    Right("public.expenses", DESK, _CHANGE, ("category", "notes", *_VOID)),
    Right("public.expenses", (JOBS,), _ADD),
    Right("public.accounting_months", (*DESK, JOBS, BACKUP), _READ),
    Right("public.accounting_months", (KEEPER, CLOSING), ("SELECT", "UPDATE")),
    Right("public.requests", (*DESK, JOBS), ("SELECT", "INSERT")),
    Right("public.requests", (*DESK, JOBS), _CHANGE, ("result",)),
    # Stock.
    Right("public.stock_items", (*DESK, JOBS, BACKUP, KEEPER), _READ),
    Right("public.stock_items", (KEEPER,), _CHANGE, ("balance",)),
    Right("public.stock_items", (JOBS,), _ADD),
    Right("public.stock_movements", (*DESK, JOBS, BACKUP), _READ),
    Right("public.stock_movements", (JOBS,), _ADD),
    # Extratos: owners and managers read, only functions write.
    Right("public.extratos", (*LEADERS, JOBS, BACKUP), _READ),
    Right("public.backups", (*LEADERS, JOBS, BACKUP), _READ),
    Right("public.backups", (OWNER, JOBS), _ADD),
    Right("public.backups", (JOBS,), _CHANGE, ("copied_at",)),
    Right("public.extrato_runs", (*LEADERS, JOBS, BACKUP), _READ),
    Right("public.extrato_runs", (OWNER, JOBS), ("INSERT", "UPDATE")),
    Right("public.extrato_progress", (*LEADERS, JOBS), _READ),
    Right("public.extrato_progress", (OWNER, JOBS), ("INSERT", "UPDATE")),
    *(
        Right(f"archive.{table}", (*LEADERS, JOBS, BACKUP), _READ)
        for table in ("payments", "commissions", "expenses", "sessions", "names")
    ),
    Right("public.all_payments", LEADERS, _READ),
    Right("public.payments", (KEEPER,), _READ),
    Right("archive.payments", (KEEPER,), _READ),
    Right("archive.commissions", (KEEPER,), _READ),
    Right("public.extrato_requests", (*LEADERS, JOBS), _READ),
    Right("public.extrato_requests", (JOBS,), _CHANGE),
    Right("public.extrato_requests", (KEEPER,), ("SELECT", "INSERT")),
    Right("public.full_backups", (OWNER, JOBS, BACKUP), _READ),
    Right("public.full_backups", (JOBS, BACKUP), ("INSERT", "UPDATE")),
    # System.
    Right("public.alerts", (OWNER, JOBS), _READ),
    Right("public.alerts", (OWNER,), _CHANGE, ("seen_at", "seen_by")),
    Right("public.alerts", (KEEPER,), ("SELECT", "INSERT")),
    Right("public.settings", (*PROGRAMS, KEEPER), _READ),
    # Every program compares the revision with its own before it touches anything.
    Right("public.alembic_version", PROGRAMS, _READ),
    Right("public.settings", (OWNER, JOBS), ("INSERT", "UPDATE")),
    Right("public.audit_log", (OWNER,), _READ),
    Right("public.audit_identities", (OWNER,), _READ),
    Right("public.audit_log", (KEEPER, CLOSING), _ADD),
    Right("public.audit_identities", (KEEPER,), _ADD),
    Right("public.legacy_rows", (JOBS,), ("SELECT", "INSERT")),
    # The closing's own role.
    *(
        Right(f"{schema}.{table}", (CLOSING,), ("SELECT", "INSERT", "DELETE"))
        for schema in ("public", "archive")
        for table in ("payments", "commissions", "expenses")
    ),
    Right("archive.sessions", (CLOSING,), ("SELECT", "INSERT", "DELETE")),
    Right("archive.names", (CLOSING,), ("SELECT", "INSERT")),
    Right("public.extratos", (CLOSING,), ("SELECT", "INSERT", "UPDATE")),
    Right("public.audit_log", (CLOSING,), _READ),
)

_EVERYBODY = (*PROGRAMS, KEEPER, CLOSING, ROLES)

FUNCTION_RIGHTS: tuple[Right, ...] = (
    *(
        Right(f"studio.{signature}", _EVERYBODY, ("EXECUTE",))
        for signature in (
            "fold(text)",
            "current_user_id()",
            "login_role(text)",
            "raise_rule(text, jsonb)",
            "zone()",
            "today()",
            "day_start(date)",
            "month_label(date)",
            "instant(timestamptz)",
        )
    ),
    Right("studio.month_totals(date, bigint)", (*LEADERS, JOBS, CLOSING), ("EXECUTE",)),
    Right("studio.month_rows(date)", (OWNER, JOBS, BACKUP, CLOSING), ("EXECUTE",)),
    Right("studio.archived_rows(bigint)", (*LEADERS, JOBS, BACKUP, CLOSING), ("EXECUTE",)),
    Right("studio.extrato_digest(public.extratos)", (*LEADERS, JOBS, CLOSING), ("EXECUTE",)),
    *(
        Right(f"studio.row_hash({schema}.{table})", (*LEADERS, JOBS, BACKUP, CLOSING), ("EXECUTE",))
        for schema in ("public", "archive")
        for table in ("payments", "commissions", "expenses", "sessions")
    ),
    *(
        Right(f"studio.{signature}", (OWNER, JOBS), ("EXECUTE",))
        for signature in (
            "closing_begin(date, boolean)",
            "closing_ranges(date, text, integer)",
            "closing_move(date, text, bigint, bigint)",
            "closing_finish(date, bigint, bigint, jsonb, text)",
            "reopen_month(date, text)",
            "who_holds_month(date)",
        )
    ),
    Right("studio.raise_alert(text, text, text, jsonb)", PROGRAMS, ("EXECUTE",)),
    Right("studio.request_extrato(date, boolean)", (OWNER,), ("EXECUTE",)),
    Right("studio.give_login(bigint, text)", (OWNER,), ("EXECUTE",)),
    Right("studio.withdraw_logins(bigint)", (OWNER,), ("EXECUTE",)),
    Right("studio.set_up_owner(text, text, text)", (JOBS,), ("EXECUTE",)),
)


def backup_grants() -> tuple[str, ...]:
    """A backup of the whole database reads whatever there is, what is added later included."""
    return (
        f"GRANT USAGE ON SCHEMA public, archive, studio TO {BACKUP}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public, archive TO {BACKUP}",
        f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public, archive TO {BACKUP}",
        "REVOKE ALL ON FUNCTION studio.backup_logins() FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION studio.backup_logins() TO {BACKUP}",
    )


def grant_statements() -> tuple[str, ...]:
    """Everything taken away from everyone, then given as the tables say; safe to repeat."""
    programs = ", ".join(("PUBLIC", *PROGRAMS))
    everyone = ", ".join(("PUBLIC", *_EVERYBODY))
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public, archive FROM {everyone}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public, archive FROM {everyone}",
        # The definer roles own functions here, and an owner's rights are revoked like any other's.
        f"REVOKE ALL ON ALL ROUTINES IN SCHEMA studio FROM {programs}",
    ]
    statements += [
        f"GRANT USAGE ON SCHEMA public, studio TO {', '.join(_EVERYBODY)}",
        f"GRANT USAGE ON SCHEMA archive TO {', '.join((*LEADERS, JOBS, BACKUP, CLOSING, KEEPER))}",
        *backup_grants(),
        f"GRANT USAGE ON SEQUENCE public.audit_log_id_seq TO {KEEPER}, {CLOSING}",
        f"GRANT USAGE ON SEQUENCE public.extratos_id_seq TO {CLOSING}",
    ]
    statements += [_grant("", right) for right in TABLE_RIGHTS]
    statements += [_grant("FUNCTION ", right) for right in FUNCTION_RIGHTS]
    return tuple(statements)


def _grant(kind: str, right: Right) -> str:
    columns = f" ({', '.join(right.columns)})" if right.columns else ""
    privileges = ", ".join(privilege + columns for privilege in right.privileges)
    return f"GRANT {privileges} ON {kind}{right.on} TO {', '.join(right.groups)}"
