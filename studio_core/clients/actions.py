"""Writing clients and what to know about them."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from studio_core.clients.models import Client, ClientFlag
from studio_core.clients.queries import ClientRow, client_detail, client_row
from studio_core.clients.rows import Flag
from studio_core.clients.rules import ClientDraft, client_findings, flag_findings, tidied
from studio_core.db.constraints import broken_constraint
from studio_core.db.requests import once
from studio_core.errors import ConflictError, RuleError
from studio_core.findings import Finding, FindingsError, refuse_if_any


def add_client(session: Session, *, request_id: UUID, draft: ClientDraft) -> ClientRow:
    """Adds a client. Raises FindingsError, a CPF that another client has among them."""
    values = _values(session, draft)

    def add() -> dict[str, Any]:
        return {"id": _written(session, insert(Client).values(values).returning(Client.id))}

    return client_row(session, once(session, request_id, "add_client", add)["id"])


def change_client(
    session: Session, *, request_id: UUID, client_id: int, version: int, draft: ClientDraft
) -> ClientRow:
    """Changes a client to what the draft says. version: of the detail that was read.

    Raises FindingsError, RuleError("no_such_client"), and ConflictError(current: ClientDetail)
    when somebody else changed it since.
    """
    values = _values(session, draft)

    def change() -> dict[str, Any]:
        session.execute(select(Client.id).where(Client.id == client_id).with_for_update())
        current = client_detail(session, client_id)
        if current.version != version:
            raise ConflictError(current=current)
        changed = update(Client).where(Client.id == client_id).values(values)
        return {"id": _written(session, changed.returning(Client.id))}

    return client_row(session, once(session, request_id, "change_client", change)["id"])


def add_flag(
    session: Session, *, request_id: UUID, client_id: int, kind: str, severity: str, note: str
) -> Flag:
    """Flags a client, as allergic for instance.

    Raises FindingsError, RuleError("no_such_client").
    """
    refuse_if_any(flag_findings(kind=kind, severity=severity, note=note))

    def add() -> dict[str, Any]:
        client_row(session, client_id)
        values = {"client_id": client_id, "kind": kind, "severity": severity, "note": note.strip()}
        added = insert(ClientFlag).values(values).returning(ClientFlag.id)
        return {"id": _written(session, added)}

    flag_id = once(session, request_id, "add_flag", add)["id"]
    found = session.execute(
        select(ClientFlag.id, ClientFlag.kind, ClientFlag.severity, ClientFlag.note).where(
            ClientFlag.id == flag_id
        )
    ).one()
    return Flag(*found)


def end_flag(session: Session, *, request_id: UUID, flag_id: int) -> None:
    """The flag no longer holds; it stays in the audit. Raises RuleError("no_such_flag")."""

    def end() -> dict[str, Any]:
        ended = session.execute(
            update(ClientFlag)
            .where(ClientFlag.id == flag_id)
            .values(ended_at=func.coalesce(ClientFlag.ended_at, func.now()))
            .returning(ClientFlag.id)
        ).one_or_none()
        if ended is None:
            raise RuleError("no_such_flag")
        return {"id": flag_id}

    once(session, request_id, "end_flag", end)


def resume_flag(session: Session, *, request_id: UUID, flag_id: int) -> None:
    """Takes the end of a flag back. Raises RuleError("no_such_flag")."""

    def resume() -> dict[str, Any]:
        resumed = session.execute(
            update(ClientFlag)
            .where(ClientFlag.id == flag_id)
            .values(ended_at=None)
            .returning(ClientFlag.id)
        ).one_or_none()
        if resumed is None:
            raise RuleError("no_such_flag")
        return {"id": flag_id}

    once(session, request_id, "resume_flag", resume)


def _values(session: Session, draft: ClientDraft) -> dict[str, Any]:
    today = session.scalars(select(func.studio.today())).one()
    refuse_if_any(client_findings(draft, today=today))
    kept = tidied(draft)
    return {name: getattr(kept, name) for name in ClientDraft.__slots__}


def _written(session: Session, statement: Any) -> int:
    try:
        row_id: int = session.execute(statement).scalar_one()
    except IntegrityError as error:
        if broken_constraint(error) == "uq_clients_cpf":
            raise FindingsError([Finding("cpf", "cpf_taken")]) from error
        raise
    return row_id
