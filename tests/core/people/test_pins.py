"""The PIN that opens a locked desk: one's own alone, slow to guess, in any order of tries."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from studio_core.errors import RuleError
from studio_core.people.pins import (
    has_own_pin,
    own_pin_opens,
    pin_hash,
    pin_matches,
    set_own_pin,
)
from tests.staff import Member, Staff

PIN, WRONG = "271828", "314159"


def _try(member: Member, pin: str) -> bool:
    with member.database.transaction() as session:
        return own_pin_opens(session, pin=pin)


def _set(member: Member, pin: str | None) -> None:
    with member.database.transaction() as session:
        set_own_pin(session, pin=pin)


def _wait_is_over(staff: Staff) -> None:
    staff.run("UPDATE user_pins SET wait_until = now() - interval '1 second'")


def test_pin_opens_for_its_person_alone(staff: Staff) -> None:
    _set(staff.reception, PIN)
    _set(staff.artist, WRONG)

    assert _try(staff.reception, PIN)
    assert not _try(staff.reception, WRONG)
    assert _try(staff.artist, WRONG)
    assert not _try(staff.colleague, PIN)
    with staff.colleague.database.transaction() as session:
        assert not has_own_pin(session)


def test_wrong_pins_make_one_wait_longer_each_time(staff: Staff) -> None:
    _set(staff.reception, PIN)
    assert [_try(staff.reception, WRONG) for _ in range(3)] == [False] * 3
    waits = []
    for _ in range(9):
        with pytest.raises(RuleError) as refused:
            _try(staff.reception, PIN)
        assert refused.value.code == "pin_wait"
        _wait_is_over(staff)
        with staff.reception.database.transaction() as session:
            waits.append(session.scalar(text("SELECT studio.note_pin_try(false)")))
    assert waits == [10, 20, 40, 80, 160, 300, 300, 300, 300]

    _wait_is_over(staff)
    assert _try(staff.reception, PIN)
    assert not _try(staff.reception, WRONG)
    with staff.reception.database.transaction() as session:
        assert has_own_pin(session)


def test_try_during_the_wait_counts_for_nothing(staff: Staff) -> None:
    _set(staff.reception, PIN)
    for _ in range(3):
        _try(staff.reception, WRONG)
    with staff.reception.database.transaction() as session:
        for right in (True, False):
            wait = session.scalar(text("SELECT studio.note_pin_try(:ok)"), {"ok": right})
            assert 0 < (wait or 0) <= 5
        assert _failures(session, staff.reception) is None
    with staff.database.transaction() as session:
        assert _failures(session, staff.reception) == 3


def _failures(session: Session, member: Member) -> int | None:
    """None for a reader to whom the table is closed."""
    if not session.scalar(text("SELECT has_table_privilege('user_pins', 'SELECT')")):
        return None
    failures: int | None = session.scalar(
        text("SELECT failures FROM user_pins WHERE user_id = :id"), {"id": member.id}
    )
    return failures


def test_waiting_goes_with_the_person_to_every_desk(staff: Staff) -> None:
    _set(staff.reception, PIN)
    for _ in range(3):
        _try(staff.reception, WRONG)
    with (
        staff.reception.connected() as other,
        other.cursor() as cursor,
        pytest.raises(Exception, match="pin_wait"),
    ):
        cursor.execute("SELECT studio.own_pin()")


def test_pin_can_be_changed_and_taken_away(staff: Staff) -> None:
    _set(staff.reception, PIN)
    _set(staff.reception, WRONG)
    assert (_try(staff.reception, PIN), _try(staff.reception, WRONG)) == (False, True)
    _set(staff.reception, None)
    assert not _try(staff.reception, WRONG)


def test_hash_of_a_pin_is_not_in_the_audit(staff: Staff) -> None:
    _set(staff.reception, PIN)
    with staff.owner.database.transaction() as session:
        (entry,) = session.execute(
            text("SELECT action, user_id, after FROM audit_log WHERE table_name = 'user_pins'")
        )
    assert (entry.action, entry.user_id) == ("insert", staff.reception.id)
    assert set(entry.after) == {"user_id", "failures", "wait_until", "updated_at"}


@pytest.mark.parametrize("pin", ["12345", "1234567890123", "12345a", "", "١٢٣٤٥٦", "12 456"])
def test_pin_is_six_to_twelve_digits(pin: str) -> None:
    with pytest.raises(RuleError) as refused:
        pin_hash(pin)
    assert refused.value.code == "pin_malformed"


@pytest.mark.parametrize("pin", ["000000", "777777", "123456", "654321", "890123"])
def test_digits_that_follow_each_other_are_refused(pin: str) -> None:
    with pytest.raises(RuleError) as refused:
        pin_hash(pin)
    assert refused.value.code == "pin_too_simple"


def test_hashes_of_one_pin_differ_and_all_match() -> None:
    first, second = pin_hash(PIN), pin_hash(PIN)

    assert first != second
    assert pin_matches(PIN, first)
    assert pin_matches(PIN, second)
    assert not pin_matches(WRONG, first)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        PIN,
        "scrypt$x$8$1$c2FsdA==$a2V5",
        "bcrypt$16384$8$1$c2FsdA==$a2V5",
        f"scrypt${2**30}$8$1$c2FsdHNhbHRzYWx0c2FsdA==$a2V5",
        "scrypt$3$8$1$c2FsdHNhbHRzYWx0c2FsdA==$a2V5",
        "scrypt$16384$8$1$not base64$a2V5",
    ],
)
def test_what_is_no_hash_of_ours_matches_nothing(stored: str) -> None:
    assert not pin_matches(PIN, stored)


@pytest.mark.parametrize("stored", ["271828", "scrypt$1$1$1$a$b", "a plain text", "x" * 10_000])
def test_database_takes_hashes_alone(staff: Staff, stored: str) -> None:
    with pytest.raises(RuleError) as refused, staff.artist.database.transaction() as session:
        session.execute(text("SELECT studio.set_pin(:it)"), {"it": stored})
    assert refused.value.code == "pin_not_a_hash"


def test_program_without_a_person_has_no_pin(staff: Staff) -> None:
    with pytest.raises(RuleError, match="not allowed"), staff.database.transaction() as session:
        set_own_pin(session, pin=PIN)
