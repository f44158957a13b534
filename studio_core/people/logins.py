"""Login roles: their names, and passwords that the database can check but nobody can read."""

import hashlib
import secrets
from typing import cast

from psycopg2.extensions import connection as RawConnection  # noqa: N812 – a class, named so there
from psycopg2.extensions import encrypt_password
from sqlalchemy.orm import Session


def login_role(database_name: str, email: str) -> str:
    """The role that signs in with an e-mail and a password, known before there is a connection.

    The same as the database's studio.login_role(): the name of the database, since roles belong
    to the whole cluster, and a digest, since every role may read the names of all others.
    """
    spoken = f"{database_name}\n{email.strip(' ').lower()}"
    return f"{database_name[:30]}.{hashlib.sha256(spoken.encode()).hexdigest()[:24]}"


def scram_verifier(session: Session, role: str, password: str) -> str:
    """What the server stores in place of a password; the only form in which one travels.

    libpq makes it on this side of the connection, with the same treatment of letters beyond ASCII
    as when signing in.
    """
    raw = cast(RawConnection, session.connection().connection.dbapi_connection)
    return str(encrypt_password(password, role, scope=raw, algorithm="scram-sha-256"))


# Without letters and digits that look alike: it is read aloud and typed from paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 4


def new_one_time_password() -> str:
    """Random, of about 79 bits, in groups of four: k7mp-x2ra-9fhd-w4tz."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)
