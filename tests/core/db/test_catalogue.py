"""The catalogue of the database and the table of rights are one, in both directions."""

from sqlalchemy import text

from studio_core.db.rights_found import differences
from tests.staff import Staff


def test_database_grants_exactly_what_the_table_says(staff: Staff) -> None:
    """With people in it: their logins are in one group each."""
    with staff.database.transaction() as session:
        assert differences(session) == []


CHANGES = (
    # What is done to the rights, and what must be told of it.
    ("GRANT SELECT ON extratos TO studio_reception", "studio_reception has SELECT on public.e"),
    ("REVOKE SELECT ON payments FROM studio_owner", "studio_owner lacks SELECT on public.pay"),
    ("GRANT UPDATE (amount) ON payments TO studio_owner", "UPDATE on public.payments (amount)"),
    (
        "REVOKE INSERT (kind) ON client_flags FROM studio_owner",
        "lacks INSERT on public.client_",
    ),
    ("GRANT SELECT ON users TO PUBLIC", "PUBLIC has SELECT on public.users"),
    ("GRANT SELECT ON users TO studio_owner WITH GRANT OPTION", "SELECT WITH GRANT OPTION"),
    ("GRANT TRUNCATE ON payments TO studio_owner", "has TRUNCATE on public.payments"),
    ("GRANT TRIGGER ON payments TO studio_jobs", "has TRIGGER on public.payments"),
    ("GRANT USAGE ON SEQUENCE payments_id_seq TO studio_owner", "on public.payments_id_seq"),
    ("GRANT EXECUTE ON FUNCTION studio.rows_back TO studio_owner", "on studio.rows_back"),
    (
        "REVOKE EXECUTE ON FUNCTION studio.zone() FROM studio_artist",
        "lacks EXECUTE on studio.z",
    ),
    (
        "GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC",
        "PUBLIC has EXECUTE on pg",
    ),
    ("GRANT CREATE ON SCHEMA public TO PUBLIC", "PUBLIC has CREATE on the schema public"),
    ("GRANT USAGE ON SCHEMA archive TO studio_reception", "studio_reception has USAGE"),
    ("CREATE TABLE archive.extra ()", "archive.extra is not in the table of rights"),
    ("CREATE TABLE extra ()", "public.extra has no row security"),
    ("CREATE VIEW extra AS SELECT 1 AS one", "public.extra shows what its owner may see"),
    ("CREATE MATERIALIZED VIEW extra AS SELECT 1 AS one", "public.extra is not in the table"),
    ("CREATE FUNCTION studio.extra() RETURNS int RETURN 1", "extra() is not in the table"),
    ("CREATE FUNCTION public.extra() RETURNS int RETURN 1", "extra() is not in the table"),
    ("CREATE SCHEMA extra", "the schema extra is only in one"),
    ("DROP TABLE client_artists", "public.client_artists is not in the database"),
    ("DROP FUNCTION studio.own_pin", "studio.own_pin() is not in the database"),
    ("ALTER TABLE payments DISABLE ROW LEVEL SECURITY", "public.payments has no row security"),
    ("CREATE POLICY extra ON extratos USING (true)", "the policy extra of public.extratos"),
    ("DROP POLICY studio_artist ON payments", "studio_artist of public.payments is None"),
    ("ALTER POLICY studio_artist ON payments USING (true)", "of public.payments is ("),
    ("ALTER POLICY studio_artist ON payments TO PUBLIC", "of public.payments is (['PUBLIC']"),
    (
        "ALTER VIEW all_payments SET (security_invoker = false)",
        "view public.all_payments shows",
    ),
    ("ALTER FUNCTION studio.own_pin() RESET search_path", "does not fix its search_path"),
    ("ALTER FUNCTION studio.own_pin() SECURITY INVOKER", "runs as whoever calls it"),
    ("ALTER FUNCTION studio.own_pin() OWNER TO studio_roles", "own_pin() runs as studio_roles"),
    ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO studio_artist", "default privileges"),
    (
        "GRANT TEMPORARY ON DATABASE {database} TO PUBLIC",
        "PUBLIC has TEMPORARY on the database",
    ),
    ("GRANT CONNECT ON DATABASE {database} TO studio_owner", "CONNECT on the database"),
    ("ALTER ROLE studio_manager CREATEDB", "studio_manager is ['CREATEDB']"),
    ("ALTER ROLE studio_owner LOGIN", "studio_owner can sign in"),
    ("GRANT studio_owner TO studio_reception", "studio_reception is in ['studio_owner']"),
    ("GRANT studio_owner TO {artist}", "in ['studio_artist', 'studio_owner']"),
    ("ALTER ROLE {artist} CREATEROLE", "is ['CREATEROLE'] in"),
    ("GRANT pg_read_all_data TO {artist}", "in ['pg_read_all_data', 'studio_artist']"),
    ("GRANT pg_execute_server_program TO studio_roles", "studio_roles is in ['pg_execute_"),
    ("REVOKE {artist} FROM studio_api GRANTED BY studio_roles", "studio_api is in"),
    ("GRANT studio_owner TO studio_api", "studio_api is in ['studio_owner'"),
)


def test_any_other_right_is_found(staff: Staff) -> None:
    names = {
        "database": f'"{staff.database.url.database}"',
        "artist": f'"{staff.artist.login}"',
    }
    missed = []
    with staff.database.transaction() as session:
        for change, told in CHANGES:
            with session.begin_nested() as attempt:
                session.execute(text(change.format(**names)))
                if told not in "\n".join(differences(session)):
                    missed.append(change)
                attempt.rollback()
        assert differences(session) == []
    assert missed == []
