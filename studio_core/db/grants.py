"""The statements that bring a database to what the table of rights says; all may be repeated."""

from collections.abc import Iterator
from dataclasses import dataclass

from studio_core.db.rights import (
    BACKUP,
    CONNECTING,
    DEFINERS,
    EVERYBODY,
    FUNCTION_RIGHTS,
    PROGRAMS,
    ROLES,
    SCHEMA_RIGHTS,
    SEQUENCE_RIGHTS,
    TABLE_RIGHTS,
    WITHHELD_RIGHTS,
    Right,
)

SCHEMAS = tuple(right.on for right in SCHEMA_RIGHTS)
VIEWS = ("public.all_payments",)


@dataclass(frozen=True, slots=True)
class Policy:
    """Which rows of a table one role sees and writes. command: one of SQL's four, or ALL."""

    table: str
    role: str
    command: str
    rows: str

    @property
    def name(self) -> str:
        return self.role if self.command == "ALL" else f"{self.role}_{self.command.lower()}"

    @property
    def statement(self) -> str:
        using = "" if self.command == "INSERT" else f" USING ({self.rows})"
        checking = f" WITH CHECK ({self.rows})" if self.command in ("ALL", "INSERT") else ""
        return (
            f"CREATE POLICY {self.name} ON {self.table} FOR {self.command} TO {self.role}"
            f"{using}{checking}"
        )


def tables() -> tuple[str, ...]:
    """Every table that has rights, and therefore row security; views have none."""
    return tuple(sorted({right.on for right in TABLE_RIGHTS} - set(VIEWS)))


def policies() -> tuple[Policy, ...]:
    """One a role, so that the planner drops those that say true: a condition of its own for
    everybody would keep words from finding an index. By command only where rows differ."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for right in TABLE_RIGHTS:
        if right.on in VIEWS:
            continue
        for role in right.groups:
            known = rows.setdefault((right.on, role), {})
            for privilege in right.privileges:
                if known.setdefault(privilege, right.rows) != right.rows:
                    raise ValueError(f"{role} has two kinds of rows of {right.on}")
    return tuple(
        policy
        for (table, role), by_command in sorted(rows.items())
        for policy in _policies_of(table, role, by_command)
    )


def _policies_of(table: str, role: str, by_command: dict[str, str]) -> Iterator[Policy]:
    if len(set(by_command.values())) == 1:
        yield Policy(table, role, "ALL", next(iter(by_command.values())))
        return
    for command, rows in sorted(by_command.items()):
        yield Policy(table, role, command, rows)


def rights_statements() -> tuple[str, ...]:
    """Everything taken away from everyone, then given as the tables say."""
    everyone = ", ".join(("PUBLIC", *EVERYBODY))
    schemas = ", ".join(SCHEMAS)
    statements = [
        f"REVOKE ALL ON SCHEMA {schemas} FROM {everyone}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schemas} FROM {everyone}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schemas} FROM {everyone}",
        # The definer roles own functions here, and an owner's rights are revoked like any other's.
        f"REVOKE ALL ON ALL ROUTINES IN SCHEMA studio FROM {', '.join(('PUBLIC', *PROGRAMS))}",
        f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schemas} TO {BACKUP}",
    ]
    statements += [
        f"REVOKE ALL ON FUNCTION {right.on} FROM {everyone}" for right in WITHHELD_RIGHTS
    ]
    statements += _grants("SCHEMA ", SCHEMA_RIGHTS)
    statements += _grants("", TABLE_RIGHTS)
    statements += _grants("SEQUENCE ", SEQUENCE_RIGHTS)
    statements += _grants("FUNCTION ", (*FUNCTION_RIGHTS, *WITHHELD_RIGHTS))
    statements.append(_NO_POLICY)
    statements += [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in tables()]
    statements += [policy.statement for policy in policies()]
    return tuple(statements)


def backup_statements() -> tuple[str, ...]:
    """What lets studio_backup read a database of any revision, whatever tables it has."""
    schemas = ", ".join(SCHEMAS)
    return (
        f"GRANT USAGE ON SCHEMA {schemas} TO {BACKUP}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schemas} TO {BACKUP}",
        f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schemas} TO {BACKUP}",
        "REVOKE ALL ON FUNCTION studio.backup_logins() FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION studio.backup_logins() TO {BACKUP}",
    )


def database_statements(quoted: str) -> tuple[str, ...]:
    """Who may connect. quoted: the name of the database, as it stands in a statement."""
    # What people were given by that role's option hangs on it, so it is never taken back.
    others = (*PROGRAMS, *(role for role in DEFINERS if role != ROLES))
    return (
        f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC, {', '.join(others)}",
        f"REVOKE CREATE, TEMPORARY ON DATABASE {quoted} FROM {ROLES}",
        f"GRANT CONNECT ON DATABASE {quoted} TO {', '.join(CONNECTING)}",
        f"GRANT CONNECT ON DATABASE {quoted} TO {ROLES} WITH GRANT OPTION",
    )


_NO_POLICY = """
    DO $$
    DECLARE
        old record;
    BEGIN
        FOR old IN SELECT polname, polrelid::regclass AS on_table FROM pg_policy
                   WHERE polrelid IN (SELECT oid FROM pg_class WHERE relnamespace IN (
                       'public'::regnamespace, 'archive'::regnamespace, 'studio'::regnamespace))
        LOOP
            EXECUTE format('DROP POLICY %I ON %s', old.polname, old.on_table);
        END LOOP;
    END
    $$"""


def _grants(kind: str, rights: tuple[Right, ...]) -> list[str]:
    return [_grant(kind, right) for right in rights if right.groups]


def _grant(kind: str, right: Right) -> str:
    columns = f" ({', '.join(right.columns)})" if right.columns else ""
    privileges = ", ".join(privilege + columns for privilege in right.privileges)
    return f"GRANT {privileges} ON {kind}{right.on} TO {', '.join(right.groups)}"
