"""Writing clients: once a request, never over somebody else's change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text

from studio_core.clients.actions import (
    add_client,
    add_flag,
    change_client,
    end_flag,
    resume_flag,
)
from studio_core.clients.queries import ClientDetail, ClientRow, client_detail
from studio_core.clients.rules import ClientDraft
from studio_core.db.engine import Database
from studio_core.errors import ConflictError, RuleError
from studio_core.findings import FindingsError

JULIA = ClientDraft(
    name="Júlia Brandão",
    phone="(11) 98266-9012",
    email="julia@exemplo.com",
    cpf="529.982.247-25",
    birth_date=date(1996, 4, 21),
    instagram="@jubrandao",
    whatsapp_opt_in=True,
)


def _add(database: Database, draft: ClientDraft = JULIA) -> ClientRow:
    with database.transaction() as session:
        return add_client(session, request_id=uuid4(), draft=draft)


def _detail(database: Database, client_id: int) -> ClientDetail:
    with database.transaction() as session:
        return client_detail(session, client_id)


def test_client_is_kept_tidied(database: Database) -> None:
    row = _add(database)

    detail = _detail(database, row.id)
    assert (detail.phone, detail.cpf, detail.instagram) == (
        "+5511982669012",
        "52998224725",
        "jubrandao",
    )
    assert (detail.birth_date, detail.whatsapp_opt_in, detail.version) == (
        date(1996, 4, 21),
        True,
        1,
    )


def test_client_sent_twice_is_added_once(database: Database) -> None:
    request_id = uuid4()
    rows = []
    for _ in range(2):
        with database.transaction() as session:
            rows.append(add_client(session, request_id=request_id, draft=JULIA))

    assert rows[0] == rows[1]
    with database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM clients")) == 1


def test_draft_with_findings_is_refused_with_all_of_them(database: Database) -> None:
    with pytest.raises(FindingsError) as refused:
        _add(database, ClientDraft(name="", phone="12"))

    assert [finding.field for finding in refused.value.findings] == ["name", "phone"]


def test_birth_date_is_measured_by_the_studios_day(database: Database) -> None:
    with pytest.raises(FindingsError, match="future"):
        _add(database, replace(JULIA, birth_date=date(2999, 1, 1)))


def test_cpf_of_another_client_is_refused_at_its_field(database: Database) -> None:
    _add(database)

    with pytest.raises(FindingsError) as refused:
        _add(database, ClientDraft(name="Outra Júlia", cpf="52998224725"))

    assert [(one.field, one.code) for one in refused.value.findings] == [("cpf", "cpf_taken")]


def test_changed_client_has_a_new_version(database: Database) -> None:
    row = _add(database)
    with database.transaction() as session:
        changed = change_client(
            session,
            request_id=uuid4(),
            client_id=row.id,
            version=row.version,
            draft=replace(JULIA, social_name="Ju", phone=None),
        )

    assert (changed.shown_name, changed.phone, changed.version) == ("Ju", None, 2)


def test_second_save_is_told_what_the_first_changed(database: Database) -> None:
    row = _add(database)
    for phone in ("(11) 98888-0000", "(11) 97777-0000"):
        draft = replace(JULIA, phone=phone)
        try:
            with database.transaction() as session:
                change_client(
                    session,
                    request_id=uuid4(),
                    client_id=row.id,
                    version=row.version,
                    draft=draft,
                )
        except ConflictError as conflict:
            current = conflict.params["current"]

    assert isinstance(current, ClientDetail)
    assert current.phone == "+5511988880000"
    assert _detail(database, row.id).phone == "+5511988880000"


def test_change_sent_twice_after_a_lost_answer_is_no_conflict(database: Database) -> None:
    row, request_id = _add(database), uuid4()
    for _ in range(2):
        with database.transaction() as session:
            changed = change_client(
                session,
                request_id=request_id,
                client_id=row.id,
                version=row.version,
                draft=replace(JULIA, name="Júlia B."),
            )

    assert (changed.name, changed.version) == ("Júlia B.", 2)


def test_client_that_is_gone_cannot_be_changed(database: Database) -> None:
    with pytest.raises(RuleError) as refused, database.transaction() as session:
        change_client(session, request_id=uuid4(), client_id=77, version=1, draft=JULIA)

    assert refused.value.code == "no_such_client"


def test_flag_warns_until_it_ends(database: Database) -> None:
    row = _add(database)
    with database.transaction() as session:
        flag = add_flag(
            session,
            request_id=uuid4(),
            client_id=row.id,
            kind="allergy",
            severity="danger",
            note=" látex ",
        )
    assert _detail(database, row.id).flags == (flag,)
    assert flag.note == "látex"

    with database.transaction() as session:
        end_flag(session, request_id=uuid4(), flag_id=flag.id)
    assert _detail(database, row.id).flags == ()

    with database.transaction() as session:
        resume_flag(session, request_id=uuid4(), flag_id=flag.id)
    assert _detail(database, row.id).flags == (flag,)


def test_flag_that_is_gone_cannot_end(database: Database) -> None:
    with pytest.raises(RuleError) as refused, database.transaction() as session:
        end_flag(session, request_id=uuid4(), flag_id=77)

    assert refused.value.code == "no_such_flag"


@pytest.mark.parametrize("access", ["owner", "manager", "reception"])
def test_everyone_at_the_desk_writes_clients_under_their_own_rights(
    signed_in_as: Callable[[str], Database], access: str
) -> None:
    desk = signed_in_as(access)
    row = _add(desk)
    with desk.transaction() as session:
        change_client(
            session,
            request_id=uuid4(),
            client_id=row.id,
            version=row.version,
            draft=replace(JULIA, notes="prefere tardes"),
        )
        flag = add_flag(
            session,
            request_id=uuid4(),
            client_id=row.id,
            kind="behaviour",
            severity="info",
            note="atrasa",
        )
        end_flag(session, request_id=uuid4(), flag_id=flag.id)

    assert _detail(desk, row.id).notes == "prefere tardes"


def test_artist_adds_no_clients(signed_in_as: Callable[[str], Database]) -> None:
    with pytest.raises(RuleError) as refused:
        _add(signed_in_as("artist"))

    assert refused.value.code == "not_allowed"
