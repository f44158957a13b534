"""Which secrets `studio-jobs serve` starts with, and that it tells none."""

import pytest

from server_jobs.cli import exits
from tests.jobs.conftest import Jobs
from tests.jobs.serving import serve

GOOD = "Zk3vR9sQ1xLm7TtB5yWc8HnJ2dPf6UaG0eKi4oXr"
WEAK = {
    "short": "s3cr3t-k3y-0f-31-bytes-xyz-1234",
    "default": "dev",
    "example": "your-secret-key-change-in-production-please",
    "repeated": "a" * 64,
    "one of several": f"new:{GOOD},old:dev",
}


@pytest.mark.parametrize("name", ["JWT_SECRET_KEY", "FLASK_SECRET_KEY"])
@pytest.mark.parametrize("secret", list(WEAK.values()), ids=list(WEAK))
def test_weak_secret_ends_it_with_a_sentence(jobs: Jobs, name: str, secret: str) -> None:
    ran = jobs("serve", **{name: secret})
    assert ran.code == exits.USAGE
    assert f"The setting {name} keeps no secret" in ran.err
    assert secret not in ran.err
    assert "Traceback" not in ran.err
    said = "".join(file.read_text("utf-8") for file in jobs.log_dir.iterdir())
    assert secret not in said or secret == "dev"


@pytest.mark.parametrize("name", ["OAUTHLIB_INSECURE_TRANSPORT", "OAUTHLIB_RELAX_TOKEN_SCOPE"])
def test_loosened_oauth_ends_it_with_a_sentence(jobs: Jobs, name: str) -> None:
    ran = jobs("serve", **{name: "1"})
    assert ran.code == exits.USAGE
    assert name in ran.err


def test_weak_secret_is_good_enough_for_development(jobs: Jobs) -> None:
    served = serve(jobs, STUDIO_ENV="development", JWT_SECRET_KEY="dev")
    assert served.get("/health").status == 200
    assert served.get("/clients/api/list").status == 401
    served.stop()


def test_without_any_secret_it_serves_and_says_that_nobody_signs_in(jobs: Jobs) -> None:
    served = serve(jobs)
    for method, path, code in (
        ("POST", "/auth/login", "sign_in_not_configured"),
        ("POST", "/auth/logout", "sign_in_not_configured"),
        ("GET", "/clients/api/list", "sign_in_not_configured"),
        ("POST", "/extrato/2025/9", "sign_in_not_configured"),
        ("POST", "/auth/google", "google_not_configured"),
        ("POST", "/auth/google/nonce", "google_not_configured"),
    ):
        answer = served.get(path, method=method)
        assert (answer.status, answer.json["code"]) == (404, code), path
    assert served.get("/ready").status == 200
    served.stop()


def test_old_name_of_the_secret_is_accepted(jobs: Jobs) -> None:
    served = serve(jobs, FLASK_SECRET_KEY=GOOD)
    assert served.get("/clients/api/list").status == 401
    said = served.stop()
    said += "".join(file.read_text("utf-8") for file in jobs.log_dir.iterdir())
    assert GOOD not in said
