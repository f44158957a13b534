"""People, their logins, and the owner who can't be lost."""

import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import URL, text

from studio_core.db.engine import Database
from studio_core.errors import ConflictError, RuleError, StudioError
from studio_core.findings import FindingsError
from studio_core.people.actions import add_person, change_person, give_login, set_up_owner
from studio_core.people.logins import login_role
from studio_core.people.queries import (
    Person,
    PersonRow,
    list_artists,
    list_people,
    signed_in_person,
)
from studio_core.people.rules import PersonDraft, check_password_strength, person_findings

PASSWORD = "pele e tinta 2025"


def _as(url: URL, email: str, password: str = PASSWORD) -> Database:
    role = login_role(url.database or "", email)
    return Database(url.set(username=role, password=password), application_name="tests")


def _add(database: Database, draft: PersonDraft) -> PersonRow:
    with database.transaction() as session:
        return add_person(session, request_id=uuid4(), draft=draft)


def _change(database: Database, person: PersonRow, draft: PersonDraft) -> PersonRow:
    with database.transaction() as session:
        return change_person(
            session, request_id=uuid4(), user_id=person.id, version=person.version, draft=draft
        )


def _login(database: Database, person: PersonRow) -> None:
    with database.transaction() as session:
        give_login(session, user_id=person.id, password=PASSWORD)


@pytest.mark.parametrize("email", ["ana@exemplo.com.br", " Ana.Souza@Exemplo.com ", "joão@é.com"])
def test_program_and_database_name_the_login_role_alike(database: Database, email: str) -> None:
    with database.transaction() as session:
        named = session.scalar(text("SELECT studio.login_role(:email)"), {"email": email})

    assert login_role(database.url.database or "", email) == named


def test_first_owner_signs_in_and_is_recognised(database: Database) -> None:
    with database.transaction() as session:
        set_up_owner(session, name="Débora", email="debora@exemplo.com", password=PASSWORD)

    with _as(database.url, "Debora@exemplo.com") as own, own.transaction() as session:
        person = signed_in_person(session)

    assert person == Person(person.id, "Débora", "owner", False, "debora@exemplo.com")


def test_password_beyond_ascii_signs_in(database: Database) -> None:
    password = "coração de três dragões"
    with database.transaction() as session:
        set_up_owner(session, name="Débora", email="debora@exemplo.com", password=password)

    with _as(database.url, "debora@exemplo.com", password) as own:
        own.check()


def test_second_set_up_is_refused(database: Database) -> None:
    with database.transaction() as session:
        set_up_owner(session, name="Débora", email="debora@exemplo.com", password=PASSWORD)

    with pytest.raises(RuleError) as refused, database.transaction() as session:
        set_up_owner(session, name="Rui", email="rui@exemplo.com", password=PASSWORD)

    assert refused.value.code == "setup_done"


def test_password_never_travels_as_text(database: Database) -> None:
    with database.transaction() as session:
        set_up_owner(session, name="Débora", email="debora@exemplo.com", password=PASSWORD)
        stored = session.scalar(
            text("SELECT rolpassword FROM pg_authid WHERE rolname = :role"),
            {"role": login_role(database.url.database or "", "debora@exemplo.com")},
        )

    assert str(stored).startswith("SCRAM-SHA-256$")


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "debora",
        "debora1234",
        "deboraexemplo",
        "aaaaaaaaaaaa",
        "Debora@exemplo.com",
        "1212121212",
    ],
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_password_strength(password, name="Débora Lima", email="debora@exemplo.com")

    assert refused.value.code == "password_weak"


@pytest.mark.parametrize("password", [PASSWORD, "xK29!fjw0q", "debora gosta de dragoes"])
def test_good_passwords_pass(password: str) -> None:
    check_password_strength(password, name="Débora Lima", email="debora@exemplo.com")


def test_rule_returns_all_findings_of_a_person() -> None:
    draft = PersonDraft(
        name=" ", email="nobody at home", access="owner", commission_percent=Decimal(101)
    )

    assert [(finding.field, finding.code) for finding in person_findings(draft)] == [
        ("name", "name_required"),
        ("email", "email_invalid"),
        ("commission_percent", "percent_out_of_range"),
    ]


def test_email_of_somebody_else_is_refused_at_its_field(database: Database) -> None:
    _add(database, PersonDraft(name="Ana", email="ana@exemplo.com"))

    with pytest.raises(FindingsError) as refused:
        _add(database, PersonDraft(name="Outra Ana", email="ANA@exemplo.com"))

    assert [(one.field, one.code) for one in refused.value.findings] == [("email", "email_taken")]


def test_artists_are_listed_by_name_while_they_work_here(database: Database) -> None:
    for name, active in (("Érica", True), ("Ana", True), ("Zeca", False)):
        _add(database, PersonDraft(name=name, is_artist=True, active=active, colour=3))
    _add(database, PersonDraft(name="Bia"))

    with database.transaction() as session:
        artists = [artist.name for artist in list_artists(session)]
        people = [person.name for person in list_people(session)]

    assert artists == ["Ana", "Érica"]
    assert people == ["Ana", "Bia", "Érica", "Zeca"]


def test_person_changed_meanwhile_is_told(database: Database) -> None:
    seen = _add(database, PersonDraft(name="Ana"))
    _change(database, seen, PersonDraft(name="Ana Lima"))

    with pytest.raises(ConflictError) as refused:
        _change(database, seen, PersonDraft(name="Ana Souza"))

    assert isinstance(refused.value.params["current"], PersonRow)
    assert refused.value.params["current"].name == "Ana Lima"


@pytest.mark.parametrize("change", [{"access": "manager"}, {"active": False}])
def test_last_owner_stays(database: Database, change: dict[str, object]) -> None:
    owner = _add(database, PersonDraft(name="Débora", email="d@exemplo.com", access="owner"))
    draft = {"name": "Débora", "email": "d@exemplo.com", "access": "owner", **change}

    with pytest.raises(RuleError) as refused:
        _change(database, owner, PersonDraft(**draft))  # type: ignore[arg-type]  # One of two fields.

    assert refused.value.code == "last_owner"


def test_two_owners_cannot_dismiss_each_other_at_once(database: Database) -> None:
    owners = [
        _add(database, PersonDraft(name=name, email=f"{name}@exemplo.com", access="owner"))
        for name in ("ana", "bia")
    ]
    both_read = threading.Barrier(2)
    outcomes: list[str] = []

    def dismiss(owner: PersonRow) -> None:
        both_read.wait()
        try:
            _change(database, owner, PersonDraft(name=owner.name))
            outcomes.append("dismissed")
        except RuleError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=dismiss, args=(owner,)) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert sorted(outcomes) == ["dismissed", "last_owner"]


def test_owner_gives_a_login_and_reception_cannot(database: Database) -> None:
    with database.transaction() as session:
        set_up_owner(session, name="Débora", email="debora@exemplo.com", password=PASSWORD)
    with _as(database.url, "debora@exemplo.com") as owner:
        desk = _add(owner, PersonDraft(name="Rafa", email="rafa@exemplo.com", access="reception"))
        _login(owner, desk)

    with _as(database.url, "rafa@exemplo.com") as reception:
        with reception.transaction() as session:
            assert signed_in_person(session).access == "reception"
        with pytest.raises(RuleError) as refused:
            _login(reception, desk)

    assert refused.value.code == "not_allowed"


def test_person_without_access_gets_no_login(database: Database) -> None:
    person = _add(database, PersonDraft(name="Ana", email="ana@exemplo.com", is_artist=True))

    with pytest.raises(RuleError) as refused:
        _login(database, person)

    assert refused.value.code == "login_without_access"


@pytest.mark.parametrize(
    "change",
    [{"active": False}, {"access": None}, {"email": "other@exemplo.com"}],
)
def test_login_ends_with_what_it_stood_on(database: Database, change: dict[str, object]) -> None:
    draft = {"name": "Caio", "email": "caio@exemplo.com", "access": "manager"}
    person = _add(database, PersonDraft(**draft))  # type: ignore[arg-type]  # All are text.
    _login(database, person)

    _change(database, person, PersonDraft(**{**draft, **change}))  # type: ignore[arg-type]  # Any field.

    with pytest.raises(StudioError) as refused, _as(database.url, "caio@exemplo.com") as own:
        own.check()
    assert refused.value.code == "sign_in_refused"


def test_demoted_person_signs_in_with_the_lower_rights_only(database: Database) -> None:
    draft = PersonDraft(name="Caio", email="caio@exemplo.com", access="manager")
    person = _add(database, draft)
    _login(database, person)
    _change(database, person, PersonDraft(draft.name, draft.email, "reception"))

    with _as(database.url, "caio@exemplo.com") as own:
        with own.transaction() as session:
            assert signed_in_person(session).access == "reception"
        with pytest.raises(RuleError, match="not allowed"), own.transaction() as session:
            session.execute(text("SELECT count(*) FROM commissions"))


def test_superuser_is_nobody_of_the_studio(database: Database) -> None:
    with pytest.raises(RuleError) as refused, database.transaction() as session:
        signed_in_person(session)

    assert refused.value.code == "sign_in_refused"
