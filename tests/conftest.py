"""A real PostgreSQL for the tests: one cluster a run, one migrated template, a copy a test.

The cluster starts with the first test that asks for it, is shared by all xdist workers and stops
with the last of them. By default it is the server that the program itself would bring; to run
the same tests on a system server:

    pytest tests/core --server-bin /usr/lib/postgresql/15/bin

(or STUDIO_TEST_POSTGRES_BIN=/usr/lib/postgresql/15/bin, which the option wins over).
Roles belong to the whole cluster: a test's login roles must be named "<database>.…"; they are
dropped with the database. Everything runs in a temporary folder that goes away at the end; the
shared cluster's is in memory where the computer has room, since making a database writes some
700 files.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor  # noqa: N812 – a class, named so there
from sqlalchemy import URL

from studio_core.db.embedded import EmbeddedServer
from studio_core.db.embedded.binaries import BINARIES_VARIABLE
from studio_core.db.embedded.leases import FileLock
from studio_core.db.engine import Database, raw_connection

_ROOT_VARIABLE = "STUDIO_TEST_ROOT"
_SHARED_VARIABLE = "STUDIO_TEST_SHARED"
_MEMORY = Path("/dev/shm")
_ROOM = 4 << 30
"""Bytes that must be free there."""
_TEMPLATE = "studio_template"
_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--server-bin",
        default=os.environ.get("STUDIO_TEST_POSTGRES_BIN"),
        metavar="DIR",
        help="bin folder of the PostgreSQL server to test with",
    )


def pytest_configure(config: pytest.Config) -> None:
    """In the process that was called; xdist workers inherit the variables."""
    server_bin = config.getoption("--server-bin")
    if server_bin:
        os.environ[BINARIES_VARIABLE] = server_bin
    if not hasattr(config, "workerinput"):
        for variable, place in ((_ROOT_VARIABLE, None), (_SHARED_VARIABLE, _memory())):
            folder = Path(tempfile.mkdtemp(prefix="studio-tests-", dir=place))
            folder.chmod(0o711)  # As root the server runs as somebody else, who must get through.
            os.environ[variable] = str(folder)


def _memory() -> Path | None:
    """A folder in memory for files that nobody needs after a crash; None: there is not enough."""
    try:
        free = shutil.disk_usage(_MEMORY).free
    except OSError:
        return None
    return _MEMORY if free >= _ROOM and os.access(_MEMORY, os.W_OK) else None


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    for variable in (_ROOT_VARIABLE, _SHARED_VARIABLE):
        root = Path(os.environ.pop(variable))
        for folder in root.iterdir():
            # Only runs on if a worker died; nobody's lease holds it any more.
            if (folder / "cluster").is_dir():
                EmbeddedServer(folder).stop()
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def run_root() -> Path:
    """A folder for the whole run, shared by all workers."""
    return Path(os.environ[_ROOT_VARIABLE])


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """The run's shared cluster. Tests that stop or kill a server take durable_server."""
    shared = EmbeddedServer(Path(os.environ[_SHARED_VARIABLE]) / "server", profile="fast")
    shared.start()
    yield shared
    shared.stop()


@pytest.fixture(scope="session")
def admin_url(server: EmbeddedServer) -> URL:
    """The superuser on the cluster's maintenance database."""
    return server.url


@pytest.fixture(scope="session")
def worker_name() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "gw")


@pytest.fixture(scope="session")
def durable_server(run_root: Path, worker_name: str) -> Iterator[EmbeddedServer]:
    """A cluster of this worker alone, with the real settings, for tests that crash it.

    A test that leaves it down need not start it again: the next one calls start() itself.
    """
    own = EmbeddedServer(run_root / f"durable-{worker_name}")
    own.start()
    yield own
    own.stop()


@pytest.fixture(scope="session")
def template(admin_url: URL, run_root: Path) -> str:
    """The name of the migrated database that every test's database is a copy of."""
    made = run_root / "template-made"
    with FileLock(run_root / "template.lock", timeout_s=300):
        if not made.exists():
            with _admin(admin_url) as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {_TEMPLATE} WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {_TEMPLATE}")
            _migrate(admin_url.set(database=_TEMPLATE))
            made.touch()
    return _TEMPLATE


@pytest.fixture
def database_url(admin_url: URL, template: str, worker_name: str) -> Iterator[URL]:
    """The superuser on a migrated database of this test's own."""
    with _new_database(admin_url, worker_name, template) as url:
        yield url


@pytest.fixture(scope="module")
def shared_database_url(admin_url: URL, template: str, worker_name: str) -> Iterator[URL]:
    """The same for all tests of a module, of which none may leave anything changed."""
    with _new_database(admin_url, worker_name, template) as url:
        yield url


@pytest.fixture
def database(database_url: URL) -> Iterator[Database]:
    """The same, as what the core's functions take. Its url serves for second connections."""
    with Database(database_url, application_name="tests") as own:
        yield own


@pytest.fixture
def empty_database_url(admin_url: URL, worker_name: str) -> Iterator[URL]:
    """The superuser on a database without any tables."""
    with _new_database(admin_url, worker_name, "template1") as url:
        yield url


class _admin:  # noqa: N801 – reads as the function it stands for
    """A cursor on the maintenance database, in autocommit."""

    def __init__(self, url: URL) -> None:
        self._connection = raw_connection(url, application_name="tests-admin")

    def __enter__(self) -> Cursor:
        return self._connection.cursor()

    def __exit__(self, *_: object) -> None:
        self._connection.close()


class _new_database:  # noqa: N801 – reads as the function it stands for
    """A copy of the template, with the settings and grants that a copy leaves out."""

    def __init__(self, admin_url: URL, worker: str, template: str) -> None:
        self._admin_url = admin_url
        self._template = template
        self.name = f"test_{worker}_{next(_numbers)}"

    def __enter__(self) -> URL:
        name = sql.Identifier(self.name)
        with _admin(self._admin_url) as cursor:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    name, sql.Identifier(self._template)
                )
            )
            if self._template == _TEMPLATE:
                _copy_settings(cursor, name)
                _copy_grants(cursor, name)
        return self._admin_url.set(database=self.name)

    def __exit__(self, *_: object) -> None:
        with _admin(self._admin_url) as cursor:
            name = sql.Identifier(self.name)
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            cursor.execute(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", (f"{self.name}.",)
            )
            for (role,) in cursor.fetchall():
                cursor.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def _copy_settings(cursor: Cursor, name: sql.Identifier) -> None:
    cursor.execute(
        "SELECT split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1)"
        " FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase"
        " CROSS JOIN unnest(s.setconfig) AS setting"
        " WHERE d.datname = %s AND s.setrole = 0",
        (_TEMPLATE,),
    )
    for key, value in cursor.fetchall():
        cursor.execute(
            sql.SQL("ALTER DATABASE {} SET {} = {}").format(name, sql.SQL(key), sql.Literal(value))
        )


def _copy_grants(cursor: Cursor, name: sql.Identifier) -> None:
    cursor.execute(
        "SELECT coalesce(r.rolname, 'public'), acl.privilege_type,"
        " CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END"
        " FROM pg_database d CROSS JOIN aclexplode(d.datacl) AS acl"
        " LEFT JOIN pg_roles r ON r.oid = acl.grantee WHERE d.datname = %s",
        (_TEMPLATE,),
    )
    grants = cursor.fetchall()
    if not grants:
        return
    cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM public").format(name))
    for role, privilege, option in grants:
        grantee = sql.SQL("PUBLIC") if role == "public" else sql.Identifier(role)
        cursor.execute(
            sql.SQL("GRANT {} ON DATABASE {} TO {}{}").format(
                sql.SQL(privilege), name, grantee, sql.SQL(option)
            )
        )


def _migrate(url: URL) -> None:
    from studio_core.db.migrations import migrate

    migrate(url)
