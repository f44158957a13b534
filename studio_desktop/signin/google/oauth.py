"""What is asked of Google itself: the consent page, tokens for its answer, fresh ones, an end."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import requests
from google_auth_oauthlib.flow import InstalledAppFlow
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from studio_core.errors import RuleError, UnavailableError
from studio_desktop.signin.google import web
from studio_desktop.signin.google.setup import GoogleSetup

# By their long names, as Google answers with: the library refuses an answer of other names.
SCOPES = (
    "openid",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/userinfo.profile",
)
UNREACHABLE = "google_no_answer"
REFUSED = "google_refused_sign_in"


@dataclass(frozen=True)
class Tokens:
    """refresh_token: None where Google gave none, so that the sign-in cannot be renewed."""

    id_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)


class Consent:
    """One visit to Google's page: its address, then the tokens for the code it sent back.

    With a state of its own and PKCE (S256): a code that somebody overheard is worth nothing.
    """

    def __init__(self, setup: GoogleSetup, redirect_uri: str, nonce: str, hint: str = "") -> None:
        """hint: the e-mail of whoever is expected."""
        _keep_tokens_out_of_logs()
        installed = {
            "client_id": setup.client_id,
            "client_secret": setup.client_secret,
            "auth_uri": setup.auth_url,
            "token_uri": setup.token_url,
        }
        self._flow = InstalledAppFlow.from_client_config(
            {"installed": installed}, SCOPES, redirect_uri=redirect_uri
        )
        self._setup = setup
        _prepare(self._flow.oauth2session, setup)
        # Google gives a refresh token only with a consent; a shared computer has several accounts.
        wishes = {"access_type": "offline", "prompt": "select_account consent", "nonce": nonce}
        if hint:
            wishes["login_hint"] = hint
        self.url, self.state = self._flow.authorization_url(**wishes)

    def tokens(self, code: str) -> Tokens:
        """Raises UnavailableError, RuleError("google_refused_sign_in")."""
        with self._flow.oauth2session, _refusals(self._setup, invalid_grant=REFUSED):
            return _tokens(
                self._flow.fetch_token(code=code, include_client_id=True, timeout=web.TIMEOUT_S)
            )


def fresh_tokens(setup: GoogleSetup, refresh_token: str) -> Tokens:
    """A new id_token without a browser; the refresh token, or the one that takes its place.

    Raises UnavailableError, RuleError("google_sign_in_over"): withdrawn, or not used for long.
    """
    _keep_tokens_out_of_logs()
    over = _refusals(setup, invalid_grant="google_sign_in_over")
    with OAuth2Session(setup.client_id, scope=SCOPES) as session, over:
        _prepare(session, setup)
        named = {"client_id": setup.client_id, "client_secret": setup.client_secret}
        answer = session.refresh_token(
            setup.token_url, refresh_token=refresh_token, timeout=web.TIMEOUT_S, **named
        )
        return _tokens({"refresh_token": refresh_token, **answer})


def revoke(setup: GoogleSetup, token: str) -> None:
    """Take back what was consented to. A token that is revoked already is no failure.

    Raises UnavailableError.
    """
    _require_answer(web.post(setup.revoke_url, unreachable=UNREACHABLE, data={"token": token}))


def _tokens(answer: dict[str, Any]) -> Tokens:
    id_token = answer.get("id_token")
    if not isinstance(id_token, str):
        raise RuleError(REFUSED, reason="no id_token")
    return Tokens(id_token, answer.get("refresh_token"))


def _prepare(session: OAuth2Session, setup: GoogleSetup) -> None:
    session.trust_env = web.uses_environment(setup.token_url)
    for kind in ("access_token_response", "refresh_token_response"):
        session.register_compliance_hook(kind, _require_answer)


def _require_answer(answer: requests.Response) -> requests.Response:
    """A failing server's page would be read as an answer without tokens."""
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS or web.is_failing(answer):
        raise UnavailableError(UNREACHABLE, host=web.host_of(answer.url))
    return answer


@contextmanager
def _refusals(setup: GoogleSetup, *, invalid_grant: str) -> Iterator[None]:
    """What the libraries raise, as ours. Their texts may hold an answer and are not passed on.

    invalid_grant: our code for a code or refresh token that Google does not take (any more).
    """
    try:
        yield
    except requests.RequestException as error:
        raise UnavailableError(UNREACHABLE, host=web.host_of(setup.token_url)) from error
    except OAuth2Error as error:
        code = invalid_grant if error.error == "invalid_grant" else REFUSED
        raise RuleError(code, reason=error.error) from error
    except Warning as warning:
        # oauthlib's way to say that other scopes were granted; a subclass means something else.
        if type(warning) is not Warning:
            raise
        raise RuleError(REFUSED, reason="scope") from warning


def _keep_tokens_out_of_logs() -> None:
    """Both libraries write requests and tokens into the log, at a level one may turn on."""
    for name in ("oauthlib", "requests_oauthlib"):
        logging.getLogger(name).setLevel(logging.INFO)
