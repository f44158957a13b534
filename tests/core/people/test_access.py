"""Letting people in and out: what a login may, when it ends, and who can't be shut out."""

import threading
import time
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from psycopg2 import OperationalError
from sqlalchemy import URL, text

from studio_core.db.engine import Database
from studio_core.db.rights_found import differences
from studio_core.errors import RuleError, StudioError
from studio_core.ledger.actions import record_payment
from studio_core.people.access import (
    OneTimePassword,
    change_own_password,
    disable_person,
    enable_person,
    end_own_login,
    give_google_login,
    reset_login,
)
from studio_core.people.actions import change_person
from studio_core.people.logins import one_time_password, scram_verifier
from studio_core.people.queries import person_row, signed_in_person
from studio_core.people.rules import PersonDraft
from tests.books import Books
from tests.staff import PASSWORD, Member, Staff

DEVICE = UUID("00000000-0000-4000-8000-00000000000a")
OTHER_DEVICE = UUID("00000000-0000-4000-8000-00000000000b")
NEW_PASSWORD = "agulha fina de 2026"


def _reset(by: Database, member: Member) -> OneTimePassword:
    with by.transaction() as session:
        return reset_login(session, user_id=member.id)


def _as(member: Member, password: str, login: str | None = None) -> Database:
    url = member.url.set(username=login or member.login, password=password)
    return Database(url, application_name="tests", pool_size=1)


def _google(
    by: Database,
    member: Member,
    password: str = PASSWORD,
    device: UUID = DEVICE,
    lasts: timedelta = timedelta(hours=12),
) -> str:
    """What the server's jobs do once Google has vouched for somebody; the login role."""
    with by.transaction() as session:
        now: datetime = session.scalar(text("SELECT now()"))
        return give_google_login(
            session,
            user_id=member.id,
            device=device,
            verifier=scram_verifier(session, "any", password),
            valid_until=now + lasts,
        )


def _refused(database: Database) -> str:
    with pytest.raises(StudioError) as refused, database:
        database.check()
    return refused.value.code


def _wait_until_ended(staff: Staff, member: Member) -> None:
    """Ending a connection is a signal, which takes its time."""
    for _ in range(200):
        with staff.database.transaction() as session:
            left = session.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity a JOIN user_logins l"
                    " ON l.role_name = a.usename WHERE l.user_id = :id"
                ),
                {"id": member.id},
            )
        if left == 0:
            return
        time.sleep(0.02)  # Nothing tells when a backend is gone.
    raise AssertionError("still connected")


def test_invited_person_signs_in_once_and_must_choose_a_password(staff: Staff) -> None:
    invited = _reset(staff.owner.database, staff.reception)

    with _as(staff.reception, invited.password) as own:
        with own.transaction() as session:
            assert signed_in_person(session).must_change_password
            change_own_password(session, password=NEW_PASSWORD)
        with own.transaction() as session:
            assert not signed_in_person(session).must_change_password
    with _as(staff.reception, NEW_PASSWORD) as own:
        own.check()
    assert _refused(_as(staff.reception, invited.password)) == "sign_in_refused"


def test_one_time_password_ends_by_itself(staff: Staff) -> None:
    invited = _reset(staff.owner.database, staff.reception)
    with staff.database.transaction() as session:
        until = session.scalar(
            text("SELECT rolvaliduntil FROM pg_roles WHERE rolname = :role"),
            {"role": staff.reception.login},
        )
    assert until == invited.valid_until

    staff.run(f"ALTER ROLE \"{staff.reception.login}\" VALID UNTIL '2020-01-01'")
    assert _refused(_as(staff.reception, invited.password)) == "sign_in_refused"


def test_reset_ends_what_the_person_had_running(staff: Staff) -> None:
    with staff.reception.connected() as before:
        _reset(staff.owner.database, staff.reception)
        _wait_until_ended(staff, staff.reception)
        with pytest.raises(OperationalError), before.cursor() as cursor:
            cursor.execute("SELECT 1")


def test_owner_who_resets_their_own_login_stays_connected(staff: Staff) -> None:
    with staff.owner.database.transaction() as session:
        reset_login(session, user_id=staff.owner.id)
        assert signed_in_person(session).must_change_password


@pytest.mark.parametrize("hours", ["-1", "169", "'infinity'"])
def test_one_time_password_lasts_a_week_at_most(staff: Staff, hours: str) -> None:
    until = "'infinity'" if "inf" in hours else f"now() + interval '{hours} hours'"
    with pytest.raises(RuleError) as refused, staff.owner.database.transaction() as session:
        verifier = scram_verifier(session, "any", PASSWORD)
        session.execute(
            text(f"SELECT studio.reset_login(:id, :verifier, {until})"),
            {"id": staff.reception.id, "verifier": verifier},
        )
    assert (refused.value.code, refused.value.params["hours"]) == ("login_too_long", 168)


def test_one_time_passwords_are_strong_and_plain() -> None:
    passwords = {one_time_password() for _ in range(50)}

    assert len(passwords) == 50
    assert all(len(one) == 19 and not set(one) & set("01ilo") for one in passwords)


def test_weak_password_of_ones_own_is_refused(staff: Staff) -> None:
    with pytest.raises(RuleError) as refused, staff.artist.database.transaction() as session:
        change_own_password(session, password="ana@exemplo.com")
    assert refused.value.code == "password_weak"


def test_disabled_person_is_out_at_once_and_may_come_back(staff: Staff) -> None:
    with staff.reception.connected() as before:
        with staff.owner.database.transaction() as session:
            assert not disable_person(session, user_id=staff.reception.id).active
        _wait_until_ended(staff, staff.reception)
        assert before.closed or _is_dead(before)
    assert _refused(_as(staff.reception, PASSWORD)) == "sign_in_refused"

    with staff.owner.database.transaction() as session:
        enable_person(session, user_id=staff.reception.id)
    with _as(staff.reception, PASSWORD) as own, own.transaction() as session:
        assert signed_in_person(session).access == "reception"


def _is_dead(connection: object) -> bool:
    try:
        with connection.cursor() as cursor:  # type: ignore[attr-defined]  # psycopg2's, closed or not.
            cursor.execute("SELECT 1")
    except OperationalError:
        return True
    return False


def test_whoever_slips_in_while_being_shut_out_has_no_right_left(staff: Staff) -> None:
    """A connection that signs in again before the disabling is committed."""
    with staff.owner.database.transaction() as session:
        disable_person(session, user_id=staff.reception.id)
        late = _as(staff.reception, PASSWORD)
        with late.transaction() as own:
            assert own.scalar(text("SELECT count(*) FROM clients")) == 0
    with pytest.raises(StudioError) as refused, late, late.transaction() as own:
        own.execute(text("SELECT count(*) FROM clients"))
    assert refused.value.code in {"not_allowed", "sign_in_refused"}


@pytest.mark.parametrize("kind", ["password", "google"])
def test_other_access_gives_other_rights_and_ends_connections(staff: Staff, kind: str) -> None:
    login = staff.manager.login
    if kind == "google":
        login = _google(staff.database, staff.manager)
    own = _as(staff.manager, PASSWORD, login)
    with own.transaction() as session:
        session.execute(text("SELECT count(*) FROM extratos"))
    with staff.owner.database.transaction() as session:
        person = person_row(session, staff.manager.id)
        draft = PersonDraft(person.name, person.email, "reception")
        change_person(
            session,
            request_id=uuid4(),
            user_id=person.id,
            version=person.version,
            draft=draft,
        )
    _wait_until_ended(staff, staff.manager)
    with own:
        with own.transaction() as session:
            assert signed_in_person(session).access == "reception"
        with pytest.raises(RuleError, match="not allowed"), own.transaction() as session:
            session.execute(text("SELECT count(*) FROM extratos"))


def test_payment_whose_answer_was_lost_is_booked_once_though_its_person_signs_in_another_way(
    staff: Staff,
) -> None:
    """Google's password ends before the answer comes; one's own leads in where one was."""
    request_id, books = uuid4(), Books(staff.database)
    draft = books.draft("180.00")
    member = staff.reception
    device = _google(staff.database, member)
    results = []
    for login, password in ((device, PASSWORD), (member.login, PASSWORD), (device, PASSWORD)):
        with _as(member, password, login) as database, database.transaction() as session:
            results.append(record_payment(session, request_id=request_id, draft=draft))
    assert len({row.id for row in results}) == 1
    assert books.value("SELECT count(*) FROM payments") == 1


def test_new_email_of_a_person_keeps_google_and_closes_the_old_password(staff: Staff) -> None:
    role = _google(staff.database, staff.reception)
    with staff.owner.database.transaction() as session:
        session.execute(
            text("SELECT studio.change_access(:id, 'nova@exemplo.com', 'reception')"),
            {"id": staff.reception.id},
        )

    assert _refused(_as(staff.reception, PASSWORD)) == "sign_in_refused"
    with _as(staff.reception, PASSWORD, role) as own, own.transaction() as session:
        assert signed_in_person(session).email == "nova@exemplo.com"


def test_nobody_inherits_the_connections_of_who_had_the_email_before(staff: Staff) -> None:
    """One e-mail is one role: with the new person's password the old one's connection must go."""
    with staff.reception.connected():
        staff.run(
            # As though the connection had come in the moment before the e-mail was taken away.
            "ALTER TABLE users DISABLE TRIGGER logins_follow"
        )
        staff.run("UPDATE users SET email = 'x@exemplo.com' WHERE id = :id", id=staff.reception.id)
        staff.run("ALTER TABLE users ENABLE TRIGGER logins_follow")
        heir = staff.sign_in("artist", "reception")

        assert heir.login == staff.reception.login
        _wait_until_ended(staff, heir)
    with heir.database as own, own.transaction() as session:
        assert signed_in_person(session).access == "artist"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT studio.disable_person(:id)",
        "SELECT studio.change_access(:id, 'owner@exemplo.com', 'manager')",
        "SELECT studio.change_access(:id, 'owner@exemplo.com', NULL)",
    ],
)
def test_last_owner_stays_whatever_function_is_called(staff: Staff, statement: str) -> None:
    with pytest.raises(RuleError) as refused, staff.owner.database.transaction() as session:
        session.execute(text(statement), {"id": staff.owner.id})
    assert refused.value.code == "last_owner"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE users SET access = 'manager' WHERE access = 'owner'",
        "UPDATE users SET active = false",
        "DELETE FROM users WHERE access = 'owner'",
    ],
)
def test_last_owner_stays_even_for_an_administrator(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(
            text("INSERT INTO users (name, email, access) VALUES ('D', 'd@exemplo.com', 'owner')")
        )
    with pytest.raises(RuleError) as refused, database.transaction() as session:
        session.execute(text(statement))
    assert refused.value.code == "last_owner"


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_two_owners_cannot_dismiss_each_other_by_plain_sql(staff: Staff, isolation: str) -> None:
    second = staff.sign_in("owner", "olga")
    both_read = threading.Barrier(2)
    outcomes: list[str] = []

    def dismiss(by: Member, whom: Member) -> None:
        try:
            with by.database.transaction() as session:
                session.execute(text(f"SET TRANSACTION ISOLATION LEVEL {isolation}"))
                session.execute(text("SELECT count(*) FROM users")).one()
                both_read.wait()
                session.execute(text("SELECT studio.disable_person(:id)"), {"id": whom.id})
            outcomes.append("dismissed")
        except StudioError as error:
            outcomes.append(error.code)

    threads = [
        threading.Thread(target=dismiss, args=pair)
        for pair in ((staff.owner, second), (second, staff.owner))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    second.database.close()

    assert "dismissed" in outcomes
    assert len(outcomes) == 2
    with staff.database.transaction() as session:
        owners = session.scalar(
            text("SELECT count(*) FROM users WHERE access = 'owner' AND active")
        )
    assert owners == 1


def test_google_login_works_on_its_device_until_it_ends(staff: Staff, jobs: Database) -> None:
    role = _google(jobs, staff.artist)

    assert len(role.encode()) <= 63
    with _as(staff.artist, PASSWORD, role) as own, own.transaction() as session:
        assert signed_in_person(session).id == staff.artist.id
    staff.run(f"ALTER ROLE \"{role}\" VALID UNTIL '2020-01-01'")
    assert _refused(_as(staff.artist, PASSWORD, role)) == "sign_in_refused"
    _google(jobs, staff.artist, NEW_PASSWORD)
    with _as(staff.artist, NEW_PASSWORD, role) as own:
        own.check()


def test_two_devices_of_one_person_do_not_break_each_other(staff: Staff, jobs: Database) -> None:
    laptop = _google(jobs, staff.artist)
    tablet = _google(jobs, staff.artist, NEW_PASSWORD, OTHER_DEVICE)

    assert laptop != tablet
    for login, password in ((laptop, PASSWORD), (tablet, NEW_PASSWORD), (None, PASSWORD)):
        with _as(staff.artist, password, login) as own:
            own.check()
    with _as(staff.artist, PASSWORD, laptop) as own, own.transaction() as session:
        end_own_login(session)
    assert _refused(_as(staff.artist, PASSWORD, laptop)) == "sign_in_refused"
    with _as(staff.artist, NEW_PASSWORD, tablet) as own:
        own.check()


def test_leaving_with_a_password_of_ones_own_ends_nothing(staff: Staff) -> None:
    with staff.artist.database.transaction() as session:
        end_own_login(session)
    with _as(staff.artist, PASSWORD) as own:
        own.check()


@pytest.mark.parametrize("lasts", [timedelta(hours=13), timedelta(seconds=-1)])
def test_google_login_lasts_half_a_day_at_most(
    staff: Staff, jobs: Database, lasts: timedelta
) -> None:
    with pytest.raises(RuleError) as refused:
        _google(jobs, staff.artist, lasts=lasts)
    assert refused.value.code == "login_too_long"


def test_google_opens_nothing_for_who_is_not_invited(staff: Staff, jobs: Database) -> None:
    staff.run("UPDATE users SET access = NULL WHERE id = :id", id=staff.artist.id)
    staff.run("UPDATE users SET active = false WHERE id = :id", id=staff.colleague.id)
    unknown = Member(424242, "", staff.artist.database)

    for member in (staff.artist, staff.colleague, unknown):
        with pytest.raises(RuleError) as refused:
            _google(jobs, member)
        assert refused.value.code == "login_without_access"


def test_person_without_a_password_here_has_none_to_change(staff: Staff, jobs: Database) -> None:
    role = _google(jobs, staff.artist)
    with (
        pytest.raises(RuleError) as refused,
        _as(staff.artist, PASSWORD, role) as own,
        own.transaction() as session,
    ):
        change_own_password(session, password=NEW_PASSWORD)
    assert refused.value.code == "no_own_password"


def test_disabled_person_signs_in_with_google_anew(staff: Staff, jobs: Database) -> None:
    role = _google(jobs, staff.artist)
    with staff.owner.database.transaction() as session:
        disable_person(session, user_id=staff.artist.id)
        enable_person(session, user_id=staff.artist.id)

    assert _refused(_as(staff.artist, PASSWORD, role)) == "sign_in_refused"
    _google(jobs, staff.artist, NEW_PASSWORD)
    with _as(staff.artist, NEW_PASSWORD, role) as own:
        own.check()


def test_invented_devices_are_limited_and_ended_ones_make_room(
    staff: Staff, jobs: Database
) -> None:
    roles = [_google(jobs, staff.artist, device=uuid4()) for _ in range(20)]
    with pytest.raises(RuleError) as refused:
        _google(jobs, staff.artist, device=uuid4())
    assert refused.value.code == "too_many_devices"
    _google(jobs, staff.colleague)

    staff.run(
        "UPDATE user_logins SET expires_at = now() - interval '1 hour' WHERE role_name = :role",
        role=roles[0],
    )
    _google(jobs, staff.artist, device=uuid4())
    assert _logins(staff, roles[0]) == (0, 0)


def test_devices_unused_for_a_month_are_forgotten(staff: Staff, jobs: Database) -> None:
    old, new = _google(jobs, staff.artist), _google(jobs, staff.artist, device=OTHER_DEVICE)
    staff.run(
        "UPDATE user_logins SET expires_at = now() - interval '31 days' WHERE role_name = :role",
        role=old,
    )
    with jobs.transaction() as session:
        assert session.scalar(text("SELECT studio.forget_old_logins()")) == 1
        assert session.scalar(text("SELECT studio.forget_old_logins()")) == 0
    assert (_logins(staff, old), _logins(staff, new)) == ((0, 0), (1, 1))


def _logins(staff: Staff, role: str) -> tuple[int, int]:
    with staff.database.transaction() as session:
        found = session.execute(
            text(
                "SELECT (SELECT count(*) FROM pg_roles WHERE rolname = :role),"
                " (SELECT count(*) FROM user_logins WHERE role_name = :role)"
            ),
            {"role": role},
        ).one()
    return found[0], found[1]


def test_many_people_sign_in_with_google_at_once(staff: Staff, jobs_url: URL) -> None:
    """New roles all write to the database's own list of who may connect."""
    members = [staff.owner, staff.manager, staff.reception, staff.artist] * 3
    together = threading.Barrier(len(members))
    failed: list[BaseException] = []

    def sign_in(member: Member) -> None:
        with Database(jobs_url, application_name="tests", pool_size=1) as jobs:
            jobs.check()
            together.wait()
            try:
                _google(jobs, member, device=uuid4())
            except BaseException as error:  # noqa: BLE001 – told to the main thread.
                failed.append(error)

    threads = [threading.Thread(target=sign_in, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert failed == []
    with staff.database.transaction() as session:
        assert differences(session) == []


def test_jobs_act_as_a_person_and_have_none_of_their_rights_before(
    staff: Staff, jobs: Database
) -> None:
    with pytest.raises(RuleError, match="not allowed"), jobs.transaction() as session:
        session.execute(text("SELECT studio.give_login(1, 'x')"))
    with jobs.transaction() as session:
        session.execute(text(f'SET LOCAL ROLE "{staff.artist.login}"'))
        assert signed_in_person(session).id == staff.artist.id
        assert session.scalar(text("SELECT count(*) FROM users")) == 1
    with pytest.raises(RuleError, match="not allowed"), jobs.transaction() as session:
        session.execute(text(f'SET LOCAL ROLE "{staff.artist.login}"'))
        session.execute(text("SELECT count(*) FROM user_logins"))
    with jobs.transaction() as session:
        assert session.scalar(text("SELECT current_user = session_user"))


def test_jobs_act_as_nobody_who_is_shut_out(staff: Staff, jobs: Database) -> None:
    with staff.owner.database.transaction() as session:
        disable_person(session, user_id=staff.artist.id)
    with pytest.raises(RuleError, match="not allowed"), jobs.transaction() as session:
        session.execute(text(f'SET LOCAL ROLE "{staff.artist.login}"'))


def test_audit_keeps_who_acted_and_through_whom(staff: Staff, jobs: Database) -> None:
    with jobs.transaction() as session:
        session.execute(text(f'SET LOCAL ROLE "{staff.reception.login}"'))
        session.execute(text("INSERT INTO clients (name) VALUES ('Lia Prado')"))
    with staff.owner.database.transaction() as session:
        found = session.execute(
            text(
                "SELECT login_role, acting_role, user_id FROM audit_log"
                " WHERE table_name = 'clients'"
            )
        ).one()
    assert tuple(found) == (jobs.url.username, staff.reception.login, staff.reception.id)


def test_taking_on_the_group_hides_nobody_from_the_audit(staff: Staff) -> None:
    with staff.reception.database.transaction() as session:
        session.execute(text("SET LOCAL ROLE studio_reception"))
        session.execute(text("INSERT INTO clients (name) VALUES ('Lia Prado')"))
    with staff.owner.database.transaction() as session:
        found = session.execute(
            text(
                "SELECT login_role, acting_role, user_id FROM audit_log WHERE action = 'insert'"
                " AND table_name = 'clients'"
            )
        ).one()
    assert tuple(found) == (staff.reception.login, "studio_reception", staff.reception.id)


@pytest.mark.parametrize(
    "verifier",
    [
        "a plain password",
        "md5d41d8cd98f00b204e9800998ecf8427e",
        "SCRAM-SHA-256$4096:a$b:c",
        "SCRAM-SHA-256$1:c2FsdHNhbHRzYWx0c2FsdA==$"
        "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=:q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
        "",
    ],
)
def test_only_a_strong_verifier_is_taken_for_a_password(staff: Staff, verifier: str) -> None:
    with pytest.raises(RuleError) as refused, staff.artist.database.transaction() as session:
        session.execute(text("SELECT studio.change_own_password(:it)"), {"it": verifier})
    assert refused.value.code == "password_not_a_verifier"
