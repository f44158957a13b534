"""Tricks that no missing right stops, and what comes of them: nothing."""

import json
import logging
import select
from collections.abc import Iterator

import pytest
from psycopg2 import Error
from sqlalchemy import URL, text

from studio_core.changes import TableChange
from studio_core.db.engine import Database
from studio_core.db.listen import Listener
from studio_core.db.migrations import migrate
from studio_core.errors import RuleError, StudioError
from tests.books import Books, Reader
from tests.staff import Staff


@pytest.fixture
def staff(database: Database) -> Iterator[Staff]:
    made = Staff(database)
    yield made
    made.close()


HIDING_NAMES = """
    CREATE TABLE evil.users (id bigint, name text, email text, access text, active boolean);
    CREATE TABLE evil.user_logins (role_name text, user_id bigint);
    CREATE TABLE evil.settings (key text, value jsonb);
    CREATE TABLE evil.accounting_months (month_start date, state text);
    INSERT INTO evil.user_logins SELECT session_user, :owner;
    INSERT INTO evil.settings VALUES ('time_zone', '"Pacific/Kiritimati"');
    CREATE FUNCTION evil.current_user_id() RETURNS bigint RETURN :owner;
    CREATE FUNCTION evil.now() RETURNS timestamptz RETURN '2001-01-01'::timestamptz;
    CREATE FUNCTION evil.coalesce(text, text) RETURNS text RETURN 'evil'::text;
    CREATE FUNCTION evil.current_setting(text) RETURNS text RETURN 'studio_closing'::text;
    CREATE FUNCTION evil.to_char(date, text) RETURNS text RETURN 'evil'::text;
    CREATE FUNCTION evil.hashtext(text) RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO evil.caught VALUES (current_user);
            RETURN 1;
        END $$;
    CREATE FUNCTION evil.equal(text, text) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO evil.caught VALUES (current_user);
            RETURN true;
        END $$;
    CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.equal);
    CREATE TABLE evil.caught (who text);
    GRANT USAGE ON SCHEMA evil TO PUBLIC;
    GRANT ALL ON ALL TABLES IN SCHEMA evil TO PUBLIC"""


def test_schema_of_ones_own_before_all_others_changes_no_function(staff: Staff) -> None:
    """Reception with rights it never has: a schema, temporary tables, operators of its own."""
    books = Books(staff.database)
    client = books.client("Lia Prado")
    login = f'"{staff.reception.login}"'
    staff.run(f"CREATE SCHEMA evil AUTHORIZATION {login}")
    staff.run(f'GRANT TEMPORARY ON DATABASE "{staff.database.url.database}" TO {login}')
    with staff.reception.connected() as connection, connection.cursor() as cursor:
        cursor.execute(HIDING_NAMES.replace(":owner", str(staff.owner.id)))
        for table in ("user_logins", "settings", "accounting_months", "users"):
            cursor.execute(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM evil.{table}")
        cursor.execute("SET search_path = evil, pg_temp, studio, public, pg_catalog")
        cursor.execute("SELECT studio.current_user_id(), studio.zone(), studio.own_pin()")
        assert cursor.fetchone() == (staff.reception.id, "America/Sao_Paulo", None)
        for refused in (
            "SELECT studio.disable_person(1)",
            "SELECT studio.closing_begin('2025-09-01')",
            "SELECT * FROM public.extratos",
        ):
            with pytest.raises(Error, match="permission denied"):
                cursor.execute(refused)
        cursor.execute("SELECT studio.hold_import(), studio.raise_alert('x', 'info', 'x', '{}')")
        cursor.execute(
            "INSERT INTO public.payments (paid_on, amount, method, artist_id, client_id)"
            " VALUES ('2025-09-10', 10, 'pix', %s, %s)",
            (staff.artist.id, client),
        )
        cursor.execute("UPDATE public.payments SET voided_at = '2001-01-01', void_reason = 'x'")
    assert books.rows("SELECT created_by, voided_by, voided_at > '2020-01-01' FROM payments") == [
        (staff.reception.id, staff.reception.id, True)
    ]
    assert set(books.rows("SELECT user_id FROM audit_log WHERE table_name = 'payments'")) == {
        (staff.reception.id,)
    }
    # Whatever of it was called, was called by reception alone.
    assert set(books.rows("SELECT who FROM evil.caught")) <= {(staff.reception.login,)}


@pytest.mark.parametrize(
    "setting",
    [
        "studio.closing = 'on'",
        "studio.acting_user = '1'",
        "studio.user_id = '1'",
        "studio.skip_audit = 'on'",
        "studio.role = 'studio_closing'",
        "myapp.session_replication_role = 'replica'",
    ],
)
def test_no_setting_dodges_a_trigger(staff: Staff, setting: str) -> None:
    books = Books(staff.database)
    with staff.reception.connected() as connection, connection.cursor() as cursor:
        cursor.execute(f"SET {setting}")
        cursor.execute(
            "INSERT INTO payments (paid_on, amount, method, artist_id, commission_percent)"
            " VALUES ('2025-09-10', 10, 'pix', %s, 50)",
            (staff.artist.id,),
        )
    assert books.rows("SELECT created_by, version FROM payments") == [(staff.reception.id, 1)]
    assert books.rows("SELECT amount FROM commissions") == [(5,)]
    assert books.rows(
        "SELECT user_id, login_role FROM audit_log WHERE table_name = 'payments'"
    ) == [(staff.reception.id, staff.reception.login)]


@pytest.mark.parametrize("setting", ["role", "session_authorization"])
def test_settings_of_the_server_are_no_way_to_another_role(staff: Staff, setting: str) -> None:
    with (
        staff.reception.connected() as connection,
        connection.cursor() as cursor,
        pytest.raises(Error, match="permission denied"),
    ):
        cursor.execute("SELECT set_config(%s, 'studio_closing', false)", (setting,))


def test_flood_of_forged_announcements_changes_nothing_and_breaks_no_desk(
    staff: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    """Any role may send on a channel; what is sent only makes a desk read again."""
    before = Reader(staff.database).everything()
    listener = Listener(staff.reception.url)
    shapes = (
        *("", "x", "[]", "null", "{}", '{"table": 1}', '{"table": "clients", "ids": "all"}'),
        *('{"table": "clients", "ids": [1.5]}', '{"table": "clients", "ids": [true]}'),
        '{"table": "clients", "ids": [9223372036854775808000]}',
        json.dumps({"table": "'; DROP TABLE clients; --", "ids": None}),
        json.dumps({"table": "clients", "ids": list(range(1000))}),
    )
    with staff.artist.connected() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify('studio_changes', shape || repeat(' ', number))"
            " FROM unnest(%s) AS shape, generate_series(1, 200) AS number",
            (list(shapes),),
        )
    with caplog.at_level(logging.ERROR, logger="studio_core.db.listen"):
        heard = _heard(listener)
    listener.close()
    assert {change.table for change in heard} == {"clients", "'; DROP TABLE clients; --"}
    assert max(max(change.ids or (0,)) for change in heard) == 999
    assert Reader(staff.database).everything() == before


def _heard(listener: Listener) -> list[TableChange]:
    heard: list[TableChange] = []
    while select.select([listener], [], [], 1.0)[0]:
        heard += listener.poll()
    return heard


def test_broken_transaction_of_a_disabled_desk_leaves_nothing(staff: Staff) -> None:
    """Disabled in the middle of booking: what was not committed is gone."""
    books = Books(staff.database)
    with pytest.raises(StudioError), staff.reception.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO payments (paid_on, amount, method, artist_id)"
                " VALUES ('2025-09-10', 10, 'pix', :artist)"
            ),
            {"artist": staff.artist.id},
        )
        with staff.owner.database.transaction() as owner:
            owner.execute(text("SELECT studio.disable_person(:id)"), {"id": staff.reception.id})
        session.execute(text("SELECT count(*) FROM clients"))
    assert books.value("SELECT count(*) FROM payments") == 0


def test_nobody_signs_in_as_a_group_or_a_definer(staff: Staff) -> None:
    for role in ("studio_owner", "studio_keeper", "studio_roles", "studio_api", "studio_backup"):
        url = staff.database.url.set(username=role, password="x")
        with pytest.raises(RuleError) as refused, Database(url, application_name="tests") as own:
            own.check()
        assert refused.value.code == "sign_in_refused"


def test_login_of_another_studio_on_the_server_comes_into_none_of_this_one(
    staff: Staff, empty_database_url: URL
) -> None:
    """Groups belong to the whole cluster; who may connect is said for each studio."""
    migrate(empty_database_url)
    url = staff.owner.url.set(database=empty_database_url.database)
    with pytest.raises(RuleError) as refused, Database(url, application_name="tests") as stranger:
        stranger.check()
    assert refused.value.code == "sign_in_refused"
