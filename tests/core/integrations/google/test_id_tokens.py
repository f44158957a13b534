"""Which id_tokens are Google's word about somebody, and for how long its keys are believed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio_core.errors import RuleError, UnavailableError
from studio_core.integrations.google import published_keys
from studio_core.integrations.google.id_tokens import IdTokens
from studio_core.integrations.google.published_keys import PublishedKeys
from tests.fakes.google import FakeGoogle, GooglePerson
from tests.fakes.google_keys import SigningKey, now, unsigned


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with FakeGoogle() as fake:
        yield fake


def verifier(
    google: FakeGoogle, path: str = "/certs", *, not_again_within_s: float = 0.0
) -> IdTokens:
    url = google.issuer + path
    return IdTokens(
        PublishedKeys(url, not_again_within_s=not_again_within_s),
        certs_url=url,
        client_id=google.client_id,
        issuer=google.issuer,
    )


def refused(tokens: IdTokens, token: str) -> bool:
    with pytest.raises(RuleError) as caught:
        tokens.verify(token)
    return caught.value.code == "google_refused"


def encoded(part: Any) -> str:
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("path", ["/certs", "/certs/pem"])
def test_token_of_google_says_who_it_is(google: FakeGoogle, path: str) -> None:
    google.person = GooglePerson("bia@studio.example", hd="elsewhere.example")
    identity = verifier(google, path).verify(google.id_token(nonce="n-1"))
    assert (identity.email, identity.nonce) == ("bia@studio.example", "n-1")
    assert identity.expires_at - identity.issued_at == timedelta(hours=1)
    assert identity.is_fresh(identity.issued_at + timedelta(minutes=9))
    assert not identity.is_fresh(identity.issued_at + timedelta(minutes=11))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-client"},
        {"aud": None},
        {"iss": "https://accounts.google.com.evil.example"},
        {"iss": None},
        {"azp": "another-client"},
        {"exp": now() - 3600},
        {"exp": None},
        {"iat": None},
        {"iat": now() + 3600, "exp": now() + 7200},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": ""},
        {"email": ["ana@studio.example"]},
        {"nonce": ["n"]},
    ],
    ids="-".join,  # Of the claims alone: each process has its own time.
)
@pytest.mark.parametrize("path", ["/certs", "/certs/pem"])
def test_token_that_says_something_else_is_refused(
    google: FakeGoogle, path: str, changes: dict[str, Any]
) -> None:
    tokens = verifier(google, path)
    assert refused(tokens, google.id_token(**changes))
    tokens.verify(google.id_token())


@pytest.mark.parametrize("path", ["/certs", "/certs/pem"])
def test_token_that_google_did_not_sign_is_refused(google: FakeGoogle, path: str) -> None:
    claims = google.said_of_person(google.person, "n", {})
    real = google.keys.current
    head, body, signature = google.id_token().split(".")
    stranger = SigningKey.made(real.kid)
    hmac_head = encoded({"alg": "HS256", "kid": real.kid, "typ": "JWT"})
    signed_by_public_key = hmac.new(
        real.public_pem(), f"{hmac_head}.{body}".encode(), hashlib.sha256
    ).digest()
    tokens = verifier(google, path)
    forged = {
        "unsigned": unsigned(claims),
        "unsigned, in capitals": unsigned(claims, alg="NONE"),
        "unsigned, naming RS256": unsigned(claims, alg="RS256"),
        "signed by somebody else under Google's key id": stranger.sign(claims),
        "signed under a key id that is none": SigningKey("key-99", real.private).sign(claims),
        "HS256 with the public key": f"{hmac_head}.{body}.{encoded(signed_by_public_key)}",
        "another body": f"{head}.{encoded(claims | {'email': 'x@y.example'})}.{signature}",
        "another header": f"{encoded({'alg': 'RS256', 'kid': 'key-1'})}.{body}.{signature}",
        "without signature": f"{head}.{body}.",
        "nested too deep": f"{encoded(b'[' * 6000)}.{body}.{signature}",
        "no token": "abc",
        "empty": "..",
    }
    for what, token in forged.items():
        assert refused(tokens, token), what


@given(
    token=st.one_of(
        st.text(),
        st.lists(st.binary(), max_size=4).map(
            lambda parts: ".".join(encoded(part) for part in parts)
        ),
    )
)
@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_nonsense_is_refused_and_nothing_else_happens(google: FakeGoogle, token: str) -> None:
    try:
        assert refused(verifier(google), token)
    except UnicodeEncodeError:
        # A lone surrogate never gets here: it is refused with the body it came in.
        assert any("\ud800" <= sign <= "\udfff" for sign in token)


def test_keys_are_asked_for_once(google: FakeGoogle) -> None:
    tokens = verifier(google)
    for _ in range(3):
        tokens.verify(google.id_token())
    assert google.asked == ["/certs"]


def test_new_key_is_fetched_when_it_first_signs(google: FakeGoogle) -> None:
    tokens = verifier(google)
    old = google.id_token()
    tokens.verify(old)
    google.keys.rotate()
    tokens.verify(google.id_token())
    tokens.verify(old)
    assert google.asked == ["/certs"] * 2


def test_withdrawn_key_is_believed_no_more_once_the_keys_are_read_again(
    google: FakeGoogle,
) -> None:
    tokens = verifier(google)
    old = google.id_token()
    tokens.verify(old)
    google.keys.rotate()
    google.keys.withdraw_old()
    tokens.verify(google.id_token())
    assert refused(tokens, old)


def test_made_up_key_ids_do_not_make_us_ask_again_and_again(google: FakeGoogle) -> None:
    tokens = verifier(google, not_again_within_s=3600)
    tokens.verify(google.id_token())
    stranger = SigningKey.made("made-up")
    for _ in range(5):
        assert refused(tokens, stranger.sign(google.said_of_person(google.person, None, {})))
    assert google.asked == ["/certs"]


def test_keys_are_kept_no_longer_than_google_says(
    google: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published_keys, "_SHORTEST_S", 0)
    monkeypatch.setattr(published_keys, "_LONGEST_S", 0)
    tokens = verifier(google)
    tokens.verify(google.id_token())
    tokens.verify(google.id_token())
    assert google.asked == ["/certs"] * 2


def test_google_out_of_reach_is_told_as_that(
    google: FakeGoogle, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = verifier(google)
    google.down = True
    with pytest.raises(UnavailableError) as caught:
        tokens.verify(google.id_token())
    assert caught.value.code == "google_unreachable"
    google.down = False
    tokens.verify(google.id_token())


def test_google_out_of_reach_changes_nothing_while_its_keys_are_good(
    google: FakeGoogle, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = verifier(google)
    tokens.verify(google.id_token())
    google.down = True
    tokens.verify(google.id_token())
    unknown = SigningKey.made("unknown").sign(google.said_of_person(google.person, None, {}))
    assert refused(tokens, unknown)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"[" * 9000, b'{"keys": 7}', b'{"keys": [7]}'])
def test_answer_that_is_no_set_of_keys_holds_none(text: bytes) -> None:
    try:
        assert published_keys._key_ids(bytearray(text)) == frozenset()
    except ValueError:
        assert not text.startswith(b'{"')
