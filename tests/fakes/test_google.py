"""The fake Google refuses what Google refuses: a fake that says yes to all proves nothing."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography.x509 import load_pem_x509_certificate
from google.auth.transport.requests import Request
from google.oauth2 import id_token as google_id_token

from tests.fakes.google import FakeGoogle, GooglePerson

REDIRECT = "http://127.0.0.1:45678/"
VERIFIER = "v" * 50


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with FakeGoogle() as fake:
        yield fake


def challenge(verifier: str = VERIFIER) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def consent(google: FakeGoogle, **changes: str | None) -> requests.Response:
    """A browser that opens the address and does not follow the redirect."""
    asked: dict[str, str | None] = {
        "client_id": google.client_id,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": "openid email profile",
        "state": "state-1",
        "nonce": "nonce-1",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
    }
    return requests.get(
        f"{google.issuer}/authorize", params=asked | changes, allow_redirects=False, timeout=10
    )


def brought_back(answer: requests.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(REDIRECT)
    query = urlsplit(answer.headers["Location"]).query
    return {name: values[0] for name, values in parse_qs(query).items()}


def redeem(google: FakeGoogle, code: str, **changes: str) -> requests.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": google.client_id,
        "client_secret": google.client_secret,
        "code": code,
        "code_verifier": VERIFIER,
        "redirect_uri": REDIRECT,
    }
    return requests.post(f"{google.issuer}/token", data=form | changes, timeout=10)


def tokens(google: FakeGoogle) -> dict[str, Any]:
    answer = redeem(google, brought_back(consent(google))["code"])
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_consent_leads_to_tokens_that_the_published_keys_verify(google: FakeGoogle) -> None:
    google.person = GooglePerson("bia@studio.example", name="Bia")
    came = brought_back(consent(google))
    assert came["state"] == "state-1"
    told = redeem(google, came["code"]).json()
    for path in ("/certs", "/certs/pem"):
        verified = google_id_token.verify_token(
            told["id_token"], Request(), audience=google.client_id, certs_url=google.issuer + path
        )
        assert verified["email"] == "bia@studio.example"
        assert verified["nonce"] == "nonce-1"
        assert verified["iss"] == google.issuer
    who = requests.get(
        f"{google.issuer}/userinfo",
        headers={"Authorization": f"Bearer {told['access_token']}"},
        timeout=10,
    )
    assert who.json()["email"] == "bia@studio.example"


def test_refused_consent_comes_back_without_a_code(google: FakeGoogle) -> None:
    google.consents = False
    assert brought_back(consent(google)) == {"error": "access_denied", "state": "state-1"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "other"}, "invalid_client"),
        ({"redirect_uri": "http://localhost:45678/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://127.0.0.1.example:45678/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "https://127.0.0.1:45678/"}, "redirect_uri_mismatch"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain", "code_challenge": VERIFIER}, "invalid_request"),
        ({"scope": "openid drive"}, "invalid_scope"),
    ],
)
def test_wrong_question_is_told_on_the_page_and_never_redirected(
    google: FakeGoogle, change: dict[str, str | None], error: str
) -> None:
    answer = consent(google, **change)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] == error


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": "w" * 50},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:45679/"},
        {"client_secret": "wrong"},
        {"client_id": "other"},
    ],
)
def test_code_is_worth_nothing_without_what_it_was_given_for(
    google: FakeGoogle, change: dict[str, str]
) -> None:
    code = brought_back(consent(google))["code"]
    assert redeem(google, code, **change).status_code in (400, 401)


def test_code_works_once(google: FakeGoogle) -> None:
    code = brought_back(consent(google))["code"]
    assert redeem(google, code).status_code == 200
    assert redeem(google, code).json()["error"] == "invalid_grant"


def test_refreshed_token_is_fresh_and_has_no_nonce_until_the_grant_is_revoked(
    google: FakeGoogle,
) -> None:
    refresh_token = tokens(google)["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    again = redeem(google, "", **form)
    claims = jwt.decode(again.json()["id_token"], options={"verify_signature": False})
    assert "nonce" not in claims
    assert redeem(google, "", **form).json()["id_token"] != again.json()["id_token"]
    revoked = requests.post(f"{google.issuer}/revoke", params={"token": refresh_token}, timeout=10)
    assert revoked.status_code == 200
    assert google.revoked == [refresh_token]
    assert redeem(google, "", **form).json()["error"] == "invalid_grant"


def test_calendar_is_added_to_what_was_granted_before(google: FakeGoogle) -> None:
    tokens(google)
    calendar = "https://www.googleapis.com/auth/calendar.events"
    came = brought_back(consent(google, scope=calendar, include_granted_scopes="true"))
    granted = redeem(google, came["code"]).json()["scope"].split()
    assert calendar in granted
    assert "openid" in granted


def test_old_key_stays_published_until_it_is_withdrawn(google: FakeGoogle) -> None:
    old = google.keys.current
    google.keys.rotate()
    assert {old.kid, google.keys.current.kid} == set(google.keys.certificates())
    google.keys.withdraw_old()
    published = requests.get(f"{google.issuer}/certs", timeout=10).json()["keys"]
    assert [key["kid"] for key in published] == [google.keys.current.kid]
    pem = google.keys.current.certificate().encode()
    assert load_pem_x509_certificate(pem).public_key() == google.keys.current.private.public_key()


def test_google_that_is_down_answers_503(google: FakeGoogle) -> None:
    google.down = True
    assert consent(google).status_code == 503
