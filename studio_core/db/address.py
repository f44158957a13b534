"""Database addresses: what people write, and what every connection of ours is opened with."""

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sqlalchemy import URL

from studio_core.config import is_loopback_host
from studio_core.errors import ConfigError

DRIVER = "postgresql+psycopg2"
_SCHEMES = {"postgres", "postgresql", DRIVER, "postgres+psycopg2"}
_WEAK_TLS = {"disable", "allow", "prefer"}
_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.%]+\]|[^\[\]:]*)(?::(?P<port>[0-9]*))?")


def normalise_url(text: str | URL) -> URL:
    """The address for SQLAlchemy and psycopg2, from any spelling a person or a hosting gives.

    Several hosts ("h1:5432,h2") and libpq's own settings (target_session_attrs …) are kept.
    Outside loopback TLS is never weaker than "require", and "verify-full" where a CA is named
    without saying how far to check.
    Raises ConfigError("database_url_…"), which never shows the password.
    """
    if isinstance(text, URL):
        text = text.render_as_string(hide_password=False)
    text = text.strip()
    scheme, separator, _ = text.partition("://")
    if not separator or not _is_text(unquote(text)):
        raise ConfigError("database_url_malformed")
    if scheme.lower() not in _SCHEMES:
        raise ConfigError("database_url_scheme", scheme=scheme)
    try:
        parts = urlsplit("postgresql" + text[len(scheme) :])
    except ValueError:
        raise ConfigError("database_url_malformed") from None
    database = unquote(parts.path.removeprefix("/"))
    if not database or "/" in database or parts.fragment:
        raise ConfigError("database_url_no_database")
    user, password, places = _split_authority(parts.netloc)
    query: dict[str, str] = {}
    for name, value in parse_qsl(parts.query):
        query[name] = f"{query[name]},{value}" if name in query else value
    hosts, ports = _hosts(places, query)
    _raise_tls(hosts, query)
    url = URL.create(DRIVER, username=user, password=password, database=database, query=query)
    if not hosts:
        return url
    if len(hosts) == 1 and not hosts[0].startswith(("/", "@")):
        return url.set(host=hosts[0], port=int(ports[0]))
    return url.update_query_dict({"host": ",".join(hosts), "port": ",".join(ports)})


def connect_arguments(url: URL) -> dict[str, Any]:
    """The keyword arguments of psycopg2.connect for an address that normalise_url gave."""
    named = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
    }
    return {**{name: value for name, value in named.items() if value is not None}, **url.query}


def is_loopback(host: str) -> bool:
    """Whether packets to this host stay on the machine; socket folders count."""
    return not host or host.startswith(("/", "@")) or is_loopback_host(host.strip("[]"))


def _is_text(words: str) -> bool:
    """Whether PostgreSQL can be told it: no NUL, and no bytes that a terminal's encoding lacks."""
    return "\0" not in words and not any("\ud800" <= sign <= "\udfff" for sign in words)


def _split_authority(authority: str) -> tuple[str | None, str | None, str]:
    credentials, at, places = authority.rpartition("@")
    if not at:
        return None, None, places
    user, colon, password = credentials.partition(":")
    return unquote(user) or None, unquote(password) if colon else None, places


def _hosts(places: str, query: dict[str, str]) -> tuple[list[str], list[str]]:
    """Hosts and ports, one port each, taken from the authority or else from the query."""
    asked = query.pop("host", "")
    asked_ports = query.pop("port", "5432").split(",")
    hosts, ports = [], []
    for number, place in enumerate((places or asked).split(",")):
        default = asked_ports[number if number < len(asked_ports) else 0]
        found = _HOST.fullmatch(place)
        if place.startswith(("/", "@")):
            hosts.append(place)
            ports.append(_port(default))
        elif found is not None:
            hosts.append(unquote(found["host"]).strip("[]") or "localhost")
            ports.append(_port(found["port"] or default))
        elif is_loopback(place) or place.count(":") > 1:
            hosts.append(place)
            ports.append(_port(default))
        else:
            raise ConfigError("database_url_malformed")
    return (hosts, ports) if places or asked else ([], [])


def _port(text: str) -> str:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ConfigError("database_url_port", port=text)
    return text


def _raise_tls(hosts: list[str], query: dict[str, str]) -> None:
    # libpq connects to hostaddr where one is given, and the host is then only a name.
    places = query["hostaddr"].split(",") if query.get("hostaddr") else hosts
    if all(is_loopback(host) for host in (*hosts, *places)):
        return
    asked = query.get("sslmode")
    if asked is None and "sslrootcert" in query:
        query["sslmode"] = "verify-full"
    elif asked is None or asked in _WEAK_TLS:
        query["sslmode"] = "require"
