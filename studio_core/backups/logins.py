"""What belongs to a studio and lies in the cluster around its database: logins and settings."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor  # noqa: N812 – a class, named so there
from sqlalchemy import Connection, text

from studio_core.db import rights

_VERIFIER = re.compile(r"SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+")
_GROUPS = frozenset(rights.PROGRAMS)
_DEFINERS = frozenset((rights.KEEPER, rights.CLOSING, rights.ROLES))

_LOGINS = text(
    "SELECT name, kind, can_login, verifier, nullif(valid_until, 'infinity')::text AS valid_until,"
    " groups::text[] AS groups, members::text[] AS members FROM studio.backup_logins()"
)
# Whom grants or policies in this database name, beside the program's own roles.
_OTHERS = text(
    "SELECT DISTINCT r.rolname FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid"
    " WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype IN ('a', 'r')"
    " AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND NOT starts_with(r.rolname, 'pg_') AND NOT starts_with(r.rolname, 'studio_')"
    " ORDER BY r.rolname"
)
_SETTINGS = text(
    "SELECT split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value"
    " FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase"
    " CROSS JOIN unnest(s.setconfig) AS setting"
    " WHERE d.datname = current_database() AND s.setrole = 0 ORDER BY name"
)


@dataclass(frozen=True, slots=True)
class Login:
    """verifier: what a password is checked with; None where there is none. valid_until: as
    PostgreSQL writes it. groups: of which it is a member. members: roles that may become it."""

    name: str
    kind: Literal["person", "program"]
    can_login: bool
    verifier: str | None
    valid_until: str | None
    groups: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """others: roles that are no logins of ours, but are named in grants or policies.

    settings: of the database (ALTER DATABASE … SET), by name.
    """

    logins: tuple[Login, ...]
    others: tuple[str, ...]
    settings: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Surroundings":
        """Raises KeyError, TypeError or ValueError for what is none."""
        return cls(
            tuple(_login(login) for login in found["logins"]),
            tuple(str(name) for name in found["others"]),
            {str(name): str(value) for name, value in found["settings"].items()},
        )


def read_surroundings(connection: Connection) -> Surroundings:
    """As studio_backup, in the backup's own snapshot."""
    logins = tuple(_login(row._asdict()) for row in connection.execute(_LOGINS))
    ours = {login.name for login in logins}
    others = tuple(name for name in connection.scalars(_OTHERS) if name not in ours)
    settings = {row.name: row.value for row in connection.execute(_SETTINGS)}
    return Surroundings(logins, others, settings)


def make_others(cursor: Cursor, others: tuple[str, ...]) -> None:
    """Roles that the dump's grants name, where they are missing: they can neither sign in nor
    become anything until an administrator says so."""
    for name in others:
        if not _exists(cursor, name):
            cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))


def set_settings(cursor: Cursor, database: str, settings: Mapping[str, str]) -> None:
    """For the connections to that database that begin from now on. settings: as read."""
    for name, value in settings.items():
        cursor.execute(
            sql.SQL("ALTER DATABASE {} SET {} TO {}").format(
                sql.Identifier(database), sql.SQL(".").join(map(sql.Identifier, name.split("."))),
                sql.Literal(value),
            )
        )  # fmt: skip


def make_login(cursor: Cursor, login: Login, name: str, database: str) -> bool:
    """One login as it was, under the name that it has here. False for a program's login whose
    name somebody has already: it stays as it is.

    A person's role carries the database's name, so one that is there was this studio's before.
    """
    there = _exists(cursor, name)
    if there and login.kind == "program":
        return False
    role = sql.Identifier(name)
    groups = [group for group in login.groups if group in _GROUPS]
    # From PostgreSQL 16 on only who made a role may change it later, and only who made a group
    # may put members into it. For people that is studio_roles, which their functions run as.
    as_maker = login.kind == "person" and not there
    _become(cursor, rights.ROLES if as_maker else None)
    cursor.execute(
        sql.SQL("{} ROLE {} WITH {} PASSWORD {} VALID UNTIL {}").format(
            sql.SQL("ALTER" if there else "CREATE"),
            role,
            sql.SQL("LOGIN" if login.can_login else "NOLOGIN"),
            sql.Literal(login.verifier if _is_verifier(login.verifier) else None),
            sql.Literal(login.valid_until or "infinity"),
        )
    )
    _become(cursor, rights.ROLES)
    for group in sorted(_GROUPS - set(groups)) if there else ():
        cursor.execute(sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(group), role))
    for group in groups:
        cursor.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), role))
    for member in login.members:
        if as_maker and member not in _GROUPS | _DEFINERS and _exists(cursor, member):
            cursor.execute(sql.SQL("GRANT {} TO {}").format(role, sql.Identifier(member)))
    _become(cursor, None)
    if login.can_login:
        cursor.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), role)
        )
    return True


def _login(found: Mapping[str, Any]) -> Login:
    if found["kind"] not in ("person", "program"):
        raise ValueError(found["kind"])
    verifier, valid_until = found["verifier"], found["valid_until"]
    return Login(
        name=str(found["name"]),
        kind=found["kind"],
        can_login=bool(found["can_login"]),
        verifier=None if verifier is None else str(verifier),
        valid_until=None if valid_until is None else str(valid_until),
        groups=tuple(str(name) for name in found["groups"]),
        members=tuple(str(name) for name in found["members"]),
    )


def _is_verifier(found: str | None) -> bool:
    return found is not None and _VERIFIER.fullmatch(found) is not None


def _become(cursor: Cursor, role: str | None) -> None:
    if role is None:
        cursor.execute("RESET ROLE")
    else:
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))


def _exists(cursor: Cursor, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))
    return cursor.fetchone() is not None
