"""One sign-in with Google while it lasts: renewed before it ends, ended with nothing left."""

import threading
from typing import TYPE_CHECKING

from sqlalchemy import URL

from studio_core.db.credential import Credential
from studio_core.errors import RuleError, StudioError
from studio_desktop.signin.kept_logins import GoogleLogin

if TYPE_CHECKING:
    from studio_desktop.signin.google.login import GoogleSignIn


class GoogleSession:
    """Runs off the UI thread, safe across threads; raises StudioError.

    credential: what the open database signs in with; told of every new password.
    """

    def __init__(
        self, google: "GoogleSignIn", address: URL, login: GoogleLogin, credential: Credential
    ) -> None:
        self._google, self._address = google, address
        self._login, self._credential = login, credential
        # A password that comes while the person signs out would outlive them.
        self._one_at_a_time = threading.Lock()
        self._ended = False

    @property
    def login(self) -> GoogleLogin:
        return self._login

    def serve(self, credential: Credential) -> None:
        """Tell this one of new passwords from now on: of work that goes on with a new sign-in."""
        with self._one_at_a_time:
            credential.replace(self._login.role, self._login.password)
            self._credential = credential

    def renew(self) -> GoogleLogin:
        """A newer password, for every connection from now on.

        Raises RuleError where trying again is of no use: google_sign_in_over, google_not_admitted.
        """
        with self._one_at_a_time:
            if self._ended:
                raise RuleError("google_sign_in_over")
            self._login = self._google.newer(self._address, self._login)
            self._credential.replace(self._login.role, self._login.password)
            return self._login

    def sign_out(self) -> StudioError | None:
        """Leaves nothing: no entry in the keyring, no password that works, no token at Google.

        What is out of reach does not keep the rest from being done; it is returned.
        """
        self._ended = True
        with self._one_at_a_time:
            return self._google.end(self._address, self._login)
