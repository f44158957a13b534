"""The served application against its own description, by schemathesis."""

import subprocess
import sys

from tests.books import Books
from tests.jobs.conftest import Jobs
from tests.jobs.serving import serve


def test_fuzzed_server_keeps_to_its_description(jobs: Jobs, books: Books) -> None:
    served = serve(jobs)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{served.url}/openapi.json"),
            *("--max-examples", "15", "--seed", "7", "--request-timeout", "10"),
            *("--checks", "all", "--no-color"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    served.stop()
    said = (jobs.log_dir / "app.log").read_text("utf-8")
    assert "http_failed" not in said
