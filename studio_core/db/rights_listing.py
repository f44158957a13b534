"""The table of rights as it is read: what each role may do with each object, for a person, a
program or a test."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from studio_core.db.grants import VIEWS
from studio_core.db.rights import (
    ALL,
    CONNECTING,
    FUNCTION_RIGHTS,
    ROLE_TABLE,
    SCHEMA_RIGHTS,
    SEQUENCE_RIGHTS,
    TABLE_RIGHTS,
    WITHHELD_RIGHTS,
    Right,
)

COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Allowed:
    """One command on one table. columns: None for all of them, else their names in order.
    rows: ALL, or the condition that they fulfil."""

    columns: tuple[str, ...] | None
    rows: str


def allowed_on_tables() -> dict[str, dict[str, dict[str, Allowed]]]:
    """Table or view, role, command; what is not in it is refused."""
    found: dict[str, dict[str, dict[str, Allowed]]] = {}
    for right in TABLE_RIGHTS:
        by_role = found.setdefault(right.on, {})
        for role in right.groups:
            by_command = by_role.setdefault(role, {})
            for command in right.privileges:
                by_command[command] = _joined(by_command.get(command), right)
    return dict(sorted(found.items()))


def _joined(known: Allowed | None, right: Right) -> Allowed:
    if not right.columns or (known is not None and known.columns is None):
        return Allowed(None, right.rows)
    named = set(right.columns) | set(known.columns or () if known is not None else ())
    return Allowed(tuple(sorted(named)), right.rows)


def allowed_functions(rights: Iterable[Right] = FUNCTION_RIGHTS) -> dict[str, tuple[str, ...]]:
    """Function and the roles that may call it, in the order of the table."""
    found: dict[str, tuple[str, ...]] = {}
    for right in rights:
        found[right.on] = tuple(dict.fromkeys((*found.get(right.on, ()), *right.groups)))
    return dict(sorted(found.items()))


def rights_json() -> dict[str, Any]:
    """The published shape of `studio-jobs roles --json`. columns null: all; rows null: all."""
    runs_as = {right.on: right.runs_as for right in FUNCTION_RIGHTS}
    return {
        "roles": [
            {
                "role": role.name,
                "attributes": list(role.attributes),
                "member_of": list(role.member_of),
            }
            for role in ROLE_TABLE
        ],
        "tables": [
            {
                "table": table,
                "kind": "view" if table in VIEWS else "table",
                "role": role,
                "command": command.lower(),
                "columns": None if allowed.columns is None else list(allowed.columns),
                "rows": None if allowed.rows == ALL else allowed.rows,
            }
            for table, by_role in allowed_on_tables().items()
            for role, by_command in sorted(by_role.items())
            for command, allowed in sorted(
                by_command.items(), key=lambda one: COMMANDS.index(one[0])
            )
        ],
        "functions": [
            {"function": function, "roles": list(roles), "runs_as": runs_as[function]}
            for function, roles in allowed_functions().items()
        ],
        "withheld_from_everybody_else": [
            {"function": function, "roles": list(roles)}
            for function, roles in allowed_functions(WITHHELD_RIGHTS).items()
        ],
        "sequences": _plain(SEQUENCE_RIGHTS, "sequence"),
        "schemas": _plain(SCHEMA_RIGHTS, "schema"),
        "connect": list(CONNECTING),
    }


def _plain(rights: Iterable[Right], kind: str) -> list[dict[str, Any]]:
    return [
        {kind: right.on, "roles": list(right.groups), "privileges": list(right.privileges)}
        for right in rights
    ]
