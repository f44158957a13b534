"""Who may do what in the database: the one table that grants, policies and the printed list come
from, and that a test compares with the catalogue.

PUBLIC may look up names and nothing more, and nobody may delete money. Columns are named where a
group may write only some: what a trigger, a definer function or an import fills is not in the list,
and money is corrected by voiding and booking anew, never in place. Rows are named where a group has
only some: an artist what is their own. Every function stands here, those that only other functions
and triggers call with nobody beside them.
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
API = "studio_api"
"""Every person's login role is granted to it: who is a member may act as a person, by SET ROLE."""

DESK = (OWNER, MANAGER, RECEPTION)
LEADERS = (OWNER, MANAGER)
PEOPLE = (*DESK, ARTIST)
PROGRAMS = (*PEOPLE, JOBS, BACKUP)
DEFINERS = (KEEPER, CLOSING, ROLES)

ALL = "true"
# Row security shows an artist what is their own. The subqueries are asked once a statement, and
# what they give is then looked up by index.
OWN = "artist_id = (SELECT studio.current_user_id())"
OWN_REQUESTS = (
    "(requested_by = SESSION_USER OR requested_by = ANY ((SELECT studio.own_logins())::text[]))"
)
MYSELF = "id = (SELECT studio.current_user_id())"
OWN_CLIENTS = "id = ANY ((SELECT studio.own_clients())::bigint[])"
OF_OWN_CLIENTS = "client_id = ANY ((SELECT studio.own_clients())::bigint[])"
OWN_NAMES = (
    "(kind = 'artist' AND ref_id = (SELECT studio.current_user_id()))"
    " OR (kind = 'client' AND ref_id = ANY ((SELECT studio.own_clients())::bigint[]))"
)


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the cluster that the program makes. member_of: with SET ROLE, and inheriting
    unless the role says NOINHERIT."""

    name: str
    attributes: tuple[str, ...] = ()
    member_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Right:
    """privileges on a table, view, sequence or function for some groups; only those columns where
    named, only the rows that fulfil a condition. runs_as: the role that a SECURITY DEFINER function
    runs as; None for one that runs as whoever calls it."""

    on: str
    groups: tuple[str, ...]
    privileges: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: str = ALL
    runs_as: str | None = None


# db/sql/roles.sql makes them.
ROLE_TABLE: tuple[Role, ...] = (
    *(Role(name) for name in PEOPLE),
    # Of both it has nothing before it becomes them.
    Role(JOBS, ("NOINHERIT",), (API, BACKUP)),
    Role(BACKUP, ("BYPASSRLS",)),
    Role(API, ("NOINHERIT",)),
    Role(KEEPER, member_of=("pg_read_all_stats",)),
    Role(CLOSING),
    # It made the groups, which from PostgreSQL 16 on is what lets it put people into them.
    Role(ROLES, ("CREATEROLE",), ("pg_signal_backend",)),
)


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
_HEALTH = ("client_id", "question", "answer", "source")
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
_PERSON = ("name", "is_artist", "commission_percent", "colour")
_LOGIN = ("email", "access", "active")
_READ, _ADD, _CHANGE = ("SELECT",), ("INSERT",), ("UPDATE",)

TABLE_RIGHTS: tuple[Right, ...] = (
    # People. What a login stands on is changed by the functions that bring the logins along.
    Right("public.users", (*DESK, JOBS, BACKUP, KEEPER, CLOSING), _READ),
    Right("public.users", (ARTIST,), _READ, rows=MYSELF),
    Right("public.users", (OWNER,), _ADD, (*_PERSON, "email", "access", "active")),
    Right("public.users", (OWNER,), _CHANGE, _PERSON),
    Right("public.users", (JOBS,), _ADD),
    Right("public.users", (ROLES,), ("SELECT", "INSERT")),
    Right("public.users", (ROLES,), _CHANGE, _LOGIN),
    Right("public.user_logins", (OWNER, JOBS, KEEPER), _READ),
    Right("public.user_logins", (ROLES,), ("SELECT", "INSERT", "UPDATE", "DELETE")),
    Right("public.user_pins", (KEEPER,), ("SELECT", "INSERT", "UPDATE", "DELETE")),
    # Sign-in over HTTP.
    Right("public.api_tokens", (JOBS,), ("SELECT", "INSERT")),
    Right("public.api_tokens", (JOBS,), _CHANGE, ("revoked_at",)),
    Right("public.signin_nonces", (JOBS,), ("SELECT", "INSERT")),
    Right("public.signin_nonces", (JOBS,), _CHANGE, ("used_at",)),
    Right("public.signin_attempts", (JOBS,), ("SELECT", "INSERT")),
    # Clients.
    Right("public.clients", (*DESK, JOBS, BACKUP, KEEPER, CLOSING), _READ),
    Right("public.clients", DESK, ("INSERT", "UPDATE"), _CLIENT),
    Right("public.clients", (JOBS,), _ADD),
    Right("public.client_flags", (*DESK, JOBS, BACKUP), _READ),
    Right("public.client_flags", DESK, ("INSERT", "UPDATE"), _FLAG),
    Right("public.clients", (ARTIST,), _READ, rows=OWN_CLIENTS),
    Right("public.client_flags", (ARTIST,), _READ, rows=OF_OWN_CLIENTS),
    Right("public.client_artists", (KEEPER,), ("SELECT", "INSERT", "UPDATE", "DELETE")),
    Right("public.client_health_answers", DESK, _READ),
    Right("public.client_health_answers", (*DESK, JOBS), _ADD, _HEALTH),
    # Agenda.
    Right("public.sessions", (*DESK, JOBS, BACKUP, KEEPER, CLOSING), _READ),
    Right("public.sessions", DESK, ("INSERT", "UPDATE"), _SESSION),
    Right("public.sessions", LEADERS, ("INSERT", "UPDATE"), ("overlap_allowed",)),
    Right("public.sessions", (JOBS,), ("INSERT", "UPDATE")),
    Right("public.sessions", (ARTIST,), _READ, rows=OWN),
    # Ledger.
    Right("public.payments", (*DESK, JOBS, BACKUP), _READ),
    Right("public.payments", DESK, _ADD, _PAYMENT),
    Right("public.payments", DESK, _CHANGE, ("client_id", "session_id", "notes", *_VOID)),
    Right("public.payments", (JOBS,), _ADD),
    Right("public.payments", (ARTIST,), _READ, rows=OWN),
    Right("public.commissions", (*LEADERS, JOBS, BACKUP), _READ),
    Right("public.commissions", (ARTIST,), _READ, rows=OWN),
    Right("public.commissions", (JOBS,), _ADD),
    Right("public.commissions", (KEEPER,), ("SELECT", "INSERT", "UPDATE")),
    Right("public.expenses", (*DESK, JOBS, BACKUP), _READ),
    Right("public.expenses", DESK, _ADD, _EXPENSE),
    Right("public.expenses", DESK, _CHANGE, ("category", "notes", *_VOID)),
    Right("public.expenses", (JOBS,), _ADD),
    Right("public.accounting_months", (*DESK, JOBS, BACKUP), _READ),
    Right("public.accounting_months", (ARTIST,), _READ, ("month_start", "state")),
    Right("public.accounting_months", (KEEPER, CLOSING), ("SELECT", "UPDATE")),
    # Whoever's answer is lost asks again, by whichever of their logins, and gets what nobody else
    # could change.
    *(
        right
        for groups, rows in ((DESK, OWN_REQUESTS), ((JOBS,), ALL))
        for right in (
            Right("public.requests", groups, ("SELECT", "INSERT"), rows=rows),
            Right("public.requests", groups, _CHANGE, ("result",), rows=rows),
        )
    ),
    # Stock.
    Right("public.stock_items", (*DESK, JOBS, BACKUP, KEEPER), _READ),
    Right("public.stock_items", (KEEPER,), _CHANGE, ("balance",)),
    Right("public.stock_items", (JOBS,), _ADD),
    Right("public.stock_movements", (*DESK, JOBS, BACKUP), _READ),
    Right("public.stock_movements", (JOBS,), _ADD),
    # Extratos: owners and managers read, only functions write.
    Right("public.extratos", (*LEADERS, JOBS, BACKUP), _READ),
    Right("public.backups", (*LEADERS, JOBS, BACKUP), _READ),
    Right("public.backups", (JOBS,), _CHANGE, ("copied_at",)),
    Right("public.backups", (OWNER, JOBS), _ADD),
    Right("public.extrato_runs", (*LEADERS, JOBS, BACKUP), _READ),
    Right("public.extrato_runs", (OWNER, JOBS), ("INSERT", "UPDATE")),
    Right("public.extrato_progress", (*LEADERS, JOBS), _READ),
    Right("public.extrato_progress", (OWNER, JOBS), ("INSERT", "UPDATE")),
    *(
        Right(f"archive.{table}", (*LEADERS, JOBS, BACKUP), _READ)
        for table in ("payments", "commissions", "expenses", "sessions", "names")
    ),
    *(
        Right(f"archive.{table}", (ARTIST,), _READ, rows=OWN)
        for table in ("payments", "commissions", "sessions")
    ),
    Right("archive.names", (ARTIST,), _READ, rows=OWN_NAMES),
    # A view has no rows of its own: it shows what its reader may see of the tables under it.
    Right("public.all_payments", (*LEADERS, ARTIST), _READ),
    Right("public.payments", (KEEPER,), _READ),
    Right("archive.payments", (KEEPER,), _READ),
    Right("archive.commissions", (KEEPER,), _READ),
    Right("archive.sessions", (KEEPER,), _READ),
    Right("public.extrato_requests", (*LEADERS, JOBS), _READ),
    Right("public.extrato_requests", (JOBS,), _CHANGE),
    Right("public.extrato_requests", (KEEPER,), ("SELECT", "INSERT", "UPDATE")),
    Right("public.extrato_runs", (KEEPER,), _READ),
    Right("public.extratos", (KEEPER,), _READ),
    Right("public.extrato_progress", (KEEPER,), ("SELECT", "UPDATE")),
    Right("public.full_backups", (OWNER, JOBS, BACKUP), _READ),
    Right("public.full_backups", (JOBS, BACKUP), ("INSERT", "UPDATE")),
    Right("public.health_reports", (OWNER, JOBS), ("SELECT", "INSERT", "UPDATE", "DELETE")),
    Right("public.health_reports", (KEEPER,), ("SELECT", "INSERT")),
    # System.
    Right("public.alerts", (OWNER, JOBS), _READ),
    Right("public.alerts", (OWNER,), _CHANGE, ("seen_at", "seen_by")),
    Right("public.alerts", (JOBS,), _CHANGE, ("sent_at", "group_key")),
    Right("public.alerts", (KEEPER,), ("SELECT", "INSERT")),
    Right("public.alerts", (KEEPER,), _CHANGE, ("message", "details", "group_key")),
    # What studio.clean_up() removes, and nobody else may.
    Right("public.extrato_progress", (KEEPER,), ("SELECT", "DELETE")),
    *(
        Right(f"public.{table}", (KEEPER,), ("SELECT", "DELETE"))
        for table in (
            *("extrato_requests", "alerts", "full_backups"),
            *("signin_nonces", "signin_attempts", "api_tokens"),
        )
    ),
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

# A whole backup reads every table; its role's attribute shows it every row.
TABLE_RIGHTS += tuple(
    Right(on, (BACKUP,), _READ) for on in sorted({right.on for right in TABLE_RIGHTS})
)

EVERYBODY = (*PROGRAMS, *DEFINERS)
_EXECUTE = ("EXECUTE",)


def _internal(runs_as: str | None, *signatures: str) -> tuple[Right, ...]:
    """Functions for triggers and other functions alone."""
    return tuple(Right(f"studio.{one}", (), _EXECUTE, runs_as=runs_as) for one in signatures)


FUNCTION_RIGHTS: tuple[Right, ...] = (
    *(
        Right(f"studio.{signature}", EVERYBODY, _EXECUTE)
        for signature in (
            "fold(text)",
            "audit_words(jsonb, jsonb)",
            "login_role(text)",
            "raise_rule(text, jsonb)",
            "today()",
            "day_start(date)",
            "month_label(date)",
            "instant(timestamptz)",
        )
    ),
    Right("studio.current_user_id()", EVERYBODY, _EXECUTE, runs_as=KEEPER),
    Right("studio.zone()", EVERYBODY, _EXECUTE, runs_as=KEEPER),
    Right("studio.month_totals(date, bigint)", (*LEADERS, JOBS, CLOSING), _EXECUTE),
    Right("studio.month_rows(date)", (OWNER, JOBS, BACKUP, CLOSING), _EXECUTE),
    Right("studio.archived_rows(bigint)", (*LEADERS, JOBS, BACKUP, CLOSING), _EXECUTE),
    Right("studio.extrato_digest(public.extratos)", (*LEADERS, JOBS, CLOSING), _EXECUTE),
    *(
        Right(f"studio.row_hash({schema}.{table})", (*LEADERS, JOBS, BACKUP, CLOSING), _EXECUTE)
        for schema in ("public", "archive")
        for table in ("payments", "commissions", "expenses", "sessions")
    ),
    *(
        Right(f"studio.{signature}", (OWNER, JOBS), _EXECUTE, runs_as=CLOSING)
        for signature in (
            "closing_begin(date, boolean)",
            "closing_ranges(date, text, integer)",
            "closing_move(date, text, bigint, bigint)",
            "closing_finish(date, bigint, bigint, jsonb, text)",
            "reopen_month(date, text)",
        )
    ),
    Right("studio.who_holds_month(date)", (OWNER, JOBS), _EXECUTE, runs_as=KEEPER),
    Right("studio.raise_alert(text, text, text, jsonb)", PROGRAMS, _EXECUTE, runs_as=KEEPER),
    Right(
        "studio.note_slow_query(text, text, integer, integer, jsonb)",
        PROGRAMS,
        _EXECUTE,
        runs_as=KEEPER,
    ),
    Right(
        "studio.raise_alert_once(text, text, text, text, jsonb)", (JOBS,), _EXECUTE, runs_as=KEEPER
    ),
    Right("studio.request_extrato(date, boolean)", (OWNER,), _EXECUTE, runs_as=KEEPER),
    *(
        Right(f"studio.{name}()", (OWNER, JOBS), _EXECUTE, runs_as=KEEPER)
        for name in ("clean_up_due", "clean_up")
    ),
    Right("studio.request_health()", (OWNER,), _EXECUTE, runs_as=KEEPER),
    Right("studio.words_query(text)", (OWNER,), _EXECUTE),
    # Who asked as an owner may be none any more.
    Right("studio.withdraw_request(bigint, boolean)", LEADERS, _EXECUTE, runs_as=KEEPER),
    Right("studio.request_at_work(bigint)", (*LEADERS, JOBS), _EXECUTE, runs_as=KEEPER),
    Right("studio.hold_import()", (*DESK, JOBS), _EXECUTE, runs_as=KEEPER),
    # People and their logins.
    *(
        Right(f"studio.{signature}", (OWNER,), _EXECUTE, runs_as=ROLES)
        for signature in (
            "give_login(bigint, text)",
            "reset_login(bigint, text, timestamptz)",
            "change_access(bigint, text, text)",
            "disable_person(bigint)",
            "enable_person(bigint)",
        )
    ),
    Right("studio.set_up_owner(text, text, text)", (JOBS,), _EXECUTE, runs_as=ROLES),
    Right("studio.backup_logins()", (BACKUP,), _EXECUTE, runs_as=ROLES),
    Right("studio.google_role(bigint, uuid)", (JOBS, ROLES), _EXECUTE),
    Right(
        "studio.give_google_login(bigint, uuid, text, timestamptz)",
        (JOBS,),
        _EXECUTE,
        runs_as=ROLES,
    ),
    Right("studio.forget_old_logins()", (JOBS,), _EXECUTE, runs_as=ROLES),
    *(
        Right(f"studio.{signature}", PEOPLE, _EXECUTE, runs_as=runs_as)
        for signature, runs_as in (
            ("change_own_password(text)", ROLES),
            ("end_own_login()", ROLES),
            ("must_change_password()", KEEPER),
            ("set_pin(text)", KEEPER),
            ("own_pin()", KEEPER),
            ("note_pin_try(boolean)", KEEPER),
        )
    ),
    Right("studio.own_clients()", (ARTIST,), _EXECUTE, runs_as=KEEPER),
    Right("studio.own_logins()", DESK, _EXECUTE, runs_as=KEEPER),
    *_internal(
        None,
        "stamp()",
        "stamp_seen()",
        "stamp_void()",
        "refuse_change()",
        "refuse_drop_owned()",
        "erase_only()",
        "announce_changes()",
    ),
    *_internal(
        KEEPER,
        "commission_due(public.payments)",
        "default_commission()",
        "hold_months()",
        "keep_balance()",
        "keep_commissions()",
        "keep_own_clients()",
        "outdated()",
        "record_changes()",
        "refuse_collision()",
        "refuse_overrefund(bigint)",
        "refuse_unfinished_closing()",
    ),
    *_internal(
        CLOSING,
        "announce_closing(date, text, bigint, text)",
        "chain_extrato(public.extratos)",
        "closing_plan(date)",
        "rows_back(date, text)",
    ),
    *_internal(
        ROLES,
        "admit(text, text)",
        "drop_login(text)",
        "end_connections(bigint)",
        "hold_owners()",
        "keep_an_owner()",
        "login_lasts(timestamptz, interval)",
        "logins_follow()",
        "make_login(text, bigint, text, uuid)",
        "own_login()",
        "person_to_admit(bigint)",
        "require_verifier(text)",
        "settle_logins(bigint)",
        "shut_out(text)",
        "team_of(public.users)",
    ),
)

# Functions of the server that every role may call unless it is taken away. Advisory locks guard the
# closing and the imports, and whoever held one could keep everybody from them; large objects could
# fill the disk. What is not named here stays as the server has it.
WITHHELD_RIGHTS: tuple[Right, ...] = (
    *(
        Right(f"pg_catalog.{name}{arguments}", (OWNER, JOBS, *DEFINERS), _EXECUTE)
        for name in (
            "pg_advisory_lock",
            "pg_advisory_unlock",
            "pg_advisory_xact_lock",
            "pg_try_advisory_lock",
            "pg_try_advisory_xact_lock",
        )
        for arguments in ("(bigint)", "(integer, integer)")
    ),
    *(
        Right(f"pg_catalog.{name}{arguments}", (), _EXECUTE)
        for name in (
            "pg_advisory_lock_shared",
            "pg_advisory_unlock_shared",
            "pg_advisory_xact_lock_shared",
            "pg_try_advisory_lock_shared",
            "pg_try_advisory_xact_lock_shared",
        )
        for arguments in ("(bigint)", "(integer, integer)")
    ),
    Right("pg_catalog.lo_creat(integer)", (), _EXECUTE),
    Right("pg_catalog.lo_create(oid)", (), _EXECUTE),
    Right("pg_catalog.lo_from_bytea(oid, bytea)", (), _EXECUTE),
)

SCHEMA_RIGHTS: tuple[Right, ...] = (
    # Looking up a name there shows nothing, and a login that was just shut out is told that it may
    # not, rather than that there are no such tables.
    Right("public", ("PUBLIC", *EVERYBODY), ("USAGE",)),
    Right("studio", EVERYBODY, ("USAGE",)),
    Right("archive", (*LEADERS, ARTIST, JOBS, BACKUP, KEEPER, CLOSING), ("USAGE",)),
)

# The other sequences are identities, which need no right of their own.
SEQUENCE_RIGHTS: tuple[Right, ...] = (
    Right("public.audit_log_id_seq", (KEEPER, CLOSING), ("USAGE",)),
    Right("public.extratos_id_seq", (CLOSING,), ("USAGE",)),
)

CONNECTING = (JOBS, BACKUP)
"""Who may connect by group. People's logins may one by one: several studios share the groups."""
