"""A Google on this computer: asks for consent, gives tokens, publishes keys, revokes.

A real HTTP server on loopback that refuses what Google would refuse: no PKCE (S256) or a wrong
verifier, a redirect that is not to 127.0.0.1 or not the one the code was given for, a code used
twice, an unknown client or scope. What a person would do in the browser stands in its fields:

    with FakeGoogle() as google:
        google.person = GooglePerson("ana@studio.example", name="Ana")
        google.consents = False                # they press “Cancel”
        google.claims = {"aud": "somebody"}    # what the next id_tokens say instead (None: nothing)
        google.down = True                     # 503 to everything
"""

import base64
import hashlib
import json
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.google_keys import KeyRing, now

CLIENT_ID = "000000000000-studio.apps.googleusercontent.example"
CLIENT_SECRET = "not-a-secret-of-a-fake-client"

_LONG = "https://www.googleapis.com/auth/"
_LONG_NAMES = {"email": f"{_LONG}userinfo.email", "profile": f"{_LONG}userinfo.profile"}
SCOPES = {
    "openid",
    *_LONG_NAMES.values(),
    f"{_LONG}calendar",
    f"{_LONG}calendar.events",
    f"{_LONG}calendar.readonly",
}
_NO_STORE = {"Cache-Control": "no-store"}
_KEYS_FOR = {"Cache-Control": "public, max-age=3600"}


@dataclass(frozen=True)
class GooglePerson:
    """Whoever sits before the browser."""

    email: str
    name: str = "Somebody"
    email_verified: bool = True
    sub: str = "100000000000000000001"
    hd: str | None = None


@dataclass
class _Grant:
    """What one consent allowed; its tokens die together."""

    person: GooglePerson
    scopes: tuple[str, ...]
    refresh_token: str = field(default_factory=lambda: "1//" + secrets.token_urlsafe(24))
    access_tokens: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Code:
    """What a code was given for; it must be redeemed with the same."""

    grant: _Grant
    redirect_uri: str
    challenge: str
    nonce: str | None


@dataclass(frozen=True)
class _Said:
    """One answer."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


class _RefusedError(Exception):
    def __init__(self, error: str, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.said = _Said(status, {"error": error, "error_description": why}, _NO_STORE)


class FakeGoogle:
    """The server, its keys and the person before the browser. A context manager."""

    def __init__(self) -> None:
        self.client_id = CLIENT_ID
        self.client_secret = CLIENT_SECRET
        self.person = GooglePerson("ana@studio.example", name="Ana")
        self.consents = True
        self.claims: dict[str, Any] = {}
        self.token_lifetime_s = 3600
        self.down = False
        self.held: threading.Event | None = None
        """Where set, no answer leaves before the event does."""
        self.keys = KeyRing()
        self.asked: list[str] = []
        """The paths that were asked for, in order."""
        self.revoked: list[str] = []
        self._codes: dict[str, _Code] = {}
        self._grants: list[_Grant] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.held is not None:
            self.held.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def environment(self) -> dict[str, str]:
        """The settings by which the programs take this server for Google."""
        return {
            "GOOGLE_CLIENT_ID": self.client_id,
            "GOOGLE_CLIENT_SECRET": self.client_secret,
            "GOOGLE_AUTH_URL": f"{self.issuer}/authorize",
            "GOOGLE_TOKEN_URL": f"{self.issuer}/token",
            "GOOGLE_CERTS_URL": f"{self.issuer}/certs",
            "GOOGLE_REVOKE_URL": f"{self.issuer}/revoke",
            "GOOGLE_ISSUER": self.issuer,
        }

    def id_token(self, *, nonce: str | None = None, **changes: Any) -> str:
        """A signed token about the person, without the browser. changes: None leaves one out."""
        return self.keys.current.sign(self.said_of_person(self.person, nonce, changes))

    def said_of_person(
        self, person: GooglePerson, nonce: str | None, changes: dict[str, Any]
    ) -> dict[str, Any]:
        """The claims of a token."""
        issued_at = now()
        claims = {
            "iss": self.issuer,
            "azp": self.client_id,
            "aud": self.client_id,
            "sub": person.sub,
            "email": person.email,
            "email_verified": person.email_verified,
            "name": person.name,
            "hd": person.hd,
            "nonce": nonce,
            "iat": issued_at,
            "exp": issued_at + self.token_lifetime_s,
        }
        said = claims | self.claims | changes
        return {name: value for name, value in said.items() if value is not None}

    # --- what it answers ------------------------------------------------------------------------

    def answer(self, method: str, path: str, query: dict[str, str], form: dict[str, str]) -> _Said:
        match method, path:
            case "GET", "/authorize":
                return self._authorize(query)
            case "POST", "/token":
                return self._token(form)
            case "POST", "/revoke":
                return self._revoke(query | form)
            case "GET", "/userinfo":
                return self._userinfo(form.get("access_token", ""))
            case "GET", "/certs":
                return _Said(200, self.keys.key_set(), _KEYS_FOR)
            case "GET", "/certs/pem":
                return _Said(200, dict(self.keys.certificates()), _KEYS_FOR)
        return _Said(404, {"error": "not_found"})

    def _authorize(self, asked: dict[str, str]) -> _Said:
        """A wrong client or redirect is told on the page; only the rest travels by redirect."""
        if asked.get("client_id") != self.client_id:
            raise _RefusedError("invalid_client", "The OAuth client was not found.", 401)
        back = asked.get("redirect_uri", "")
        place = urlsplit(back)
        if place.scheme != "http" or place.hostname != "127.0.0.1" or place.port is None:
            raise _RefusedError("redirect_uri_mismatch", f"{back} is not registered.")
        if place.query or place.fragment or place.username:
            raise _RefusedError("redirect_uri_mismatch", f"{back} is not registered.")
        if asked.get("response_type") != "code":
            raise _RefusedError("unsupported_response_type", "It must be code.")
        challenge = asked.get("code_challenge", "")
        if asked.get("code_challenge_method") != "S256" or len(challenge) != 43:
            raise _RefusedError("invalid_request", "PKCE with S256 is required.")
        scopes = _long_names(asked.get("scope", ""))
        if not scopes or not set(scopes) <= SCOPES:
            raise _RefusedError("invalid_scope", f"Not known here: {scopes}")
        state = {"state": asked["state"]} if "state" in asked else {}
        if not self.consents:
            return _redirect(back, {"error": "access_denied"} | state)
        with self._lock:
            if asked.get("include_granted_scopes") == "true":
                scopes = self._already_granted(scopes)
            grant = _Grant(self.person, scopes)
            code = "4/" + secrets.token_urlsafe(32)
            self._codes[code] = _Code(grant, back, challenge, asked.get("nonce"))
        return _redirect(back, {"code": code, "scope": " ".join(scopes)} | state)

    def _already_granted(self, scopes: tuple[str, ...]) -> tuple[str, ...]:
        before = [g.scopes for g in self._grants if g.person.sub == self.person.sub]
        return tuple(dict.fromkeys([*scopes, *(scope for held in before for scope in held)]))

    def _token(self, form: dict[str, str]) -> _Said:
        known = (form.get("client_id"), form.get("client_secret"))
        if known != (self.client_id, self.client_secret):
            raise _RefusedError("invalid_client", "Unknown client or wrong secret.", 401)
        match form.get("grant_type"):
            case "authorization_code":
                return self._redeem(form)
            case "refresh_token":
                return self._refresh(form.get("refresh_token", ""))
        raise _RefusedError("unsupported_grant_type", "Only codes and refresh tokens.")

    def _redeem(self, form: dict[str, str]) -> _Said:
        with self._lock:
            code = self._codes.pop(form.get("code", ""), None)
        if code is None:
            raise _RefusedError("invalid_grant", "Unknown code, or used before.")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
            raise _RefusedError("invalid_grant", "The code verifier does not fit.")
        if form.get("redirect_uri") != code.redirect_uri:
            raise _RefusedError("redirect_uri_mismatch", "Not the redirect of this code.")
        with self._lock:
            self._grants.append(code.grant)
        return self._tokens(code.grant, code.nonce, {"refresh_token": code.grant.refresh_token})

    def _refresh(self, refresh_token: str) -> _Said:
        with self._lock:
            found = [grant for grant in self._grants if grant.refresh_token == refresh_token]
        if not refresh_token or not found:
            raise _RefusedError("invalid_grant", "Token has been expired or revoked.")
        return self._tokens(found[0], None, {})

    def _tokens(self, grant: _Grant, nonce: str | None, more: dict[str, Any]) -> _Said:
        access_token = "ya29." + secrets.token_urlsafe(24)
        with self._lock:
            grant.access_tokens.add(access_token)
        said = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": self.token_lifetime_s,
            "scope": " ".join(grant.scopes),
        }
        if "openid" in grant.scopes:
            claims = self.said_of_person(grant.person, nonce, {"at_hash": _half(access_token)})
            said["id_token"] = self.keys.current.sign(claims)
        return _Said(200, said | more, _NO_STORE)

    def _revoke(self, asked: dict[str, str]) -> _Said:
        token = asked.get("token", "")
        with self._lock:
            held = [g for g in self._grants if token == g.refresh_token or token in g.access_tokens]
            if not held:
                raise _RefusedError("invalid_token", "Token expired or revoked.")
            self._grants = [grant for grant in self._grants if grant not in held]
            self.revoked.append(token)
        return _Said(200, {})

    def _userinfo(self, access_token: str) -> _Said:
        with self._lock:
            held = [grant for grant in self._grants if access_token in grant.access_tokens]
        if not held:
            raise _RefusedError("invalid_request", "Invalid Credentials", 401)
        person = held[0].person
        return _Said(
            200,
            {
                "sub": person.sub,
                "name": person.name,
                "email": person.email,
                "email_verified": person.email_verified,
            },
        )


def _long_names(scope: str) -> tuple[str, ...]:
    """Google grants the long name where the short one was asked for."""
    return tuple(dict.fromkeys(_LONG_NAMES.get(name, name) for name in scope.split()))


def _half(access_token: str) -> str:
    """Ties an id_token to its access token, so that no two of a second are the same."""
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def _redirect(back: str, answer: dict[str, str]) -> _Said:
    return _Said(302, {}, {"Location": f"{back}?{urlencode(answer)}"})


def _handler(google: FakeGoogle) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self._answer(_single(self.rfile.read(length).decode()))

        def _answer(self, form: dict[str, str]) -> None:
            place = urlsplit(self.path)
            google.asked.append(place.path)
            if google.held is not None:
                google.held.wait(timeout=30)
            try:
                if google.down:
                    raise _RefusedError("backend_error", "Try again later.", 503)
                said = google.answer(
                    self.command, place.path, _single(place.query), self._credentials() | form
                )
            except _RefusedError as refused:
                said = refused.said
            body = json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _credentials(self) -> dict[str, str]:
            """Of the Authorization header: a client's (Basic) or an access token (Bearer)."""
            kind, _, value = self.headers.get("Authorization", "").partition(" ")
            match kind.lower():
                case "bearer":
                    return {"access_token": value}
                case "basic":
                    name, _, secret = base64.b64decode(value).decode().partition(":")
                    return {"client_id": name, "client_secret": secret}
            return {}

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the test asks google.asked."""

    return Handler


def _single(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
