"""Fixtures of the core's tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_core.db.embedded import Binaries, EmbeddedServer
from studio_core.db.engine import Database
from tests.books import Books
from tests.certificates import make_certificates
from tests.staff import Staff
from tests.tls_server import NAME, SYSTEM_SERVERS, TlsServer


@pytest.fixture
def books(database: Database) -> Books:
    """An empty studio with two artists: Ana at 50 %, Bento at 0 %."""
    return Books(database)


@pytest.fixture
def staff(database: Database) -> Iterator[Staff]:
    """A studio with an owner, a manager, a receptionist and two artists, all signed in."""
    made = Staff(database)
    yield made
    made.close()


@pytest.fixture(scope="module")
def tls_server(run_root: Path, worker_name: str) -> Iterator[TlsServer]:
    if not SYSTEM_SERVERS:
        pytest.skip("no PostgreSQL of the system here: the one we bring has no TLS")
    folder = run_root / f"tls-{worker_name}"
    system = SYSTEM_SERVERS[-1]
    binaries = Binaries(system, int(system.parent.name))
    with EmbeddedServer(folder, profile="fast", binaries=binaries) as server:
        certificates = make_certificates(folder / "certificates", NAME)
        owner = (folder / "cluster").stat()
        for name in ("server.crt", "server.key"):
            shutil.copy2(certificates / name, folder / "cluster" / name)
            os.chown(folder / "cluster" / name, owner.st_uid, owner.st_gid)
        yield TlsServer(server, certificates)
