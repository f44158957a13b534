"""Tables of people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
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
    must_change: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ApiToken(Base):
    __tablename__ = "api_tokens"

    jti: Mapped[UUID] = mapped_column(primary_key=True)
    role_name: Mapped[str]
    user_id: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SigninNonce(Base):
    __tablename__ = "signin_nonces"

    nonce: Mapped[str] = mapped_column(primary_key=True)
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SigninAttempt(Base):
    __tablename__ = "signin_attempts"

    id: Mapped[Id]
    account_hash: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    ok: Mapped[bool]
