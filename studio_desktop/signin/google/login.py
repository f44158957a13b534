"""A sign-in with Google from its beginning to its end. Everything here runs off the UI thread.

Google's consent ─▶ id_token ─▶ the studio's server ─▶ role and password for hours ─▶ database
                     ▲ fresh ones with the refresh token, from the keyring after a restart
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import URL, func, select

from studio_core.db.credential import Credential
from studio_core.db.engine import Database
from studio_core.errors import ConfigError, RuleError, StudioError
from studio_core.observability import get_logger
from studio_desktop.signin.google.answer_page import AnswerPages
from studio_desktop.signin.google.broker import Broker, Grant
from studio_desktop.signin.google.session import GoogleSession
from studio_desktop.signin.google.setup import GoogleSetup
from studio_desktop.signin.kept_logins import GoogleLogin, KeptLogins
from studio_desktop.signin.session import APPLICATION_NAME, REFUSED, SignedIn, open_studio

log = get_logger(__name__)

WAIT_S = 180.0
"""How long a person has for Google's page."""
_BARELY = timedelta(minutes=1)
_WITHDRAWN = frozenset({REFUSED, "google_sign_in_over", "google_not_admitted"})


@dataclass(frozen=True)
class Visit:
    """How a person is sent to Google's page, and how long they are waited for.

    show: called once with the page's address. hint: the e-mail of whoever is expected.
    """

    show: Callable[[str], object]
    pages: AnswerPages
    cancelled: threading.Event
    hint: str = ""
    wait_s: float = WAIT_S


class GoogleSignIn:
    """Signs in, goes on after a restart, renews, signs out. Raises StudioError.

    address: the studio's database. device: of this desk; the passwords are for it alone.
    """

    def __init__(self, setup: GoogleSetup, kept: KeptLogins, device: UUID) -> None:
        self._setup, self._kept, self._device = setup, kept, device
        # Revoking takes back all that the person allowed this program: not while they begin anew.
        self._ending = threading.Lock()

    def keeps(self) -> bool:
        """Whether a sign-in outlives the program on this computer."""
        return self._kept.available

    def sign_in(self, address: URL, visit: Visit) -> SignedIn:
        """Through the browser. Raises also RuleError: google_cancelled, google_denied."""
        # Google's libraries are loaded only by those who use them.
        from studio_desktop.signin.google.loopback import Loopback
        from studio_desktop.signin.google.oauth import Consent

        with self._ending:
            nonce = self._broker(address).nonce(self._setup.client_id)
        with Loopback(visit.pages) as loopback:
            consent = Consent(self._setup, loopback.redirect_uri, nonce, visit.hint)
            visit.show(consent.url)
            code = loopback.wait_for_code(
                consent.state, wait_s=visit.wait_s, cancelled=visit.cancelled
            )
        tokens = consent.tokens(code)
        grant = self._broker(address).grant(tokens.id_token, self._device, nonce)
        if grant.database != address.database:
            raise ConfigError("google_other_database", database=grant.database)
        return self._opened(address, _login(grant, tokens.refresh_token), keep=True)

    def resume(self, address: URL, email: str) -> SignedIn | None:
        """Without the browser, from the keyring; None where nothing is kept.

        What Google or the studio withdrew is forgotten here as well.
        """
        login = self._kept.load(_studio(address), email)
        if login is None:
            return None
        try:
            if login.expires_at > datetime.now(UTC) + _BARELY:
                try:
                    return self._opened(address, login)
                except RuleError as error:
                    if error.code != REFUSED:
                        raise
                    # This computer's clock is wrong, or a newer one could not be written down.
                    log.info("kept_password_refused")
            return self._opened(address, self._renewed(address, login))
        except RuleError as error:
            if error.code in _WITHDRAWN:
                self._kept.forget(_studio(address), email)
            raise

    def newer(self, address: URL, login: GoogleLogin) -> GoogleLogin:
        """For the same person and desk. Raises RuleError where trying again is of no use."""
        known = self._kept.load(_studio(address), login.email)
        if known is not None and known.issued_at > login.issued_at:
            # Another program of this person on this computer was quicker.
            return known
        return self._renewed(address, login)

    def end(self, address: URL, login: GoogleLogin) -> StudioError | None:
        """See GoogleSession.sign_out."""
        from studio_desktop.signin.google.oauth import revoke

        problem: StudioError | None = None
        with self._ending:
            self._kept.forget(_studio(address), login.email)
            try:
                _end_password(address, login)
            except StudioError as error:
                problem = error
            try:
                if login.refresh_token is not None:
                    revoke(self._setup, login.refresh_token)
            except StudioError as error:
                problem = error
        return problem

    def _broker(self, address: URL) -> Broker:
        return Broker(self._setup.server_url, address)

    def _opened(self, address: URL, login: GoogleLogin, *, keep: bool = False) -> SignedIn:
        """keep: in the keyring, after it has opened the studio and is of use tomorrow."""
        credential = Credential(login.role, login.password)
        signed_in = open_studio(address, credential)
        if keep:
            login = self._kept.save(_studio(address), login)
        return replace(signed_in, google=GoogleSession(self, address, login, credential))

    def _renewed(self, address: URL, login: GoogleLogin) -> GoogleLogin:
        from studio_desktop.signin.google.oauth import fresh_tokens

        if login.refresh_token is None:
            raise RuleError("google_sign_in_over")
        tokens = fresh_tokens(self._setup, login.refresh_token)
        grant = self._broker(address).grant(tokens.id_token, self._device)
        if grant.email.lower() != login.email.lower():
            # The studio wrote another e-mail down for this person.
            self._kept.forget(_studio(address), login.email)
        return self._kept.save(_studio(address), _login(grant, tokens.refresh_token))


def _login(grant: Grant, refresh_token: str | None) -> GoogleLogin:
    return GoogleLogin(
        email=grant.email,
        role=grant.role,
        password=grant.password,
        refresh_token=refresh_token,
        issued_at=grant.issued_at,
        expires_at=grant.expires_at,
        ahead=grant.issued_at - datetime.now(UTC),
    )


def _end_password(address: URL, login: GoogleLogin) -> None:
    own = address.set(username=login.role, password=login.password)
    try:
        with (
            Database(own, application_name=APPLICATION_NAME, pool_size=1) as database,
            database.transaction() as session,
        ):
            session.execute(select(func.studio.end_own_login()))
    except RuleError as error:
        # A password that opens nothing any more needs no end.
        if error.code != REFUSED:
            raise


def _studio(address: URL) -> str:
    """The studio as the keyring tells it from others: server and database."""
    host = address.host or str(address.query.get("host", "localhost"))
    return f"{host}/{address.database}"
