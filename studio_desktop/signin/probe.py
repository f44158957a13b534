"""Whether a server answers at all, without signing in anywhere."""

import socket

from sqlalchemy import URL

from studio_core.errors import UnavailableError

TIMEOUT_S = 3.0


def server_name(address: URL) -> str:
    """The server as people call it."""
    hosts = _hosts(address)
    return hosts[0][0] if hosts else ""


def probe(address: URL) -> str:
    """The name of the first host that answers. Raises UnavailableError("unreachable")."""
    for host, port in _hosts(address):
        try:
            socket.create_connection((host, port), TIMEOUT_S).close()
        except OSError:
            continue
        return host
    raise UnavailableError("unreachable", host=server_name(address))


def _hosts(address: URL) -> list[tuple[str, int]]:
    """One or several (host, port), as psycopg2 would try them."""
    if address.host is not None:
        return [(address.host, address.port or 5432)]
    hosts, ports = address.query.get("host", ""), address.query.get("port", "")
    names = str(hosts).split(",") if hosts else ["localhost"]
    numbers = str(ports).split(",") if ports else []
    return [
        (name, int(numbers[place]) if place < len(numbers) and numbers[place] else 5432)
        for place, name in enumerate(names)
    ]
