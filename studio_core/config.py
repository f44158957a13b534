"""What the programs are told from outside: the environment and, below it, a file `.env`.

Each field here has its explanation in `.env.example`; a test keeps the two together.
"""

import difflib
import logging
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import platformdirs
from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from studio_core.errors import ConfigError

_log = logging.getLogger(__name__)

_APPLICATION = "tattoo-studio"
# One PostgreSQL integer: the batch size travels to SQL functions as one.
_LARGEST_BATCH = 2_147_483_647
_NAMED = "named_setting"
_DEVELOPMENT_ONLY = (
    "studio_clock_offset_s",
    "oauthlib_insecure_transport",
    "oauthlib_relax_token_scope",
)

LONGEST_THRESHOLD_MS = 3_600_000
"""Of the slow-query alerts; the studio's own setting has the same bound."""


def data_dir() -> Path:
    """The signed-in computer user's own folder for the studio's data; it may not exist yet."""
    return platformdirs.user_data_path(_APPLICATION, appauthor=False)


def _default_log_dir() -> Path:
    return platformdirs.user_log_path(_APPLICATION, appauthor=False)


def _default_backup_dir() -> Path:
    return data_dir() / "backups"


def _postgres_url(value: SecretStr) -> SecretStr:
    scheme, separator, rest = value.get_secret_value().partition("://")
    if scheme.split("+")[0] not in ("postgres", "postgresql") or not separator or not rest:
        raise ValueError("it must look like postgresql://user:password@host:5432/database")
    return value


def _web_address(value: str) -> str:
    """https, or plain http where no packet leaves the computer; without a slash at the end."""
    parts = urlsplit(value)
    plain = parts.scheme == "http" and is_loopback_host(parts.hostname or "")
    if not parts.hostname or not (plain or parts.scheme == "https"):
        raise ValueError("it must look like https://host; http:// is for this computer alone")
    return value.rstrip("/")


def is_loopback_host(host: str) -> bool:
    """Whether packets to this host stay on the machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _networks(value: str) -> str:
    for part in value.split(","):
        if part.strip():
            try:
                ip_network(part.strip())
            except ValueError as error:
                raise ValueError(
                    "it must be addresses or networks with commas, like 127.0.0.1,10.0.0.0/8"
                ) from error
    return value


def _webhook_address(value: SecretStr) -> SecretStr:
    """What goes over the network is encrypted; a fake on this computer need not be."""
    try:
        parts = urlsplit(value.get_secret_value())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("https", "http"):
        raise ValueError("it must look like https://host/path")
    if parts.scheme == "http" and not is_loopback_host(host):
        raise ValueError("it must start with https:// outside this computer")
    return value


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError) as error:  # An unknown zone is a KeyError.
        raise ValueError("it must be a time zone such as America/Sao_Paulo") from error
    return value


def _without_home_sign(value: object) -> object:
    return Path(value).expanduser() if isinstance(value, str) else value


DatabaseUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
WebhookAddress = Annotated[SecretStr, AfterValidator(_webhook_address)]
Folder = Annotated[Path, BeforeValidator(_without_home_sign)]
File = Folder


class Settings(BaseSettings):
    """The values in force. Each field is read from the variable of the same name in capitals."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        env_file_encoding="utf-8-sig",  # Windows' Notepad writes the mark.
        hide_input_in_errors=True,
    )

    studio_env: Literal["production", "development"] = "production"
    database_url: DatabaseUrl | None = None
    admin_database_url: DatabaseUrl | None = None
    # What docker compose reads from the same .env; known here so that they are not warned about.
    postgres_user: str = "admin"
    postgres_password: SecretStr | None = None
    postgres_db: str = "tattoo_studio"
    studio_listen: str = "127.0.0.1"
    studio_names: str = ""
    batch_size: int = Field(default=100, ge=1, le=_LARGEST_BATCH)
    extrato_require_backup: bool = True
    backup_dir: Folder = Field(default_factory=_default_backup_dir)
    backup_copy_dir: Folder | None = None
    log_dir: Folder = Field(default_factory=_default_log_dir)
    tz: Annotated[str, AfterValidator(_known_zone)] = "America/Sao_Paulo"
    # None: the studio's own setting decides. They are read again while a program runs.
    alert_slow_query_enabled: bool | None = None
    alert_query_ms_threshold: int | None = Field(default=None, ge=1, le=LONGEST_THRESHOLD_MS)
    alert_slack_webhook_url: WebhookAddress | None = None
    serve_host: str = "127.0.0.1"
    serve_port: int = Field(default=5000, ge=0, le=65535)
    serve_certificate: File | None = None
    serve_key: File | None = None
    studio_clock_offset_s: int = 0
    jwt_secret_key: SecretStr | None = None
    flask_secret_key: SecretStr | None = None  # What the legacy system called it.
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = ""
    studio_server_url: WebAddress | None = None
    google_client_id: str | None = None
    google_client_secret: SecretStr | None = None
    google_auth_url: WebAddress = "https://accounts.google.com/o/oauth2/v2/auth"
    google_token_url: WebAddress = "https://oauth2.googleapis.com/token"
    google_revoke_url: WebAddress = "https://oauth2.googleapis.com/revoke"
    google_certs_url: WebAddress = "https://www.googleapis.com/oauth2/v1/certs"
    google_issuer: WebAddress = "https://accounts.google.com"
    oauthlib_insecure_transport: bool = False
    oauthlib_relax_token_scope: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """Only the default of the studio's zone at set-up; afterwards the database knows it."""
        return ZoneInfo(self.tz)

    @model_validator(mode="after")
    def _nothing_for_development_in_production(self) -> Self:
        for name in _DEVELOPMENT_ONLY:
            # oauthlib looks into the environment itself and takes even 0 for a yes.
            given = name.startswith("oauthlib") and name in self.model_fields_set
            if (given or getattr(self, name)) and self.studio_env != "development":
                raise PydanticCustomError(
                    _NAMED, "it may only be set with STUDIO_ENV=development", {"name": name}
                )
        return self

    @model_validator(mode="after")
    def _certificate_with_its_key(self) -> Self:
        if (self.serve_certificate is None) != (self.serve_key is None):
            missing = "serve_key" if self.serve_key is None else "serve_certificate"
            raise PydanticCustomError(
                _NAMED, "SERVE_CERTIFICATE and SERVE_KEY go together", {"name": missing}
            )
        return self

    @model_validator(mode="after")
    def _second_place_is_another(self) -> Self:
        copies = self.backup_copy_dir
        if copies is not None and copies.absolute() == self.backup_dir.absolute():
            raise PydanticCustomError(
                _NAMED, "it must be another folder than BACKUP_DIR", {"name": "backup_copy_dir"}
            )
        return self

    @property
    def trusted_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The proxies whose word on who is asking is taken."""
        parts = (part.strip() for part in self.trusted_proxies.split(","))
        return tuple(ip_network(part) for part in parts if part)

    def required_database_url(self) -> str:
        """The database of every-day work. Raises ConfigError("setting_missing")."""
        if self.database_url is None:
            raise ConfigError("setting_missing", name="DATABASE_URL")
        return self.database_url.get_secret_value()

    def required_admin_url(self) -> str:
        """The database as its administrator, for migrations; DATABASE_URL where that alone is set.

        Raises ConfigError("setting_missing").
        """
        if self.admin_database_url is None:
            return self.required_database_url()
        return self.named_admin_url()

    def named_admin_url(self) -> str:
        """ADMIN_DATABASE_URL itself, for what must not fall on the database of every-day work.

        Raises ConfigError("setting_missing").
        """
        if self.admin_database_url is None:
            raise ConfigError("setting_missing", name="ADMIN_DATABASE_URL")
        return self.admin_database_url.get_secret_value()


def setting_names() -> tuple[str, ...]:
    """Every variable the programs read, in the order of the class."""
    return tuple(name.upper() for name in Settings.model_fields)


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the environment and the file; the environment wins.

    Warns (logger studio_core.config) about every name in the file that means nothing here.
    Raises ConfigError: "bad_setting" for one malformed value, "bad_settings" for several.
    """
    try:
        settings = Settings(_env_file=env_file)
        in_file = dotenv_values(env_file, encoding="utf-8-sig") if env_file is not None else {}
    except ValidationError as error:
        raise _refusal(error) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("bad_setting", name=str(env_file), reason="it cannot be read") from error
    for warning in unknown_names(in_file):
        _log.warning("%s: %s", env_file, warning)
    return settings


class SettingsFile:
    """A file of settings, and whether it is still what was read."""

    def __init__(self, path: Path = Path(".env")) -> None:
        self._path = path.absolute()
        self._seen: object = None

    def load(self) -> Settings:
        """What load_settings reads, which see for what it raises."""
        # Looked at first: what is written while we read is seen as a change afterwards.
        self._seen = self._mark()
        return load_settings(self._path)

    def changed(self) -> bool:
        """Whether somebody wrote, made or removed it since it was last read."""
        return self._mark() != self._seen

    def _mark(self) -> object:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def unknown_names(values: Mapping[str, object]) -> tuple[str, ...]:
    """One sentence for each name that is no setting, with the one it was perhaps meant to be."""
    known = setting_names()
    sentences = []
    for name in values:
        if name.upper() in known:
            continue
        close = difflib.get_close_matches(name.upper(), known, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        sentences.append(f"{name} is not a setting of this program and is ignored.{hint}")
    return tuple(sentences)


def _refusal(error: ValidationError) -> ConfigError:
    found = [
        ConfigError("bad_setting", name=_name(problem).upper(), reason=_reason(problem))
        for problem in error.errors(include_input=False, include_url=False)
    ]
    if len(found) == 1:
        return found[0]
    return ConfigError("bad_settings", problems=" ".join(str(problem) for problem in found))


def _name(problem: Mapping[str, Any]) -> str:
    """A refusal about several settings has no place of its own, and names one."""
    return str(problem["ctx"]["name"] if problem["type"] == _NAMED else problem["loc"][0])


def _reason(problem: Mapping[str, Any]) -> str:
    """What the value must be. The value itself is left out: it may be a secret."""
    context = problem.get("ctx", {})
    match problem["type"]:
        case "int_parsing" | "int_type" | "int_from_float":
            return "it must be a whole number"
        case "greater_than_equal":
            return f"it must be {context['ge']} or more"
        case "less_than_equal" | "int_parsing_size":
            return f"it must be {context.get('le', _LARGEST_BATCH)} or less"
        case "bool_parsing" | "bool_type":
            return "it must be true or false"
        case "literal_error":
            return f"it must be {context['expected']}"
        case "value_error":
            return str(context["error"])
        case _:
            return str(problem["msg"])
