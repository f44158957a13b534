"""What the database really grants, compared with the table of rights, in both directions."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from studio_core.db import catalogue
from studio_core.db.grants import VIEWS, policies, tables
from studio_core.db.rights import (
    API,
    BACKUP,
    CONNECTING,
    FUNCTION_RIGHTS,
    JOBS,
    PEOPLE,
    ROLE_TABLE,
    ROLES,
    SCHEMA_RIGHTS,
    SEQUENCE_RIGHTS,
    TABLE_RIGHTS,
    WITHHELD_RIGHTS,
    Right,
)

_FIXED_PATH = "search_path=pg_catalog, pg_temp"
_WITH_OPTION = " WITH GRANT OPTION"

Grants = set[tuple[str, str, str | None]]
"""Who, which privilege, on which column; None for the whole object."""


def differences(session: Session) -> list[str]:
    """Every right that stands only in the table or only in the database, a sentence each; empty
    when they agree. session: a superuser's, or an owner's."""
    return [
        *_relations(session),
        *_policies(session),
        *_functions(session),
        *_schemas(session),
        *_database(session),
        *_roles(session),
        *_logins(session),
        *_default_privileges(session),
    ]


def _relations(session: Session) -> Iterator[str]:
    kinds: dict[str, str] = {}
    for name, kind, row_security, as_reader in session.execute(catalogue.RELATIONS):
        kinds[name] = kind
        if kind == "r" and not row_security:
            yield f"{name} has no row security"
        if kind == "v" and not as_reader:
            yield f"the view {name} shows what its owner may see"
    known = dict.fromkeys(tables(), "r") | dict.fromkeys(VIEWS, "v")
    meant = _meant((*TABLE_RIGHTS, *SEQUENCE_RIGHTS))
    for name, kind in sorted(kinds.items()):
        if kind == "S":  # Every sequence belongs to a whole backup.
            meant.setdefault(name, set()).add((BACKUP, "SELECT", None))
        elif known.get(name) != kind:
            yield f"{name} is not in the table of rights"
    for name in sorted((known.keys() | meant.keys()) - kinds.keys()):
        yield f"{name} is not in the database"
    granted: dict[str, Grants] = {name: set() for name in kinds}
    for name, *grant in session.execute(catalogue.RELATION_GRANTS):
        granted[name] |= _grants([grant])
    for name in sorted(kinds):
        yield from _apart(name, meant.get(name, set()), granted[name])


def _policies(session: Session) -> Iterator[str]:
    meant: dict[tuple[str, str], tuple[Any, ...]] = {}
    for policy in policies():
        read = None if policy.command == "INSERT" else _bare(policy.rows)
        written = _bare(policy.rows) if policy.command in ("ALL", "INSERT") else None
        meant[policy.table, policy.name] = ([policy.role], True, policy.command, read, written)
    found = {
        (table, name): (roles, allows, command, _bare(read), _bare(written))
        for table, name, roles, allows, command, read, written in session.execute(
            catalogue.POLICIES
        )
    }
    for key in sorted(meant.keys() | found.keys()):
        if meant.get(key) != found.get(key):
            yield f"the policy {key[1]} of {key[0]} is {found.get(key)}, meant: {meant.get(key)}"


def _functions(session: Session) -> Iterator[str]:
    meant = _meant((*FUNCTION_RIGHTS, *WITHHELD_RIGHTS))
    runs_as = {right.on: right.runs_as for right in FUNCTION_RIGHTS}
    known: dict[int, str] = {}
    for name in sorted(meant):
        number = session.scalar(catalogue.FUNCTION_NUMBER, {"function": name})
        if number is None:
            yield f"{name} is not in the database"
        else:
            known[number] = name
    for number, signature, definer, owner, settings in session.execute(catalogue.FUNCTIONS):
        if number not in known:
            yield f"{signature} is not in the table of rights"
            continue
        name = known[number]
        if (owner if definer else None) != runs_as[name]:
            yield f"{name} runs as {owner if definer else 'whoever calls it'}"
        if definer and _FIXED_PATH not in settings:
            yield f"{name} does not fix its search_path"
    for name in known.values():
        # A function's owner needs no grant.
        wanted = {grant for grant in meant[name] if grant[0] != runs_as.get(name)}
        found = session.execute(catalogue.FUNCTION_GRANTS, {"function": name})
        yield from _apart(name, wanted, _grants(found))


def _schemas(session: Session) -> Iterator[str]:
    meant = _meant(SCHEMA_RIGHTS)
    found = set(session.scalars(catalogue.SCHEMAS))
    for name in sorted(found ^ meant.keys()):
        yield f"the schema {name} is only in one of both"
    for name in sorted(found & meant.keys()):
        granted = session.execute(catalogue.SCHEMA_GRANTS, {"schema": name})
        yield from _apart(f"the schema {name}", meant[name], _grants(granted))


def _database(session: Session) -> Iterator[str]:
    """Logins of people and of the jobs may connect beside the groups, each by itself."""
    meant: Grants = {(role, "CONNECT", None) for role in CONNECTING}
    meant.add((ROLES, f"CONNECT{_WITH_OPTION}", None))
    logins = {login for login, _ in session.execute(catalogue.LOGINS)}
    logins.update(session.scalars(catalogue.JOBS_LOGINS))
    singly: Grants = {(login, "CONNECT", None) for login in logins}
    granted = _grants(session.execute(catalogue.DATABASE_GRANTS))
    yield from _apart("the database", meant, granted - (singly - meant))


def _roles(session: Session) -> Iterator[str]:
    for role in ROLE_TABLE:
        found = session.execute(catalogue.ROLE, {"role": role.name}).one_or_none()
        if found is None:
            yield f"the role {role.name} is missing"
            continue
        attributes, signs_in = found
        if set(attributes) != set(role.attributes):
            yield f"{role.name} is {attributes}, meant: {list(role.attributes)}"
        if signs_in and role.name != JOBS:  # DATABASE_URL may name that group itself.
            yield f"{role.name} can sign in"
        groups = set(session.scalars(catalogue.MEMBER_OF, {"role": role.name}))
        meant = set(role.member_of)
        if role.name == API:
            # It is in the open logins of all people; those of other studios are not ours to judge.
            logins = session.execute(catalogue.LOGINS).all()
            meant |= {login for login, access in logins if access is not None}
            named = {login for login, _ in logins} | {one.name for one in ROLE_TABLE}
            groups = {one for one in groups if one in named or one.startswith("pg_")}
        if groups != meant:
            yield f"{role.name} is in {sorted(groups)}, meant: {sorted(meant)}"


def _logins(session: Session) -> Iterator[str]:
    group_of = dict(zip(("owner", "manager", "reception", "artist"), PEOPLE, strict=True))
    for login, access in session.execute(catalogue.LOGINS).all():
        attributes, _ = session.execute(catalogue.ROLE, {"role": login}).one()
        groups = sorted(session.scalars(catalogue.MEMBER_OF, {"role": login}))
        meant = [group_of[access]] if access is not None else []
        if attributes or groups != meant:
            yield f"the login {login} is {attributes} in {groups}, meant: [] in {meant}"


def _default_privileges(session: Session) -> Iterator[str]:
    for role, kind in session.execute(catalogue.DEFAULT_PRIVILEGES):
        yield f"{role} has default privileges for what it makes ({kind})"


def _meant(rights: Iterable[Right]) -> dict[str, Grants]:
    meant: dict[str, Grants] = {}
    for right in rights:
        grants = meant.setdefault(right.on, set())
        for role in right.groups:
            for privilege in right.privileges:
                grants.update((role, privilege, column) for column in right.columns or (None,))
    return meant


def _grants(rows: Iterable[Iterable[Any]]) -> Grants:
    return {
        (who, f"{privilege}{_WITH_OPTION}" if grantable else privilege, column)
        for who, privilege, grantable, column in rows
    }


def _apart(name: str, meant: Grants, found: Grants) -> Iterator[str]:
    for said, grants in (("lacks", meant - found), ("has", found - meant)):
        for who, privilege, column in sorted(grants, key=str):
            yield f"{who} {said} {privilege} on {name}{f' ({column})' if column else ''}"


def _bare(condition: str | None) -> str | None:
    """A condition without what the server adds when it prints one."""
    if condition is None:
        return None
    bare = re.sub(r"::(?:bigint\[\]|text)| AS \w+(?=\s*\))", "", condition)
    return re.sub(r"[()\s]", "", bare).lower()
