"""The studio's server, which trusts Google's word and hands out passwords of the database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from uuid import UUID

import requests
from sqlalchemy import URL

from studio_core.errors import ConfigError, RuleError, StudioError, UnavailableError
from studio_desktop.signin.google import web

UNREACHABLE = "studio_server_unreachable"


@dataclass(frozen=True)
class Grant:
    """A login role with a password that ends. The times are by the server's clock."""

    role: str
    password: str = field(repr=False)
    issued_at: datetime
    expires_at: datetime
    email: str
    name: str
    database: str


class Broker:
    """Runs off the UI thread; everything raises StudioError.

    database: the studio's. Where it has an authority of its own, the server shows its certificate,
    too.
    """

    def __init__(self, server_url: str, database: URL) -> None:
        authority = database.query.get("sslrootcert")
        own = isinstance(authority, str) and authority != "system"
        self._server_url, self._authority = server_url, str(authority) if own else None
        self._host = web.host_of(server_url)

    def nonce(self, client_id: str) -> str:
        """For one sign-in. client_id: this program's name at Google, which the server must share.

        Raises ConfigError: server_without_google, google_clients_differ.
        """
        content, _ = self._ask("/auth/google/nonce", {})
        nonce, expected = content.get("nonce"), content.get("client_id")
        if not isinstance(nonce, str) or not isinstance(expected, str):
            raise self._strange()
        if expected != client_id:
            raise ConfigError("google_clients_differ")
        return nonce

    def grant(self, id_token: str, device: UUID, nonce: str | None = None) -> Grant:
        """nonce: of a first sign-in; a device that is known goes on without.

        Raises RuleError("google_not_admitted"): nobody of the studio, or not any more.
        """
        asked = {"id_token": id_token, "device": str(device)}
        if nonce is not None:
            asked["nonce"] = nonce
        content, moment = self._ask("/auth/google", asked)
        try:
            words = {name: str(content[name]) for name in ("role", "email", "name", "database")}
            return Grant(
                password=str(content["password"]),
                issued_at=moment,
                expires_at=datetime.fromisoformat(str(content["expires_at"])).astimezone(UTC),
                **words,
            )
        except (KeyError, ValueError):
            raise self._strange() from None

    def _ask(self, path: str, question: dict[str, str]) -> tuple[dict[str, object], datetime]:
        """The answer's content, and when it was given."""
        answer = web.post(
            f"{self._server_url}{path}",
            unreachable=UNREACHABLE,
            json=question,
            authority=self._authority,
        )
        content = web.json_object(answer)
        if answer.status_code == HTTPStatus.OK:
            return content, _moment_of(answer)
        match content.get("code"):
            case "google_refused":
                raise RuleError("google_not_admitted")
            case "google_not_configured":
                raise ConfigError("server_without_google", host=self._host)
            case "google_unreachable":
                raise UnavailableError("server_without_answer_of_google", host=self._host)
            case "too_many_tries":
                raise UnavailableError("sign_in_too_often", minutes=_minutes_to_wait(answer))
        if web.is_failing(answer):
            raise UnavailableError(UNREACHABLE, host=self._host)
        raise self._strange()

    def _strange(self) -> StudioError:
        return UnavailableError("studio_server_strange", host=self._host)


def _moment_of(answer: requests.Response) -> datetime:
    """When the server answered, by its own clock: a desk's may be hours off."""
    try:
        return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return datetime.now(UTC)


def _minutes_to_wait(answer: requests.Response) -> int:
    """Rounded up."""
    wait_s = answer.headers.get("Retry-After", "")
    return -(-int(wait_s) // 60) if wait_s.isdigit() else 1
