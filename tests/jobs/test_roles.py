"""What `studio-jobs roles` prints is what a probe finds."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import URL

from studio_core.db.engine import Database, raw_connection
from studio_core.db.rights import DEFINERS
from tests.jobs.conftest import Jobs, written
from tests.probe import Probe
from tests.staff import Staff

PEOPLE = ("owner", "manager", "reception", "artist")


@pytest.fixture
def staff(database: Database) -> Iterator[Staff]:
    made = Staff(database)
    yield made
    made.close()


def _probes(staff: Staff, jobs_url: URL) -> Iterator[Probe]:
    """Logins of every group; the roles that nobody can sign in as, by the superuser's word."""
    urls = {f"studio_{access}": staff.of(access).url for access in PEOPLE}
    for role, url in (urls | {"studio_jobs": jobs_url}).items():
        connection = raw_connection(url, application_name="tests")
        connection.autocommit = False
        yield Probe(connection, role)
        connection.close()
    connection = raw_connection(staff.database.url, application_name="tests")
    connection.autocommit = False
    for role in (*DEFINERS, "studio_backup", "studio_api"):
        yield Probe(connection, role, become=True)
    connection.close()


@pytest.mark.timeout(300)
def test_printed_table_is_what_a_probe_finds(staff: Staff, jobs_url: URL, jobs: Jobs) -> None:
    """Select, insert and update of every column, delete, truncate and lock of every table and view,
    and a call of every function, as every role."""
    printed: dict[str, Any] = jobs("roles", "--json").json
    tables = {
        (one["role"], one["table"], one["command"], _columns(one["columns"]))
        for one in printed["tables"]
    }
    others = [one["function"] for one in printed["withheld_from_everybody_else"]]
    functions = {
        (role, _spelt(one["function"]))
        for one in (*printed["functions"], *printed["withheld_from_everybody_else"])
        for role in (*one["roles"], *([one["runs_as"]] if one.get("runs_as") else []))
    }
    found_tables, found_functions = set(), set()
    for probe in _probes(staff, jobs_url):
        found_tables |= {(probe.role, *found) for found in probe.tables()}
        found_functions |= {(probe.role, _spelt(one)) for one in probe.functions(others)}

    # Whoever may change a whole table, or delete from it, may lock it: only functions' own roles
    # may so with money.
    locks = {found for found in found_tables if found[2] == "lock"}
    assert found_tables - locks == tables
    assert locks == {
        (role, table, "lock", None)
        for role, table, command, columns in tables
        if command in ("update", "delete") and columns is None
    }
    assert found_functions == functions


def test_people_read_the_table_as_text(jobs: Jobs) -> None:
    ran = jobs("roles")

    assert (ran.code, ran.err) == (0, "")
    line = next(line for line in ran.out.splitlines() if line.startswith("payments  "))
    assert " ".join(line.split()) == "payments S i u S i u S i u S* S I S"
    assert "artist: artist_id = (SELECT studio.current_user_id())" in ran.out


def test_check_tells_what_the_database_grants_beyond_the_table(jobs: Jobs, staff: Staff) -> None:
    admin = {"ADMIN_DATABASE_URL": written(staff.database.url)}
    assert jobs("roles", "--check", **admin).out == (
        "The database grants exactly what the table says.\n"
    )
    staff.run("GRANT SELECT ON extratos TO studio_reception")
    ran = jobs("roles", "--check", **admin)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "studio_reception has SELECT on public.extratos\n"
    ran = jobs("roles", "--check", "--json", **admin)
    assert ran.code == 1
    assert json.loads(ran.out)["differences"] == ["studio_reception has SELECT on public.extratos"]


def test_check_of_a_database_without_tables_asks_for_migrate(
    jobs: Jobs, empty_database_url: URL
) -> None:
    ran = jobs("roles", "--check", ADMIN_DATABASE_URL=written(empty_database_url))
    assert ran.code == 2
    assert "studio-jobs migrate" in ran.err


def _columns(named: list[str] | None) -> tuple[str, ...] | None:
    return None if named is None else tuple(named)


def _spelt(signature: str) -> str:
    """As the server spells it."""
    plain = signature.replace("pg_catalog.", "").replace("public.", "").replace(", ", ",")
    return plain.replace("timestamptz", "timestamp with time zone")
