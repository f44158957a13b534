"""What somebody could do with their own login and any other program."""

from uuid import uuid4

import pytest
from psycopg2.errors import InsufficientPrivilege
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError, StudioError
from studio_core.people.logins import scram_verifier
from tests.attacks.conftest import Studio

pytestmark = pytest.mark.usefixtures("nothing_changes")

VERIFIER = (
    "'SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="
    ":q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA='"
)

ANYBODY = {
    # Rights of their own making.
    "gives itself a group": "GRANT studio_owner TO {me}",
    "gives itself a definer's role": "GRANT studio_roles TO {me}",
    "becomes a definer": "SET ROLE studio_closing",
    "becomes the administrator": "SET SESSION AUTHORIZATION admin",
    "creates a role": "CREATE ROLE mine LOGIN",
    "creates a superuser": "CREATE ROLE mine SUPERUSER LOGIN",
    "makes itself a superuser": "ALTER ROLE {me} SUPERUSER",
    "lets itself make roles": "ALTER ROLE {me} CREATEROLE",
    "lets itself past row security": "ALTER ROLE {me} BYPASSRLS",
    "prolongs its own login": "ALTER ROLE {me} VALID UNTIL 'infinity'",
    "gives somebody else a password": "ALTER ROLE {other} PASSWORD 'x'",
    "sets what somebody else starts with": "ALTER ROLE {other} SET search_path = evil",
    "gives a table away": "GRANT SELECT ON user_pins TO PUBLIC",
    "gives a function away": "GRANT EXECUTE ON FUNCTION studio.rows_back TO PUBLIC",
    "adds a policy": "CREATE POLICY mine ON extratos USING (true)",
    "switches row security off": "ALTER TABLE payments DISABLE ROW LEVEL SECURITY",
    "takes over what others own": "REASSIGN OWNED BY studio_keeper TO {me}",
    "drops what others own": "DROP OWNED BY studio_keeper",
    "takes its own group's policies away": "DROP OWNED BY {team}",
    "takes its group's policies away as the group": (
        "BEGIN; SET LOCAL ROLE {team}; DROP OWNED BY CURRENT_ROLE"
    ),
    "gives up its own login": "DROP OWNED BY SESSION_USER",
    # Triggers.
    "switches triggers off": "ALTER TABLE payments DISABLE TRIGGER ALL",
    "plays a replica": "SET session_replication_role = replica",
    "drops a trigger": "DROP TRIGGER a_stamp ON payments",
    "adds a trigger": (
        "CREATE TRIGGER mine BEFORE INSERT ON payments EXECUTE FUNCTION studio.stamp()"
    ),
    "adds a rule": "CREATE RULE mine AS ON INSERT TO audit_log DO INSTEAD NOTHING",
    # Names that hide others.
    "creates a schema": "CREATE SCHEMA evil",
    "creates a temporary table": "CREATE TEMPORARY TABLE users (id bigint)",
    "creates a temporary view": "CREATE TEMPORARY VIEW users AS SELECT 1",
    "creates a function": "CREATE FUNCTION public.now() RETURNS date RETURN '2000-01-01'::date",
    "creates a temporary function": "CREATE FUNCTION pg_temp.f() RETURNS int RETURN 1",
    "replaces a function": (
        "CREATE OR REPLACE FUNCTION studio.zone() RETURNS text RETURN 'UTC'::text"
    ),
    "creates an operator": (
        "CREATE OPERATOR public.= (LEFTARG = bigint, RIGHTARG = text, FUNCTION = int8eq)"
    ),
    "creates a cast": "CREATE CAST (bigint AS text) WITH INOUT AS IMPLICIT",
    "creates an extension": "CREATE EXTENSION pg_stat_statements",
    "frees a function of its path": "ALTER FUNCTION studio.give_login RESET search_path",
    # The server.
    "runs a program by COPY": "COPY settings TO PROGRAM 'id'",
    "reads a file by COPY": "COPY requests (action) FROM '/etc/passwd'",
    "writes a file by COPY": "COPY settings TO '/tmp/stolen'",
    "imports a file": "SELECT lo_import('/etc/passwd')",
    "makes a large object": "SELECT lo_create(0)",
    "fills a large object": "SELECT lo_from_bytea(0, 'x')",
    "makes a large object the old way": "SELECT lo_creat(-1)",
    "changes the server's settings": "ALTER SYSTEM SET archive_command = 'id'",
    "changes the database's settings": "ALTER DATABASE \"{database}\" SET log_statement = 'all'",
    "reloads the server's settings": "SELECT pg_reload_conf()",
    "ends somebody's connection": "SELECT pg_terminate_backend({pid})",
    "cancels somebody's work": "SELECT pg_cancel_backend({pid})",
    "makes a server to talk to": "CREATE FOREIGN DATA WRAPPER mine",
    "publishes every change": "CREATE PUBLICATION mine FOR ALL TABLES",
    "runs code of its own on the server": "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'x'",
    # Locks.
    "locks a table": "BEGIN; LOCK TABLE payments IN ACCESS EXCLUSIVE MODE",
    "empties a table": "TRUNCATE payments",
    # Money and its memory.
    "deletes a payment": "DELETE FROM payments",
    "deletes an expense": "DELETE FROM expenses",
    "changes an amount": "UPDATE payments SET amount = 1",
    "moves a payment to another day": "UPDATE payments SET paid_on = '2025-01-01'",
    "moves a payment to another artist": "UPDATE payments SET artist_id = {id}",
    "changes a commission": "UPDATE commissions SET amount = 1",
    "adds a commission": (
        "INSERT INTO commissions (artist_id, percent, amount, accrued_on)"
        " VALUES ({id}, 10, 1, '2025-09-10')"
    ),
    "changes the archive": "UPDATE archive.payments SET amount = 1",
    "adds to the archive": "INSERT INTO archive.names VALUES (1, 'client', 1, 'x')",
    "deletes from the archive": "DELETE FROM archive.payments",
    "changes an extrato": "UPDATE extratos SET totals = '{{}}'",
    "deletes an extrato": "DELETE FROM extratos",
    "opens a month by hand": "UPDATE accounting_months SET state = 'open'",
    "brings rows back by hand": "SELECT studio.rows_back('2025-08-01', 'x')",
    "puts a month in the chain by hand": "SELECT studio.chain_extrato(NULL)",
    "announces a closing that was none": "SELECT studio.announce_closing('2025-08-01', 'x', 1)",
    "edits the audit": "UPDATE audit_log SET user_id = NULL",
    "deletes the audit": "DELETE FROM audit_log",
    "adds to the audit": (
        "INSERT INTO audit_log (table_name, row_key, action, login_role, acting_role)"
        " VALUES ('x', 'x', 'x', 'x', 'x')"
    ),
    "empties audited identities": "UPDATE audit_identities SET before = NULL, after = NULL",
    "changes the schema's revision": "UPDATE alembic_version SET version_num = '0001'",
    # People.
    "adds a login by hand": "INSERT INTO user_logins VALUES ('x', {id}, 'password')",
    "takes over a login by hand": "UPDATE user_logins SET user_id = {id}",
    "promotes itself by hand": "UPDATE users SET access = 'owner' WHERE id = {id}",
    "disables others by hand": "UPDATE users SET active = false",
    "deletes people": "DELETE FROM users",
    "puts a login into a group": "SELECT studio.admit('{login}', 'studio_owner')",
    "drops a login": "SELECT studio.drop_login('{login}')",
    "lets itself in with Google": (
        f"SELECT studio.give_google_login({{id}}, gen_random_uuid(), {VERIFIER}, now())"
    ),
    "sets somebody else's PIN": "UPDATE user_pins SET hash = 'x'",
    "gives itself somebody's clients": "INSERT INTO client_artists VALUES ({id}, 2)",
}
NOT_AN_OWNER = {
    "gives somebody a login": f"SELECT studio.give_login({{id}}, {VERIFIER})",
    "resets somebody's login": f"SELECT studio.reset_login(1, {VERIFIER}, now())",
    "promotes itself": "SELECT studio.change_access({id}, 'x@exemplo.com', 'owner')",
    "disables the owner": "SELECT studio.disable_person(1)",
    "enables itself": "SELECT studio.enable_person({id})",
    "adds a person": "INSERT INTO users (name) VALUES ('x')",
    "gives itself a percent": "UPDATE users SET commission_percent = 100 WHERE id = {id}",
    "sets up another owner": f"SELECT studio.set_up_owner('x', 'x@exemplo.com', {VERIFIER})",
    "begins a closing": "SELECT studio.closing_begin('2025-09-01', true)",
    "moves a month": "SELECT studio.closing_move('2025-09-01', 'payments', 1, 1000000)",
    "finishes a closing": "SELECT studio.closing_finish('2025-09-01', NULL, NULL, NULL)",
    "reopens a month": "SELECT studio.reopen_month('2025-08-01', 'x')",
    "asks for a closing": "SELECT studio.request_extrato('2025-09-01')",
    "makes up a backup": (
        "INSERT INTO backups (month_start, file_name, file_sha256, file_bytes, manifest)"
        " VALUES ('2025-09-01', 'x', 'x', 1, '{{}}')"
    ),
    "makes up a run": (
        "INSERT INTO extrato_runs (month_start, action) VALUES ('2025-09-01', 'close')"
    ),
    "changes a setting": "UPDATE settings SET value = '\"UTC\"'",
    "squats on the closing's lock": ("SELECT pg_advisory_lock(hashtext('studio.closing'), 202509)"),
    "squats on the closing's lock for a transaction": (
        "SELECT pg_try_advisory_xact_lock(hashtext('studio.closing'), 202509)"
    ),
    "shares the closing's lock": (
        "SELECT pg_advisory_xact_lock_shared(hashtext('studio.closing'), 202509)"
    ),
    "squats on the migrations' lock": "SELECT pg_advisory_lock(hashtext('studio.migrate'))",
}
NOT_A_LEADER = {
    "lets a session overlap": (
        "INSERT INTO sessions (artist_id, starts_at, ends_at, overlap_allowed)"
        " VALUES ({id}, now(), now() + interval '1 hour', true)"
    ),
    "reads its payout": "SELECT sum(amount) FROM archive.commissions WHERE artist_id <> {id}",
}
ATTACKS = {
    "artist": ANYBODY | NOT_AN_OWNER,
    "reception": ANYBODY | NOT_AN_OWNER | NOT_A_LEADER,
    "manager": ANYBODY | NOT_AN_OWNER,
    "owner": ANYBODY,
}


@pytest.mark.parametrize(
    ("who", "statement"),
    [
        pytest.param(who, statement, id=f"{who} {what}")
        for who, attacks in ATTACKS.items()
        for what, statement in attacks.items()
    ],
)
def test_refused(studio: Studio, who: str, statement: str) -> None:
    member = studio.staff.of(who)
    attack = statement.format(
        me=f'"{member.login}"',
        login=member.login,
        team=f"studio_{who}",
        id=member.id,
        other=f'"{studio.staff.colleague.login}"',
        database=member.url.database,
        pid=studio.victim.info.backend_pid,
    )
    # A right that is missing, and not a mistake in the attack.
    with studio.connections[who].cursor() as cursor, pytest.raises(InsufficientPrivilege):
        cursor.execute(attack)
    with studio.connections[who].cursor() as cursor:
        cursor.execute("ROLLBACK")
    with studio.victim.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_owner_commits_no_single_step_of_a_closing(studio: Studio) -> None:
    for steps in (
        "SELECT studio.closing_begin('2025-09-01')",
        "SELECT studio.closing_begin('2025-09-01');"
        " SELECT studio.closing_move('2025-09-01', 'payments', 1, 1000000)",
        "SET CONSTRAINTS ALL DEFERRED; SELECT studio.closing_begin('2025-09-01')",
        "SELECT studio.closing_begin('2025-09-01'); SAVEPOINT s;"
        " SELECT studio.closing_move('2025-09-01', 'payments', 1, 1000000); RELEASE s",
        "SELECT studio.closing_begin('2025-08-01', true)",
    ):
        with (
            pytest.raises(RuleError) as refused,
            studio.staff.owner.database.transaction() as session,
        ):
            session.connection().connection.cursor().execute(steps)
        assert refused.value.code == "closing_unfinished"


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "SERIALIZABLE"])
def test_nothing_enters_a_closed_month_whatever_is_set(studio: Studio, isolation: str) -> None:
    """Custom settings are anybody's to set, and nothing here believes one."""
    with (
        pytest.raises(StudioError) as refused,
        studio.staff.reception.database.transaction() as session,
    ):
        session.execute(text(f"SET TRANSACTION ISOLATION LEVEL {isolation}"))
        for name in ("closing", "skip", "importing", "role", "user_id", "correlation_id"):
            session.execute(text(f"SELECT set_config('studio.{name}', 'studio_closing', false)"))
        session.execute(
            text(
                "INSERT INTO payments (paid_on, amount, method, artist_id)"
                " VALUES ('2025-08-20', 10, 'pix', :artist)"
            ),
            {"artist": studio.staff.artist.id},
        )
    assert refused.value.code == "month_closed"


def test_expired_google_password_lets_nobody_in(studio: Studio) -> None:
    staff, password = studio.staff, "a password of twelve hours"
    with staff.database.transaction() as session:
        role = session.scalar(
            text(
                "SELECT studio.give_google_login(:id, :device, :verifier,"
                " now() + interval '1 second')"
            ),
            {
                "id": staff.artist.id,
                "device": uuid4(),
                "verifier": scram_verifier(session, "any", password),
            },
        )
    url = staff.artist.url.set(username=role, password=password)
    with pytest.raises(RuleError) as refused:
        for _ in range(500):  # It ends within a second.
            with Database(url, application_name="tests", pool_size=1) as own:
                own.check()
    assert refused.value.code == "sign_in_refused"
    staff.run("SELECT studio.drop_login(:role)", role=role)
    studio.known = studio.state()  # The audit tells of it.
