"""What somebody puts where others will read it: answers, alerts, months, names of files."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from psycopg2 import Error
from sqlalchemy import text

from studio_core.alerts.queries import page_of_alerts
from studio_core.alerts.sending import unsent_alerts
from studio_core.backups.copies import uncopied
from studio_core.clients.actions import add_client
from studio_core.clients.rules import ClientDraft
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate_if_needed
from studio_core.errors import ConflictError, RuleError, StudioError
from studio_core.integrations.slack.messages import alert_text
from tests.books import Books
from tests.staff import Member, Staff


@pytest.fixture
def staff(database: Database) -> Iterator[Staff]:
    made = Staff(database)
    yield made
    made.close()


def says(member: Member, statement: str) -> None:
    with member.connected() as connection, connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("who", ["reception", "manager"])
def test_answer_to_somebody_elses_request_is_neither_read_nor_changed(
    staff: Staff, who: str
) -> None:
    """A lost answer is asked for again; what comes must be what was done."""
    request_id, draft = uuid4(), ClientDraft(name="Lia Prado")
    other = Books(staff.database).client("Rui Prado")
    with staff.owner.database.transaction() as session:
        added = add_client(session, request_id=request_id, draft=draft)
    says(staff.of(who), f"UPDATE requests SET result = '{{\"id\": {other}}}'")
    with staff.owner.database.transaction() as session:
        assert add_client(session, request_id=request_id, draft=draft) == added
    with staff.of(who).database.transaction() as session:
        assert session.scalars(text("SELECT action FROM requests")).all() == []
    with (
        pytest.raises(RuleError) as refused,
        staff.of(who).database.transaction() as session,
    ):
        add_client(session, request_id=request_id, draft=draft)
    assert refused.value.code == "request_reused"


def test_request_is_filed_in_nobody_elses_name(staff: Staff) -> None:
    with pytest.raises(Error, match="row-level security"):
        says(
            staff.reception,
            "INSERT INTO requests (request_id, action, result, requested_by)"
            f" VALUES (gen_random_uuid(), 'add_client', '{{}}', '{staff.owner.login}')",
        )


@pytest.mark.parametrize("details", ["[]", '"x"', "null", "5", "[1, 2]", "true"])
def test_alert_of_another_shape_breaks_nobody_who_reads_alerts(staff: Staff, details: str) -> None:
    says(staff.artist, f"SELECT studio.raise_alert('x', 'danger', 'x', '{details}')")
    for _ in range(2):
        says(staff.artist, f"SELECT studio.note_slow_query('f', 'm', 1, 5, '{details}')")
    staff.run(f"SELECT studio.raise_alert_once('k', 'y', 'danger', 'x', '{details}')")
    with staff.owner.database.transaction() as session:
        page = page_of_alerts(session)
        assert alert_text("Studio", unsent_alerts(session))
    assert {row.kind: row.count for row in page.rows} == {"x": 1, "slow_query": 2, "y": 1}


def test_alert_writes_no_markup_into_slack(staff: Staff) -> None:
    evil = "<!channel> <https://evil.example|here>"
    says(
        staff.artist,
        "SELECT studio.raise_alert('slow_query', 'danger', 'x', jsonb_build_object("
        + ", ".join(
            f"'{name}', '{evil}'"
            for name in (
                *("worst_ms", "threshold_ms", "count", "route", "program", "statement"),
                "correlation_id",
            )
        )
        + "))",
    )
    says(
        staff.artist,
        f"SELECT studio.raise_alert('{evil}', 'danger', '{evil}',"
        f" jsonb_build_object('correlation_id', '{evil}', 'chore', '{evil}', 'month', '{evil}'))",
    )
    with staff.owner.database.transaction() as session:
        assert "<" not in alert_text("Studio", unsent_alerts(session))


@pytest.mark.parametrize("month", ["20000-01-01", "0044-01-01 BC", "infinity", "1900-01-01"])
def test_month_that_no_books_have_is_not_put_before_the_server(staff: Staff, month: str) -> None:
    """A server could not read it, and would come to no request behind it."""
    with pytest.raises(Error, match="year_out_of_range"):
        says(staff.owner, f"SELECT studio.request_extrato('{month}')")


def test_backup_on_record_names_no_file_outside_its_folder(staff: Staff, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    outside = tmp_path / "outside.zip"
    for path in (outside, folder / "inside.zip"):
        path.write_text("x")
    for name in ("../outside.zip", str(outside), "inside.zip"):
        says(
            staff.owner,
            "INSERT INTO backups (month_start, file_name, file_sha256, file_bytes, manifest)"
            f" VALUES ('2025-09-01', '{name}', 'x', 1, '{{}}')",
        )
    with staff.database.transaction() as session:
        assert [each.file_name for each in uncopied(session, folder)] == ["inside.zip"]


@pytest.mark.parametrize("name", ["code", "self"])
def test_value_of_any_name_fits_into_a_refusal(name: str) -> None:
    """An alert, or another program's refusal, brings the names of its values along."""
    params = {name: "x"}
    for kind in (StudioError, RuleError, ConflictError):
        assert kind("nobody_knows", **params).params == params
        assert kind("nobody_knows", **params).code == "nobody_knows"


UNREADABLE = ("'0044-03-15 BC'", "'20000-01-01'", "'infinity'", "'-infinity'")


@pytest.mark.parametrize("day", UNREADABLE)
def test_date_that_no_program_can_read_is_not_written(staff: Staff, day: str) -> None:
    """A desk would fail on every list that the row is in."""
    client = Books(staff.database).client("Lia Prado")
    artist = staff.artist.id
    for attack, member in {
        "UPDATE clients SET birth_date = {day}": staff.reception,
        "INSERT INTO client_flags (client_id, kind, severity, note, ended_at)"
        " VALUES ({client}, 'allergy', 'info', 'x', {day})": staff.reception,
        "INSERT INTO sessions (artist_id, starts_at, ends_at)"
        " SELECT {artist}, day, day + interval '1 hour'"
        " FROM (VALUES (CAST({day} AS timestamptz))) AS d (day)": staff.reception,
        "INSERT INTO backups (month_start, file_name, file_sha256, file_bytes, manifest)"
        " VALUES ({day}, 'x', 'x', 1, '{{}}')": staff.owner,
        "INSERT INTO extrato_runs (month_start, action) VALUES ({day}, 'close')": staff.owner,
    }.items():
        with pytest.raises(Error, match=r"violates check constraint|out of range"):
            says(member, attack.format(day=day, client=client, artist=artist))


def test_studio_with_an_unreadable_date_gets_what_is_newer(database: Database) -> None:
    """As one on this computer does, which is only brought along where its revision is older."""
    staff, books = Staff(database), Books(database)
    client = books.client("Lia Prado")
    staff.run("ALTER TABLE clients DROP CONSTRAINT ck_clients_birth_date")
    staff.run("UPDATE clients SET birth_date = '0044-03-15 BC'")
    for table, column in (
        *(("backups", "month_start"), ("extrato_runs", "month_start")),
        *(("client_flags", "ended_at"), ("sessions", "starts_at"), ("sessions", "ends_at")),
    ):
        staff.run(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{column}")
    staff.run("UPDATE alembic_version SET version_num = '0007'")
    staff.run("DROP EVENT TRIGGER studio_refuse_drop_owned")
    migrate_if_needed(database)
    assert books.value("SELECT count(*) FROM pg_event_trigger") == 1
    assert books.value(f"SELECT birth_date::text FROM clients WHERE id = {client}") == (
        "0044-03-15 BC"
    )
    with pytest.raises(Error, match="administrator"):
        says(staff.reception, "DROP OWNED BY studio_reception")
    staff.close()
