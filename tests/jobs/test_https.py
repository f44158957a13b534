"""`studio-jobs serve` with a certificate: HTTPS, and a sentence where the files are wrong."""

import ssl
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest

from server_jobs.cli import exits
from tests.certificates import make_certificates
from tests.jobs.conftest import Jobs
from tests.jobs.serving import begin, free_port, wait_until


def test_server_with_a_certificate_speaks_https_alone(jobs: Jobs, tmp_path: Path) -> None:
    made = make_certificates(tmp_path / "tls", "localhost")
    other = make_certificates(tmp_path / "other", "localhost")
    served = begin(
        jobs, SERVE_CERTIFICATE=str(made / "server.crt"), SERVE_KEY=str(made / "server.key")
    )
    url = served.url.replace("http://127.0.0.1", "https://localhost") + "/health"

    def answers(authority: Path) -> bool:
        context = ssl.create_default_context(cafile=authority)
        try:
            with urllib.request.urlopen(url, context=context, timeout=10) as answer:
                return bool(answer.status == 200)
        except ConnectionRefusedError:
            return False
        except URLError as error:
            if isinstance(error.reason, ConnectionRefusedError):
                return False
            raise

    wait_until(lambda: answers(made / "studio-ca.crt"))
    with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        answers(other / "studio-ca.crt")
    with pytest.raises((ConnectionError, URLError)):
        served.get("/health")
    assert "https://" in served.stop()


def test_certificate_and_key_that_do_not_belong_together_end_it(jobs: Jobs, tmp_path: Path) -> None:
    made = make_certificates(tmp_path / "tls", "localhost")
    other = make_certificates(tmp_path / "other", "localhost")

    ran = jobs(
        "serve",
        SERVE_PORT=str(free_port()),
        SERVE_CERTIFICATE=str(made / "server.crt"),
        SERVE_KEY=str(other / "server.key"),
    )

    assert ran.code == exits.USAGE
    assert "cannot be used" in ran.err


def test_certificate_without_its_key_is_named(jobs: Jobs, tmp_path: Path) -> None:
    ran = jobs("serve", SERVE_CERTIFICATE=str(tmp_path / "server.crt"))

    assert ran.code == exits.USAGE
    assert "SERVE_KEY" in ran.err


def test_certificate_that_is_not_there_is_named(jobs: Jobs, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "server.crt")

    ran = jobs("serve", SERVE_CERTIFICATE=nowhere, SERVE_KEY=nowhere)

    assert ran.code == exits.USAGE
    assert nowhere in ran.err
