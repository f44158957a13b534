"""When a backup and a trial are due, by the studio's wall clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from studio_core.backups.due import BackupCalendar, backup_calendar
from studio_core.backups.records import note_drill
from tests.core.backups.conftest import Studio

# A Wednesday, 02:30 and 03:30 at the studio.
BEFORE = datetime(2026, 3, 18, 5, 30, tzinfo=UTC)
AFTER = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def calendar(
    newest: datetime | None = None,
    *,
    first: datetime | None = None,
    drilled: datetime | None = None,
    zone: ZoneInfo = SAO_PAULO,
) -> BackupCalendar:
    return BackupCalendar(zone, first or newest, newest, drilled)


def test_a_backup_is_due_each_day_at_three() -> None:
    yesterday = datetime(2026, 3, 17, 6, 1, tzinfo=UTC)
    assert calendar(yesterday).backup_due(BEFORE) is None
    assert calendar(yesterday).backup_due(AFTER) == date(2026, 3, 18)
    assert calendar(AFTER).backup_due(AFTER) is None
    assert calendar(yesterday - timedelta(days=1)).backup_due(BEFORE) == date(2026, 3, 17)


def test_a_studio_without_any_is_due_at_once() -> None:
    assert calendar().backup_due(BEFORE) == date(2026, 3, 17)
    assert calendar().drill_due(BEFORE) is None


def test_the_clock_on_the_wall_counts_where_clocks_are_changed() -> None:
    zone = ZoneInfo("America/New_York")
    spring_forward = datetime(2026, 3, 8, 6, 59, tzinfo=UTC)  # 01:59, and next it is 03:00.
    made = datetime(2026, 3, 7, 8, 1, tzinfo=UTC)
    assert calendar(made, zone=zone).backup_due(spring_forward) is None
    at_three = spring_forward + timedelta(minutes=1)
    assert calendar(made, zone=zone).backup_due(at_three) == date(2026, 3, 8)


def test_a_clock_that_was_set_otherwise_is_compared_with_itself() -> None:
    """As the server's own clock may be, in proofs."""
    true_time = datetime(2026, 3, 20, 6, 30, tzinfo=UTC)
    offset = AFTER - true_time
    assert calendar(true_time).backup_due(AFTER, offset) is None
    assert calendar(true_time - timedelta(hours=1)).backup_due(AFTER, offset) == date(2026, 3, 18)


@pytest.mark.parametrize(
    ("first", "drilled", "due"),
    [
        # The first backup was made after the last Sunday: let the week pass.
        (datetime(2026, 3, 16, tzinfo=UTC), None, None),
        (datetime(2026, 3, 10, tzinfo=UTC), None, date(2026, 3, 15)),
        (datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 3, 14, tzinfo=UTC), date(2026, 3, 15)),
        (datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 3, 15, 7, 1, tzinfo=UTC), None),
    ],
)
def test_a_trial_is_due_each_sunday_at_four(
    first: datetime, drilled: datetime | None, due: date | None
) -> None:
    assert calendar(AFTER, first=first, drilled=drilled).drill_due(AFTER) == due


def test_the_record_tells_what_is_due(studio: Studio) -> None:
    def due() -> tuple[bool, bool]:
        with studio.jobs.transaction() as session:
            found = backup_calendar(session)
        now = datetime.now(UTC)
        return found.backup_due(now) is not None, found.drill_due(now + timedelta(days=8)) is None

    assert due() == (True, True)
    row = studio.back_up()
    assert due() == (False, False)
    with studio.jobs.transaction() as session:
        note_drill(session, row.id, "counts differ")
    # It is tried again next Sunday, failed or not.
    with studio.jobs.transaction() as session:
        assert backup_calendar(session).drilled is not None
