"""Signing in over HTTP: with a password that PostgreSQL checks, or with Google's word.

What is refused is refused in the same words and after the same work, whether there is such a
person or not.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from server_jobs.api.addresses import Network
from server_jobs.api.transactions import STATEMENT_S, bounded_transaction
from studio_core.config import Settings
from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.integrations.google.id_tokens import Identity, IdTokens
from studio_core.integrations.google.published_keys import PublishedKeys
from studio_core.observability import get_logger
from studio_core.people.acting import act_as
from studio_core.people.google_logins import GoogleLogin, let_in_with_google
from studio_core.people.logins import login_role
from studio_core.people.nonces import issue_nonce, use_id_token, use_nonce
from studio_core.people.password_check import check_password
from studio_core.people.signing_keys import SigningKeys, signing_keys
from studio_core.people.tokens import Holder, issue_token, revoke_token, token_holder
from studio_core.people.tries import TryLimits, account_hash, begin_try, note_success

_log = get_logger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GoogleDoor:
    """client_id: of this studio at Google. id_tokens: verifies what Google gives to it."""

    client_id: str
    id_tokens: IdTokens


@dataclass(frozen=True, slots=True)
class Doors:
    """Which ways in are open. keys None: no tokens of ours. google None: not with Google."""

    keys: SigningKeys | None = None
    google: GoogleDoor | None = None
    proxies: Sequence[Network] = ()
    limits: TryLimits = field(default_factory=TryLimits)

    @classmethod
    def of(cls, settings: Settings) -> "Doors":
        """As set up. Raises ConfigError for a secret that can be guessed."""
        google = None
        if settings.google_client_id is not None:
            id_tokens = IdTokens(
                PublishedKeys(settings.google_certs_url),
                certs_url=settings.google_certs_url,
                client_id=settings.google_client_id,
                issuer=settings.google_issuer,
            )
            google = GoogleDoor(settings.google_client_id, id_tokens)
        return cls(
            keys=signing_keys(settings),
            google=google,
            proxies=settings.trusted_networks,
        )


class SignIn:
    """One studio's ways in."""

    def __init__(self, database: Database, doors: Doors) -> None:
        self._database = database
        self._doors = doors
        self._name = database.url.database or ""

    @property
    def proxies(self) -> Sequence[Network]:
        return self._doors.proxies

    @property
    def database_name(self) -> str:
        return self._name

    def require_tokens(self) -> SigningKeys:
        """The keys of our tokens. Raises RuleError("sign_in_not_configured")."""
        if self._doors.keys is None:
            raise RuleError("sign_in_not_configured")
        return self._doors.keys

    def require_google(self) -> GoogleDoor:
        """Raises RuleError("google_not_configured")."""
        if self._doors.google is None:
            raise RuleError("google_not_configured")
        return self._doors.google

    def with_password(self, *, email: str, password: str, address: str) -> str:
        """A token. Raises RuleError: sign_in_refused, password_must_change; TooManyTriesError."""
        keys = self.require_tokens()
        # One name, however the e-mail is spelled: it is what the password is checked for.
        account = login_role(self._name, email)
        with bounded_transaction(self._database) as session:
            begin_try(session, self._doors.limits, address=address, account=account)
        log = _log.bind(account=account_hash(account), address=address)
        try:
            known = check_password(
                self._database.url, email=email, password=password, within_s=STATEMENT_S
            )
        except RuleError:
            log.info("sign_in_refused")
            raise
        if known.must_change:
            log.info("password_must_change", user_id=known.user_id)
            raise RuleError("password_must_change")
        with bounded_transaction(self._database) as session:
            note_success(session, address=address, account=account)
            token = issue_token(
                session, keys, audience=self._name, role=known.role, user_id=known.user_id
            )
        log.info("signed_in", user_id=known.user_id)
        return token

    def sign_out(self, token: str | None) -> None:
        """Raises RuleError("token_refused")."""
        with bounded_transaction(self._database) as session:
            revoke_token(session, self._holder(session, token).jti)

    def as_caller(self, token: str | None, work: Callable[[Session], T]) -> T:
        """What work returns, done under the rights of whoever holds the token."""
        with (
            bounded_transaction(self._database) as session,
            act_as(session, self._holder(session, token).role),
        ):
            return work(session)

    def new_nonce(self, *, address: str) -> tuple[str, str]:
        """The nonce and the client id to ask Google with. Each counts as a try of its address."""
        client_id = self.require_google().client_id
        with bounded_transaction(self._database) as session:
            begin_try(session, self._doors.limits, address=address, account=None)
            return issue_nonce(session), client_id

    def with_google(
        self, *, id_token: str, device: UUID, nonce: str | None, address: str
    ) -> GoogleLogin:
        """A login for one device. nonce None: to renew it.

        Raises RuleError("google_refused"), TooManyTriesError,
        UnavailableError("google_unreachable").
        """
        identity = self._identity(id_token, address)
        account = f"google {identity.email.lower()}"
        with bounded_transaction(self._database) as session:
            begin_try(session, self._doors.limits, address=address, account=account)
        log = _log.bind(account=account_hash(account), address=address, renewing=nonce is None)
        # Used up for good, whatever comes of it.
        with bounded_transaction(self._database) as session:
            comes_first = _comes_first(session, identity, nonce)
        try:
            if not comes_first:
                raise RuleError("google_refused")
            with bounded_transaction(self._database) as session:
                login = let_in_with_google(
                    session, email=identity.email, device=device, renewing=nonce is None
                )
                note_success(session, address=address, account=account)
        except RuleError as error:
            log.info("google_refused", code=error.code)
            raise RuleError("google_refused") from error
        log.info("signed_in_with_google")
        return login

    def _identity(self, id_token: str, address: str) -> Identity:
        google = self.require_google()
        try:
            return google.id_tokens.verify(id_token)
        except RuleError:
            with bounded_transaction(self._database) as session:
                begin_try(session, self._doors.limits, address=address, account=None)
            _log.info("google_refused", address=address)
            raise

    def _holder(self, session: Session, token: str | None) -> Holder:
        keys = self.require_tokens()
        if token is None:
            raise RuleError("token_refused")
        return token_holder(session, keys, audience=self._name, token=token)


def _comes_first(session: Session, identity: Identity, nonce: str | None) -> bool:
    """Whether the token answers a nonce of ours, or is fresh, and was never used before."""
    if nonce is None:
        answers = identity.is_fresh(datetime.now(UTC))
    else:
        same = hmac.compare_digest((identity.nonce or "").encode(), nonce.encode())
        answers = same and use_nonce(session, nonce)
    return answers and use_id_token(session, identity.fingerprint, until=identity.expires_at)
