"""What the database says, as our own refusals.

Our SQL functions raise with an SQLSTATE of ours, the code as message and JSON as detail.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError

from studio_core.errors import (
    AlreadyRunningError,
    ConfigError,
    ConflictError,
    RuleError,
    StudioError,
    UnavailableError,
)
from studio_core.sentences import SENTENCES

_OURS: dict[str, type[StudioError]] = {
    "ST001": RuleError,
    "ST002": ConflictError,
    "ST075": AlreadyRunningError,
}

_BY_STATE: dict[str, tuple[type[StudioError], str]] = {
    "25006": (UnavailableError, "database_read_only"),
    "28000": (RuleError, "sign_in_refused"),
    "28P01": (RuleError, "sign_in_refused"),
    "40001": (UnavailableError, "try_again"),
    "40P01": (UnavailableError, "try_again"),
    "42501": (RuleError, "not_allowed"),
    "53100": (UnavailableError, "database_disk_full"),
    "53200": (UnavailableError, "database_busy"),
    "53300": (UnavailableError, "database_busy"),
    "55P03": (RuleError, "lock_timeout"),
    "57014": (UnavailableError, "took_too_long"),
    "25P03": (UnavailableError, "connection_lost"),
    "25P04": (UnavailableError, "took_too_long"),
    "57P01": (UnavailableError, "connection_lost"),
    "57P02": (UnavailableError, "connection_lost"),
    "57P03": (UnavailableError, "database_starting"),
    "57P05": (UnavailableError, "connection_lost"),
}

_CONSTRAINTS = {
    "23502": "constraint_not_null",
    "23503": "constraint_foreign_key",
    "23505": "constraint_unique",
    "23514": "constraint_check",
    "23P01": "constraint_exclusion",
}

# A refused connection carries no SQLSTATE in psycopg2, so its text decides. A server set up in
# Portuguese answers in Portuguese. First match wins; a server that answered wins over one of
# several hosts that did not.
_AT_CONNECT: tuple[tuple[str, type[StudioError], str], ...] = (
    (
        r"password authentication failed|no password supplied|is not permitted to log in"
        r"|authentication failed for user|role \S+ does not exist"
        r"|autentica\S+ do tipo senha falhou|autentica\S+ .*falhou para (?:o )?usu",
        RuleError,
        "sign_in_refused",
    ),
    (r"permission denied for database|permiss\S+ negada para", RuleError, "sign_in_refused"),
    (
        r"database \S+ does not exist|banco de dados \S+ n\S+ existe",
        ConfigError,
        "database_missing",
    ),
    (r"no pg_hba\.conf entry|pg_hba\.conf rejects", ConfigError, "connection_not_admitted"),
    (r"authentication method requirement", ConfigError, "server_without_scram"),
    (r"does not support SSL|SSL was required", ConfigError, "server_without_tls"),
    (
        r"certificate verify failed|root certificate file|server certificate for",
        ConfigError,
        "server_certificate",
    ),
    (
        r"invalid (?:sslmode|target_session_attrs|connection option|\S+ value)|invalid URI",
        ConfigError,
        "database_url_malformed",
    ),
    (
        r"session is (?:not )?read-only|server is (?:not )?in hot standby",
        UnavailableError,
        "no_primary",
    ),
    (r"too many (?:clients|connections)|connection slots", UnavailableError, "database_busy"),
    (
        r"database system is (?:starting up|shutting down|in recovery|not yet accepting)",
        UnavailableError,
        "database_starting",
    ),
)

_MISSING_EXTENSION = re.compile(
    r"extension \"(?P<name>[^\"]+)\" is not available|extension control file \"(?P<path>[^\"]+)\""
)


@contextmanager
def translating() -> Iterator[None]:
    """Raises what translated() makes of what the driver or SQLAlchemy raise in the body; what that
    does not know passes as it is."""
    try:
        yield
    except (SQLAlchemyError, psycopg2.Error) as error:
        known = translated(error)
        if known is None:
            raise
        raise known from error


def translated(error: BaseException) -> StudioError | None:
    """Our refusal for what SQLAlchemy or psycopg2 raised; None when it is a bug of ours.

    Texts of the server never reach the refusal: they may hold values. They stay in __cause__.
    """
    if isinstance(error, StaleDataError):
        return ConflictError("changed_elsewhere")
    if isinstance(error, PoolTimeoutError):
        return UnavailableError("database_busy")
    if isinstance(error, DBAPIError):
        if error.orig is None:
            return None
        return translated(error.orig)
    if not isinstance(error, psycopg2.Error):
        return None
    if error.pgcode:
        return _by_state(error, error.pgcode)
    if isinstance(error, psycopg2.OperationalError):
        return _at_connect(str(error))
    if isinstance(error, psycopg2.InterfaceError) and "closed" in str(error):
        return UnavailableError("connection_lost")
    # psycopg2 reports some lost connections as a bare DatabaseError.
    if re.search(r"server closed the connection|connection .*closed|no message from", str(error)):
        return UnavailableError("connection_lost")
    return None


def _by_state(error: psycopg2.Error, state: str) -> StudioError | None:
    if state in _OURS:
        return _OURS[state](error.diag.message_primary or state, **_details(error))
    if state in _CONSTRAINTS:
        name = error.diag.constraint_name or error.diag.column_name or ""
        return RuleError(name if name in SENTENCES else _CONSTRAINTS[state], constraint=name)
    if state in {"0A000", "58P01"}:
        return _missing_extension(error)
    if state in _BY_STATE:
        kind, code = _BY_STATE[state]
        return kind(code)
    if state == "3D000":
        return ConfigError("database_missing", database=_quoted(error.diag.message_primary or ""))
    if state.startswith("08"):
        return UnavailableError("connection_lost")
    return None


def _details(error: psycopg2.Error) -> dict[str, object]:
    try:
        params = json.loads(error.diag.message_detail or "{}")
    except json.JSONDecodeError:
        return {}
    if not isinstance(params, dict):
        return {}
    return {str(name): value for name, value in params.items() if name != "code"}


def _missing_extension(error: psycopg2.Error) -> StudioError | None:
    found = _MISSING_EXTENSION.search(f"{error.diag.message_primary}\n{error.diag.message_detail}")
    if found is None:
        return None
    name = found["name"] or re.split(r"[/\\]", found["path"])[-1].removesuffix(".control")
    return ConfigError("extension_missing", extension=name)


def _at_connect(text: str) -> StudioError:
    for pattern, kind, code in _AT_CONNECT:
        if re.search(pattern, text, re.IGNORECASE):
            if code == "database_missing":
                return kind(code, database=_quoted(text))
            return kind(code)
    if re.search(
        r"closed the connection|terminating connection|SSL (?:SYSCALL|connection)"
        r"|could not (?:receive|send) data|no connection to",
        text,
    ):
        return UnavailableError("connection_lost")
    return UnavailableError("database_unreachable")


def _quoted(text: str) -> str:
    """The name that a message quotes last, as in: database "studio" does not exist."""
    names = re.findall(r"[\"“]([^\"”]+)[\"”]", text)
    return names[-1] if names else ""
