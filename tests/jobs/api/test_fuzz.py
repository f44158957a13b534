"""The served application against its own description, by schemathesis."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books import Books
from tests.fakes.google import FakeGoogle
from tests.jobs.api.conftest import PASSWORD, SECRET, People
from tests.jobs.api.web import Web
from tests.jobs.conftest import Jobs
from tests.jobs.serving import Served, serve

PROTECTED = ("/clients/api/list", "/extrato/{year}/{month}")


@pytest.fixture
def served(jobs: Jobs, books: Books, google: FakeGoogle) -> Iterator[Served]:
    served = serve(jobs, **google.environment(), JWT_SECRET_KEY=SECRET)
    yield served
    served.stop()
    said = (jobs.log_dir / "app.log").read_text("utf-8")
    assert "http_failed" not in said


def fuzz(served: Served, folder: Path, *options: str, examples: int = 15) -> None:
    """Every check of schemathesis, with questions made up from the description."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{served.url}/openapi.json"),
            *("--max-examples", str(examples), "--seed", "7", "--request-timeout", "10"),
            *("--checks", "all", "--no-color", *options),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_fuzzed_server_keeps_to_its_description(served: Served, tmp_path: Path) -> None:
    fuzz(served, tmp_path)


def test_fuzzed_server_keeps_to_its_description_for_an_owner(
    served: Served, people: People, tmp_path: Path
) -> None:
    people.with_password("ana@studio.example")
    token = Web(served.url).token("ana@studio.example", PASSWORD)
    paths = [option for path in PROTECTED for option in ("--include-path", path)]
    fuzz(served, tmp_path, "--header", f"Authorization: Bearer {token}", *paths, examples=30)
