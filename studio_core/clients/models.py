"""Tables of clients."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from studio_core.clients.rules import FLAG_KINDS, SEVERITIES
from studio_core.db.base import Base, Id, Tracked, one_of, readable_day, readable_moment


class Client(Tracked, Base):
    """A client. Phone in E.164, CPF as eleven digits; forms and searches format them."""

    __tablename__ = "clients"
    __table_args__ = (
        CheckConstraint("btrim(name) <> ''", name="name"),
        CheckConstraint("cpf ~ '^[0-9]{11}$'", name="cpf"),
        CheckConstraint(r"phone ~ '^\+[0-9]{8,15}$'", name="phone"),
        CheckConstraint(readable_day("birth_date"), name="birth_date"),
        Index("uq_clients_cpf", "cpf", unique=True),
        Index("uq_clients_jotform_submission_id", "jotform_submission_id", unique=True),
        Index("ix_clients_name_key", "name_key", "id"),
        Index("ix_clients_phone", "phone"),
        Index(
            "ix_clients_search_key",
            "search_key",
            postgresql_using="gin",
            postgresql_ops={"search_key": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Id]
    name: Mapped[str]
    social_name: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    cpf: Mapped[str | None]
    birth_date: Mapped[date | None]
    instagram: Mapped[str | None]
    address: Mapped[str | None]
    notes: Mapped[str | None]
    whatsapp_opt_in: Mapped[bool] = mapped_column(server_default=text("false"))
    jotform_submission_id: Mapped[str | None]
    anonymised_at: Mapped[datetime | None]
    name_key: Mapped[str] = mapped_column(
        Text(collation="C"), Computed("studio.fold(name)", persisted=True)
    )
    """The name without accents and capitals, in byte order: the key that lists page by."""
    search_key: Mapped[str] = mapped_column(
        Computed(
            "studio.fold(name || ' ' || coalesce(social_name, '') || ' ' || coalesce(phone, '')"
            " || ' ' || coalesce(cpf, '') || ' ' || coalesce(instagram, '') || ' '"
            " || coalesce(email, ''))",
            persisted=True,
        )
    )


class ClientFlag(Tracked, Base):
    """Something to know before the needle touches: an allergy, a behaviour."""

    __tablename__ = "client_flags"
    __table_args__ = (
        CheckConstraint(one_of("kind", FLAG_KINDS), name="kind"),
        CheckConstraint(one_of("severity", SEVERITIES), name="severity"),
        CheckConstraint(readable_moment("ended_at"), name="ended_at"),
    )

    id: Mapped[Id]
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"), index=True)
    kind: Mapped[str]
    severity: Mapped[str] = mapped_column(server_default=text("'warning'"))
    note: Mapped[str]
    ended_at: Mapped[datetime | None]


class ClientHealthAnswer(Tracked, Base):
    """What a client answered about their health; it has grants of its own."""

    __tablename__ = "client_health_answers"
    __table_args__ = (CheckConstraint("btrim(question) <> ''", name="question"),)

    id: Mapped[Id]
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"), index=True)
    question: Mapped[str]
    answer: Mapped[str]
    source: Mapped[str] = mapped_column(server_default=text("'desk'"))
    """Where it was answered, like desk or jotform."""


class ClientArtist(Base):
    """Whose client is whose: every pair of an artist and a client with a session or a payment.

    Kept by trigger, live and archived rows alike, for the artists' row security: a condition that
    looked into sessions and payments for each client would read a million times. No foreign keys:
    the rows it is made from have them.
    """

    __tablename__ = "client_artists"

    artist_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    client_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
