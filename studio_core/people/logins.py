"""Login roles: their names, and passwords that the database can check but nobody can read."""

import hashlib
import secrets
from typing import cast

from psycopg2.extensions import connection as RawConnection  # noqa: N812 – a class, named so there
from psycopg2.extensions import encrypt_password
from sqlalchemy import func, select
from sqlalchemy.orm import Session

# Without what a person reading it aloud or from paper takes for something else.
_PLAIN_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


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


def password_verifier(session: Session, email: str, password: str) -> str:
    """The verifier of whoever signs in with that e-mail."""
    role: str = session.scalars(select(func.studio.login_role(email))).one()
    return scram_verifier(session, role, password)


def one_time_password() -> str:
    """A password to read to somebody, like "k4mt-9xqd-r2wh-pz7c": 79 random bits."""
    return "-".join(
        "".join(secrets.choice(_PLAIN_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS)
    )
