"""Tables of people, their logins, and what signing in leaves behind."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from studio_core.db.base import Base, Id, Percent, Tracked, one_of

ACCESS_LEVELS = ("owner", "manager", "reception", "artist")


class User(Tracked, Base):
    """A person of the studio; one without access or e-mail simply never signs in."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(one_of("access", ACCESS_LEVELS), name="access"),
        CheckConstraint("commission_percent BETWEEN 0 AND 100", name="commission_percent"),
        CheckConstraint("btrim(name) <> ''", name="name"),
        Index("uq_users_email", text("lower(email)"), unique=True),
    )

    id: Mapped[Id]
    name: Mapped[str]
    email: Mapped[str | None]
    access: Mapped[str | None]
    is_artist: Mapped[bool] = mapped_column(server_default=text("false"))
    commission_percent: Mapped[Percent] = mapped_column(server_default=text("0"))
    colour: Mapped[int] = mapped_column(server_default=text("0"))
    """Place in the set of eight colours told apart by everyone (0 to 7)."""
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class UserLogin(Base):
    """A login role of PostgreSQL that belongs to a person, one for each device or password."""

    __tablename__ = "user_logins"
    __table_args__ = (CheckConstraint("kind IN ('password', 'google')", name="kind"),)

    role_name: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str]
    device: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    must_change: Mapped[bool] = mapped_column(server_default=text("false"))
    """The password is a one-time one, from whoever invited or reset the person."""


class UserPin(Base):
    """The PIN that unlocks a desk for its person; only functions read and write it, one's own."""

    __tablename__ = "user_pins"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    hash: Mapped[str]
    """scrypt, salted, as people/pins.py writes it."""
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    """Wrong tries in a row."""
    wait_until: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ApiToken(Base):
    """A token that the HTTP API gave out, so that it can be taken back before it ends."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index("ix_api_tokens_expires_at", "expires_at"),)

    jti: Mapped[uuid.UUID] = mapped_column(Uuid(), primary_key=True)
    role_name: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SigninNonce(Base):
    """A nonce given out for one sign-in with Google, kept as its hash."""

    __tablename__ = "signin_nonces"
    __table_args__ = (Index("ix_signin_nonces_expires_at", "expires_at"),)

    nonce: Mapped[str] = mapped_column(primary_key=True)
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SigninAttempt(Base):
    """One try to sign in over HTTP, so that several servers count together."""

    __tablename__ = "signin_attempts"
    __table_args__ = (
        Index("ix_signin_attempts_account_hash", "account_hash", "at"),
        Index("ix_signin_attempts_address", "address", "at"),
        Index("ix_signin_attempts_at", "at"),
    )

    id: Mapped[Id]
    account_hash: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    ok: Mapped[bool]
