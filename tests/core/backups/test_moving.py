"""A whole studio on another server: every row, and people who sign in as before."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from server_jobs.jobs_login import ensure_jobs_login
from studio_core.backups.file import new_full_file, read_full
from studio_core.backups.manifest import FullManifest, TableCount
from studio_core.backups.restore import restore_full_backup
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.errors import ConfigError, RuleError, StudioError
from studio_core.people.actions import give_login
from studio_core.people.logins import login_role
from studio_core.people.models import UserLogin
from tests.books import Books, Reader
from tests.core.backups.conftest import (
    OWNER,
    OWNER_PASSWORD,
    RECEPTION,
    RECEPTION_PASSWORD,
    NewPlace,
    Studio,
    run_as_admin,
)


def person(url: URL, email: str, password: str) -> Database:
    role = login_role(str(url.database), email)
    return Database(url.set(username=role, password=password), application_name="tests")


def name_of(studio: Studio) -> str:
    return str(studio.books.database.url.database)


def asked(url: URL, question: str) -> list[tuple[object, ...]]:
    with Database(url, application_name="tests") as database:
        return Reader(database).rows(question)


def is_there(url: URL) -> bool:
    return bool(
        asked(
            url.set(database="postgres"),
            f"SELECT 1 FROM pg_database WHERE datname = '{url.database}'",
        )
    )


def test_a_studio_moves_with_its_people_and_their_passwords(
    studio: Studio, elsewhere: NewPlace
) -> None:
    before = studio.books.kept_by_a_backup()
    path = studio.path(studio.back_up())
    url = elsewhere(name_of(studio))
    restored = restore_full_backup(url, path)
    assert (restored.people, restored.taken, restored.tampering) == (2, (), ())
    with Database(url, application_name="tests") as moved:
        assert Reader(moved).kept_by_a_backup() == before
        assert Reader(moved).rows("SELECT file_name FROM full_backups") == [(path.name,)]
    with person(url, RECEPTION, RECEPTION_PASSWORD) as rita, rita.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM payments")) == 30
    with (
        person(url, RECEPTION, RECEPTION_PASSWORD) as rita,
        pytest.raises(RuleError, match="not allowed"),
        rita.transaction() as session,
    ):
        session.execute(text("SELECT * FROM extratos"))
    with person(url, OWNER, OWNER_PASSWORD) as olga:
        with olga.transaction() as session:
            assert session.scalar(text("SELECT studio.current_user_id()")) is not None
        # What only an owner may, and what needs the roles' own makers on 16 and later.
        with olga.transaction() as session:
            rita_id = session.scalar(text("SELECT id FROM users WHERE name = 'Rita'"))
            give_login(session, user_id=int(rita_id or 0), password="Outra-Senha-99")
    with person(url, RECEPTION, "Outra-Senha-99") as rita:
        rita.check()
    with (
        person(url, RECEPTION, RECEPTION_PASSWORD) as rita,
        pytest.raises(RuleError, match="password is wrong"),
    ):
        rita.check()


def test_a_studio_that_moved_goes_on(studio: Studio, elsewhere: NewPlace) -> None:
    """Numbers go on where they were, and the jobs' login works as before."""
    path = studio.path(studio.back_up())
    url = elsewhere(name_of(studio))
    restore_full_backup(url, path)
    with Database(url, application_name="tests") as moved:
        assert Books(moved).pay("1.00").id == 31
    jobs_url = url.set(username=f"{url.database}.jobs", password="jobs-password")
    with Database(jobs_url, application_name="tests") as jobs, jobs.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM payments")) == 31


@pytest.mark.parametrize("made", ["restored", "copied"])
def test_a_copy_beside_the_studio_shuts_nobody_out(studio: Studio, made: str) -> None:
    url = studio.books.database.url
    beside = url.set(database=f"{url.database}.copy")
    path = studio.path(studio.back_up())
    try:
        if made == "restored":
            assert restore_full_backup(beside, path).people == 2
            with person(beside, RECEPTION, RECEPTION_PASSWORD) as rita:
                rita.check()
        else:
            # A template has nobody at work in it.
            run_in(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                f" WHERE datname = '{url.database}'",
            )
            run_in(url, f'CREATE DATABASE "{beside.database}" TEMPLATE "{url.database}"')
            migrate(beside)
        for email, password in ((OWNER, OWNER_PASSWORD), (RECEPTION, RECEPTION_PASSWORD)):
            with person(url, email, password) as theirs, theirs.transaction() as session:
                assert session.scalar(text("SELECT count(*) FROM payments")) == 30
    finally:
        run_in(url, f'DROP DATABASE IF EXISTS "{beside.database}" WITH (FORCE)')


def run_in(url: URL, statement: str) -> None:
    """From the server's maintenance database."""
    with (
        Database(url.set(database="postgres"), application_name="tests") as maintenance,
        maintenance.connection() as connection,
    ):
        connection.exec_driver_sql(statement)


def test_under_another_name_people_sign_in_all_the_same(
    studio: Studio, elsewhere: NewPlace
) -> None:
    """A server with many studios has no two databases of one name."""
    path = studio.path(studio.back_up())
    url = elsewhere("another_name")
    assert restore_full_backup(url, path).people == 2
    with person(url, RECEPTION, RECEPTION_PASSWORD) as rita, rita.transaction() as session:
        assert session.scalar(text("SELECT studio.current_user_id()")) is not None
    old = f"SELECT rolname FROM pg_roles WHERE starts_with(rolname, '{name_of(studio)}.')"
    assert asked(url, old) == [(f"{name_of(studio)}.jobs",)]


def test_logins_come_back_as_they_were(studio: Studio, elsewhere: NewPlace) -> None:
    """An end of validity, one who left, a device's login, and who may act for whom."""
    name = name_of(studio)
    rita, olga = login_role(name, RECEPTION), login_role(name, OWNER)
    with studio.books.database.transaction() as session:
        session.add(UserLogin(role_name=f"{name}.device", user_id=3, kind="google"))
    run_as_admin(
        studio,
        f"ALTER ROLE \"{olga}\" VALID UNTIL '2031-05-06 07:08:09+00';"
        "UPDATE users SET active = false WHERE name = 'Rita';"
        f'CREATE ROLE "{name}.device" LOGIN IN ROLE studio_owner',
    )
    path = studio.path(studio.back_up())
    url = elsewhere(name)
    assert restore_full_backup(url, path).people == 2
    found = asked(
        url,
        "SELECT r.rolname, r.rolcanlogin, r.rolvaliduntil::text, g.rolname FROM pg_roles r"
        " LEFT JOIN pg_auth_members m ON m.member = r.oid LEFT JOIN pg_roles g ON g.oid = m.roleid"
        f" WHERE starts_with(r.rolname, '{name}.') ORDER BY r.rolname",
    )
    assert sorted(found) == sorted(
        [
            (olga, True, "2031-05-06 07:08:09+00", "studio_owner"),
            (rita, False, "infinity", None),
            (f"{name}.device", True, "infinity", "studio_owner"),
            (f"{name}.jobs", True, "infinity", "studio_jobs"),
        ]
    )
    assert restore_full_backup(elsewhere("renamed"), path).people == 1


def test_logins_of_other_studios_on_the_server_stay_out_of_it(studio: Studio) -> None:
    """Nor does a login go along that serves several."""
    name = name_of(studio)
    run_as_admin(
        studio,
        f'CREATE ROLE "{name}.host" LOGIN IN ROLE studio_jobs;'
        f'GRANT CONNECT ON DATABASE "{name}" TO "{name}.host";'
        f'GRANT CONNECT ON DATABASE postgres TO "{name}.host";'
        f'CREATE ROLE "{name}.stranger" LOGIN IN ROLE studio_owner, studio_jobs',
    )
    try:
        file = read_full(studio.path(studio.back_up()))
        assert {login.name for login in file.surroundings.logins} == {
            login_role(name, OWNER),
            login_role(name, RECEPTION),
            f"{name}.jobs",
        }
    finally:
        run_as_admin(studio, f'REVOKE CONNECT ON DATABASE postgres FROM "{name}.host"')


def test_a_programs_login_of_somebody_else_is_left_alone(
    studio: Studio, elsewhere: NewPlace
) -> None:
    path = studio.path(studio.back_up())
    url, jobs = elsewhere(name_of(studio)), f"{name_of(studio)}.jobs"
    with (
        Database(url.set(database="postgres"), application_name="tests") as there,
        there.connection() as connection,
    ):
        connection.exec_driver_sql(f"CREATE ROLE \"{jobs}\" LOGIN PASSWORD 'theirs'")
    assert restore_full_backup(url, path).taken == (jobs,)
    with Database(url.set(username=jobs, password="theirs"), application_name="tests") as theirs:
        with pytest.raises(StudioError) as refused:
            theirs.check()
        assert refused.value.code == "sign_in_refused", "it may not connect to this database"
    # Whoever restores says whose login it is, as with any new database.
    ensure_jobs_login(url, url.set(username=jobs, password="theirs"))
    with Database(url.set(username=jobs, password="theirs"), application_name="tests") as theirs:
        theirs.check()


def test_settings_of_the_database_and_roles_that_grants_name_come_along(
    studio: Studio, elsewhere: NewPlace
) -> None:
    name = name_of(studio)
    run_as_admin(
        studio,
        f'CREATE ROLE "{name}.reader"; GRANT SELECT ON clients TO "{name}.reader";'
        f"ALTER DATABASE \"{name}\" SET work_mem = '7MB'",
    )
    path = studio.path(studio.back_up())
    url = elsewhere(name)
    restore_full_backup(url, path)
    assert asked(url, "SHOW work_mem") == [("7MB",)]
    assert asked(url, "SHOW idle_in_transaction_session_timeout") == [("1min",)]
    assert asked(
        url,
        f"SELECT rolcanlogin, has_table_privilege(oid, 'clients', 'SELECT') FROM pg_roles"
        f" WHERE rolname = '{name}.reader'",
    ) == [(False, True)]


def test_functions_run_as_their_own_roles_again(studio: Studio, elsewhere: NewPlace) -> None:
    question = (
        "SELECT proname::text, proowner::regrole::text, proacl::text FROM pg_proc"
        " WHERE pronamespace = 'studio'::regnamespace AND prosecdef ORDER BY 1"
    )
    before = [(name, owner) for name, owner, _ in studio.books.rows(question)]
    path = studio.path(studio.back_up())
    url = elsewhere(name_of(studio))
    restore_full_backup(url, path)
    assert [(name, owner) for name, owner, _ in asked(url, question)] == before
    assert "admin" not in {owner for _, owner in before}


def test_a_database_that_was_set_up_and_never_used_will_do(
    studio: Studio, elsewhere: NewPlace
) -> None:
    """As docker compose leaves it."""
    path = studio.path(studio.back_up())
    url = elsewhere("set_up")
    with (
        Database(url.set(database="postgres"), application_name="tests") as there,
        there.connection() as connection,
    ):
        connection.exec_driver_sql('CREATE DATABASE "set_up"')
    migrate(url)
    with Database(url, application_name="tests") as waiting, waiting.transaction() as session:
        session.execute(text("SELECT studio.raise_alert('backup_failed', 'danger', 'no room')"))
    assert restore_full_backup(url, path).people == 2
    assert asked(url, "SELECT count(*) FROM payments") == [(30,)]
    assert asked(url, "SELECT count(*) FROM alerts") == [(0,)]


@pytest.mark.parametrize(
    "used", ["INSERT INTO users (name) VALUES ('Somebody')", "CREATE TABLE theirs.own ()"]
)
def test_a_database_in_use_is_refused_untouched(
    studio: Studio, elsewhere: NewPlace, used: str
) -> None:
    path = studio.path(studio.back_up())
    url = elsewhere("in_use")
    with (
        Database(url.set(database="postgres"), application_name="tests") as there,
        there.connection() as connection,
    ):
        connection.exec_driver_sql('CREATE DATABASE "in_use"')
    if "users" in used:
        migrate(url)
    with Database(url, application_name="tests") as theirs:
        with theirs.connection() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA theirs; {used}")
        before = Reader(theirs).rows("SELECT oid FROM pg_class ORDER BY oid")
        with pytest.raises(RuleError) as refused:
            restore_full_backup(url, path)
        assert refused.value.code == "restore_not_empty"
        assert Reader(theirs).rows("SELECT oid FROM pg_class ORDER BY oid") == before


def rewritten(path: Path, manifest: FullManifest) -> Path:
    """A whole and consistent file that says something else of itself."""
    file = read_full(path)
    copy = path.with_name("copy.full.zip")
    with new_full_file(copy) as writer:
        writer.surroundings(file.surroundings)
        with writer.dump() as part:
            for piece in file.dump_pieces():
                part.write(piece)
        writer.finish(replace(manifest, parts=writer.parts))
    return copy


def test_what_is_not_what_was_counted_is_not_kept(studio: Studio, elsewhere: NewPlace) -> None:
    path = studio.path(studio.back_up())
    manifest = read_full(path).manifest
    tables = {**manifest.tables, "public.payments": TableCount(30, "4711")}
    wrong = rewritten(path, replace(manifest, tables=tables))
    url = elsewhere("unlike")
    with pytest.raises(StudioError) as refused:
        restore_full_backup(url, wrong)
    assert refused.value.code == "restore_differs"
    assert "(public.payments)" in str(refused.value)
    assert not is_there(url)
    # In one that was there already the schemas go, and the next try finds it empty.
    with (
        Database(url.set(database="postgres"), application_name="tests") as there,
        there.connection() as connection,
    ):
        connection.exec_driver_sql("CREATE DATABASE unlike")
    with pytest.raises(StudioError, match="not what was backed up"):
        restore_full_backup(url, wrong)
    assert restore_full_backup(url, path).people == 2


def test_cancelled_in_the_middle_nothing_is_left_there(studio: Studio, elsewhere: NewPlace) -> None:
    path = studio.path(studio.back_up())
    url, stop = elsewhere("cancelled"), threading.Event()

    def progressed(progress: object) -> None:
        if "restoring" in str(progress):
            stop.set()

    with pytest.raises(RuleError) as refused:
        restore_full_backup(url, path, on_progress=progressed, cancelled=stop.is_set)
    assert refused.value.code == "backup_cancelled"
    assert not is_there(url)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"server_major": 99}, "restore_server_older"), ({"revision": "9999"}, "schema_too_new")],
)
def test_what_comes_from_a_newer_server_or_program_is_refused(
    studio: Studio, elsewhere: NewPlace, change: dict[str, object], code: str
) -> None:
    path = studio.path(studio.back_up())
    newer = rewritten(path, replace(read_full(path).manifest, **change))  # type: ignore[arg-type] # one of two
    url = elsewhere("newer")
    with pytest.raises((RuleError, ConfigError)) as refused:
        restore_full_backup(url, newer)
    assert refused.value.code == code
    assert not is_there(url)
