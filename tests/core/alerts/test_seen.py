"""Alerts as owners read them, mark them, and decide what is worth one."""

import select
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import text

from studio_core.alerts.actions import (
    Seen,
    change_slow_query_policy,
    mark_seen,
    mark_unseen,
    raise_alert,
)
from studio_core.alerts.policy import SlowQueryPolicy, studio_policy
from studio_core.alerts.queries import (
    AlertRow,
    Severity,
    count_unseen,
    page_of_alerts,
)
from studio_core.db.engine import Database
from studio_core.db.listen import Listener
from studio_core.errors import ConflictError, RuleError
from studio_core.people.actions import add_person, give_login
from studio_core.people.logins import login_role
from studio_core.people.rules import PersonDraft
from tests.books import Books

PASSWORD = "agulha fina 12"


def person(database: Database, access: str, name: str) -> Database:
    """Somebody of the studio, signed in."""
    email = f"{access}@estudio.example"
    with database.transaction() as session:
        draft = PersonDraft(name=name, email=email, access=access)
        row = add_person(session, request_id=uuid.uuid4(), draft=draft)
        give_login(session, user_id=row.id, password=PASSWORD)
    role = login_role(str(database.url.database), email)
    url = database.url.set(username=role, password=PASSWORD)
    return Database(url, application_name="tests")


def tell(database: Database, message: str, severity: Severity = "warning") -> int:
    with database.transaction() as session:
        return raise_alert(
            session, kind="drill_failed", severity=severity, message=message, details={"count": 3}
        )


def told(database: Database, *, unseen_only: bool = False) -> list[AlertRow]:
    with database.transaction() as session:
        return list(page_of_alerts(session, unseen_only=unseen_only).rows)


def see(database: Database, up_to: int, alert_id: int | None = None) -> Seen:
    with database.transaction() as session:
        return mark_seen(session, request_id=uuid.uuid4(), up_to=up_to, alert_id=alert_id)


def test_unseen_alerts_come_first_and_each_kind_newest_first(database: Database) -> None:
    ids = [tell(database, f"number {number}") for number in range(5)]
    see(database, ids[3], ids[3])
    see(database, ids[1], ids[1])
    assert [row.id for row in told(database)] == [ids[4], ids[2], ids[0], ids[3], ids[1]]
    assert [row.id for row in told(database, unseen_only=True)] == [ids[4], ids[2], ids[0]]
    assert {row.count for row in told(database)} == {3}
    with database.transaction() as session:
        assert count_unseen(session) == 3


def test_pages_go_on_from_the_unseen_to_the_seen(database: Database) -> None:
    ids = [tell(database, f"number {number}") for number in range(7)]
    see(database, ids[2])
    seen, after = [], None
    with database.transaction() as session:
        while True:
            page = page_of_alerts(session, after=after, limit=2)
            seen += [row.id for row in page.rows]
            if page.next is None:
                break
            after = page.next
    assert seen == [*reversed(ids[3:]), *reversed(ids[:3])]


def test_owner_sees_all_and_takes_it_back(database: Database) -> None:
    with person(database, "owner", "Helena Prado") as owner:
        first, last = tell(database, "one"), tell(database, "two")
        later = tell(database, "raised while the owner was reading")
        seen = see(owner, last)
        assert seen.count == 2
        by_id = {row.id: row for row in told(owner)}
        assert by_id[first].seen_by == by_id[last].seen_by == "Helena Prado"
        assert by_id[first].seen_at == seen.at
        assert by_id[later].seen_at is None
        with owner.transaction() as session:
            assert mark_unseen(session, request_id=uuid.uuid4(), seen=seen) == 2
        assert all(row.seen_at is None and row.seen_by is None for row in told(owner))


def test_taking_back_leaves_what_another_owner_has_seen(database: Database) -> None:
    one, two = tell(database, "one"), tell(database, "two")
    with person(database, "owner", "Helena Prado") as owner:
        theirs = see(database, one, one)
        mine = see(owner, two)
        assert mine.count == 1
        with owner.transaction() as session:
            assert mark_unseen(session, request_id=uuid.uuid4(), seen=theirs) == 0
        assert [row.id for row in told(owner, unseen_only=True)] == []


def test_pressing_twice_marks_once(database: Database) -> None:
    alert = tell(database, "one")
    request_id = uuid.uuid4()
    with database.transaction() as session:
        first = mark_seen(session, request_id=request_id, up_to=alert)
    tell(database, "two")
    with database.transaction() as session:
        assert mark_seen(session, request_id=request_id, up_to=alert + 10) == first
        assert count_unseen(session) == 1


def test_nobody_says_that_somebody_else_has_seen_an_alert(database: Database, books: Books) -> None:
    alert = tell(database, "one")
    with person(database, "owner", "Helena Prado") as owner, owner.transaction() as session:
        session.execute(
            text("UPDATE alerts SET seen_at = '2001-01-01', seen_by = :other WHERE id = :id"),
            {"other": books.ana, "id": alert},
        )
    (row,) = told(database)
    assert row.seen_by == "Helena Prado"
    assert row.seen_at is not None
    assert row.seen_at.year > 2001


@pytest.mark.parametrize("access", ["manager", "reception"])
def test_only_owners_read_and_mark_alerts(database: Database, access: str) -> None:
    alert = tell(database, "one")
    with person(database, access, "Otávio Lins") as other:
        with pytest.raises(RuleError) as refused, other.transaction() as session:
            page_of_alerts(session)
        assert refused.value.code == "not_allowed"
        with pytest.raises(RuleError) as refused, other.transaction() as session:
            mark_seen(session, request_id=uuid.uuid4(), up_to=alert)
        assert refused.value.code == "not_allowed"


def test_other_desks_hear_that_an_alert_was_seen(database: Database) -> None:
    alert = tell(database, "one")
    listener = Listener(database.url)
    try:
        see(database, alert)
        assert select.select([listener.fileno()], [], [], 20)[0], "it arrives"
        heard = listener.poll()
    finally:
        listener.close()
    assert [(change.table, change.ids) for change in heard] == [("alerts", (alert,))]


def test_settings_of_the_slow_queries_are_changed_and_changed_back(database: Database) -> None:
    with person(database, "owner", "Helena Prado") as owner:
        with owner.transaction() as session:
            before = studio_policy(session)
        wanted = SlowQueryPolicy(enabled=False, threshold_ms=2500)
        with owner.transaction() as session:
            kept = change_slow_query_policy(
                session, request_id=uuid.uuid4(), before=before, policy=wanted
            )
        assert kept == wanted
        with owner.transaction() as session:
            assert studio_policy(session) == wanted
            change_slow_query_policy(session, request_id=uuid.uuid4(), before=wanted, policy=before)
            assert studio_policy(session) == before == SlowQueryPolicy(True, 1000)


def test_second_owner_is_told_that_the_settings_were_changed_meanwhile(database: Database) -> None:
    with database.transaction() as session:
        seen = studio_policy(session)
    with database.transaction() as session:
        change_slow_query_policy(
            session,
            request_id=uuid.uuid4(),
            before=seen,
            policy=replace(seen, threshold_ms=500),
        )
    with pytest.raises(ConflictError), database.transaction() as session:
        change_slow_query_policy(
            session,
            request_id=uuid.uuid4(),
            before=seen,
            policy=replace(seen, enabled=False),
        )
    with database.transaction() as session:
        assert studio_policy(session) == SlowQueryPolicy(True, 500)


def test_threshold_that_makes_no_sense_is_refused_and_nothing_changes(database: Database) -> None:
    with database.transaction() as session:
        before = studio_policy(session)
    with pytest.raises(RuleError) as refused, database.transaction() as session:
        change_slow_query_policy(
            session,
            request_id=uuid.uuid4(),
            before=before,
            policy=SlowQueryPolicy(enabled=False, threshold_ms=0),
        )
    assert refused.value.code == "bad_setting"
    with database.transaction() as session:
        assert studio_policy(session) == before
