"""The same sign-in against npm's oauth2-mock-server, which is not of our making."""

import base64
import hashlib
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import requests

from server_jobs.api.app import create_app
from server_jobs.api.sign_in import Doors
from studio_core.config import Settings
from studio_core.db.embedded.leases import FileLock
from studio_core.db.engine import Database
from tests.jobs.api.conftest import People
from tests.jobs.api.google_visits import lets_in
from tests.jobs.api.web import Web, is_problem, serving

PACKAGE = "oauth2-mock-server@8.2.3"
SCRIPT = Path(__file__).parents[2] / "fakes" / "mock_google.mjs"
CLIENT = "studio-of-the-mock"
REDIRECT = "http://127.0.0.1:45678/"
ANA = "ana@studio.example"


@dataclass
class Mock:
    """The running server: a consent and the code's tokens, as a desktop gets them."""

    process: subprocess.Popen[str]
    url: str

    def person(self, email: str) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(email, file=self.process.stdin, flush=True)
        assert self.process.stdout.readline().strip() == email

    def tokens(self, nonce: str) -> dict[str, Any]:
        """By the code flow with PKCE, which this server enforces as well."""
        verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "client_id": CLIENT,
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": "openid email",
            "state": "s",
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        back = requests.get(
            f"{self.url}/authorize", params=asked, allow_redirects=False, timeout=30
        )
        assert back.status_code == 302, back.text
        code = parse_qs(urlsplit(back.headers["Location"]).query)["code"][0]
        return self._token(
            grant_type="authorization_code",
            code=code,
            redirect_uri=REDIRECT,
            code_verifier=verifier,
        )

    def refreshed(self, tokens: dict[str, Any]) -> dict[str, Any]:
        return self._token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])

    def _token(self, **form: str) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/token", data={"client_id": CLIENT, **form}, timeout=30)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture(scope="module")
def mock(run_root: Path) -> Iterator[Mock]:
    folder = _installed(run_root / "oauth2-mock-server")
    process = subprocess.Popen(
        ["node", folder / SCRIPT.name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    with process:
        assert process.stdout is not None
        yield Mock(process, process.stdout.readline().strip())
        process.kill()


def _installed(folder: Path) -> Path:
    """The package, once a run; the test is skipped where it cannot be had."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are not on this computer")
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock", timeout_s=100):
        if not (folder / SCRIPT.name).exists():
            done = subprocess.run(
                [
                    *(npm, "install", "--prefix", ".", "--no-audit", "--no-fund"),
                    *("--ignore-scripts", "--fetch-retries=0", "--loglevel=error", PACKAGE),
                ],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=90,
                check=False,
            )
            if done.returncode != 0:
                pytest.skip(f"npm cannot install {PACKAGE} here: {done.stderr[-300:]}")
            shutil.copy(SCRIPT, folder)
    return folder


@pytest.fixture
def web(jobs_database: Database, mock: Mock) -> Iterator[Web]:
    settings = Settings(
        _env_file=None,
        google_client_id=CLIENT,
        google_certs_url=f"{mock.url}/jwks",
        google_issuer=mock.url,
    )
    with serving(create_app(jobs_database, doors=Doors.of(settings))) as served:
        yield served


def test_server_of_others_making_signs_in_and_renews(
    web: Web, mock: Mock, people: People, database: Database
) -> None:
    people.add(ANA)
    mock.person(ANA)
    device = str(uuid4())
    nonce = web.post("/auth/google/nonce", {}).json()["nonce"]
    tokens = mock.tokens(nonce)
    body = {"id_token": tokens["id_token"], "device": device, "nonce": nonce}
    first = web.post("/auth/google", body)
    assert first.status_code == 200, first.text
    assert lets_in(database, first.json())
    assert is_problem(web.post("/auth/google", body), 401, "google_refused")
    fresh = {"id_token": mock.refreshed(tokens)["id_token"], "device": device}
    renewed = web.post("/auth/google", fresh)
    assert renewed.status_code == 200, renewed.text
    assert renewed.json()["role"] == first.json()["role"]
    assert lets_in(database, renewed.json())


def test_server_of_others_making_vouches_for_strangers_in_vain(
    web: Web, mock: Mock, people: People
) -> None:
    people.add(ANA)
    mock.person("stranger@elsewhere.example")
    nonce = web.post("/auth/google/nonce", {}).json()["nonce"]
    body = {
        "id_token": mock.tokens(nonce)["id_token"],
        "device": str(uuid4()),
        "nonce": nonce,
    }
    assert is_problem(web.post("/auth/google", body), 401, "google_refused")
