"""Logins for the demo studio's people."""

from typing import cast

from psycopg2.extensions import connection as RawConnection  # noqa: N812 – a class, named so there
from psycopg2.extensions import encrypt_password
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.demo.cast import MEMBERS, OWNER
from studio_core.errors import RuleError


def give_logins(database: Database, password: str) -> None:
    """Everyone with an access signs in with this password; nothing is done where they do already.

    database: a superuser's.
    """
    if _owner_signs_in(database, password):
        return
    with database.transaction() as session:
        for member in MEMBERS:
            if member.access is None:
                continue
            login = session.scalar(
                text("SELECT studio.login_role(:email)"), {"email": member.email}
            )
            # Only the verifier travels: a password in a statement could reach the server's log.
            verifier = encrypt_password(
                password,
                login,
                algorithm="scram-sha-256",
                scope=cast(RawConnection, session.connection().connection.dbapi_connection),
            )
            session.execute(
                text("SELECT studio.give_login(id, :verifier) FROM users WHERE email = :email"),
                {"verifier": verifier, "email": member.email},
            )


def _owner_signs_in(database: Database, password: str) -> bool:
    with database.transaction() as session:
        login = session.scalar(text("SELECT studio.login_role(:email)"), {"email": OWNER.email})
    address = database.url.set(username=login, password=password)
    with Database(address, application_name=database.application_name, pool_size=1) as own:
        try:
            own.check()
        except RuleError:
            return False
    return True
