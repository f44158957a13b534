"""Which full backups are kept, and that nothing else is removed."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from studio_core.backups.records import FullBackupRow
from studio_core.backups.retention import DAYS, MONTHS, WEEKS, expendable, remove_expendable
from tests.books import Books
from tests.core.backups.conftest import Studio

ZONE = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)


def made(number: int, at: datetime, *, proved: bool = False) -> FullBackupRow:
    name = f"studio_{number}.full.zip"
    return FullBackupRow(number, name, "", 1, at, None, at if proved else None, None)


def kept(rows: list[FullBackupRow], now: datetime = NOW) -> list[FullBackupRow]:
    gone = {row.id for row in expendable(rows, now, ZONE)}
    return [row for row in rows if row.id not in gone]


def each_night(nights: int) -> list[FullBackupRow]:
    return [made(night, NOW - timedelta(days=night, hours=6)) for night in range(nights)]


def test_of_every_night_of_three_years_two_weeks_two_months_and_two_years_are_kept() -> None:
    days = [row.created_at.astimezone(ZONE).date() for row in kept(each_night(1100))]
    assert days[:DAYS] == [date(2026, 3, 18) - timedelta(days=number) for number in range(DAYS)]
    sundays = [day for day in days[DAYS:] if day.weekday() == 6 and day > date(2026, 1, 20)]
    assert sundays == [date(2026, 3, 1) - timedelta(weeks=number) for number in range(WEEKS - 3)]
    month_ends = [day for day in days if (day + timedelta(days=1)).day == 1]
    assert len(month_ends) == MONTHS - 1, "and the running month's newest"
    assert month_ends[-1] == date(2024, 4, 30)
    assert len(days) == DAYS + len(sundays) + len(month_ends)


def test_a_year_of_nights_removed_night_by_night_keeps_the_same_as_all_at_once() -> None:
    """What is kept today never lacks tomorrow."""
    rows: list[FullBackupRow] = []
    everything: list[FullBackupRow] = []
    for night in range(400):
        at = datetime(2025, 1, 1, 6, tzinfo=UTC) + timedelta(days=night)
        everything.append(made(night, at))
        rows = kept([*rows, everything[-1]], at)
    assert rows == kept(everything, everything[-1].created_at)


def test_of_several_on_one_day_the_newest_is_kept_and_of_today_and_yesterday_all() -> None:
    for days, left in ((0, [0, 1, 2]), (1, [0, 1, 2]), (2, [0])):
        rows = [made(hour, NOW - timedelta(days=days, hours=hour)) for hour in range(3)]
        assert [row.id for row in kept([made(9, NOW), *rows])] == [9, *left]


def test_the_newest_and_the_newest_that_was_proved_are_kept_however_old() -> None:
    long_ago = NOW - timedelta(days=3000)
    rows = [made(number, long_ago - timedelta(days=number)) for number in range(5)]
    assert [row.id for row in kept(rows)] == [0]
    rows[3] = made(3, rows[3].created_at, proved=True)
    assert [row.id for row in kept(rows)] == [0, 3]


@given(st.lists(st.integers(0, 2000), max_size=40, unique=True), st.sets(st.integers(0, 2000)))
def test_never_all_are_expendable(nights: list[int], proved: set[int]) -> None:
    rows = [made(n, NOW - timedelta(days=n), proved=n in proved) for n in nights]
    left = kept(rows)
    assert bool(left) == bool(rows)
    if rows:
        assert min(rows, key=lambda row: row.id) in left
        tried = [row for row in rows if row.proved]
        assert not tried or min(tried, key=lambda row: row.id) in left


def on_record(books: Books, name: str, days: int, *, copied: bool = False) -> None:
    with books.database.connection() as connection:
        connection.exec_driver_sql(
            "INSERT INTO full_backups (file_name, file_sha256, file_bytes, manifest, created_at,"
            " copied_at) VALUES (%s, '', 1, '{}', now() - %s * interval '1 day',"
            " CASE WHEN %s THEN now() END)",
            (name, days, copied),
        )


def test_old_ones_go_from_both_places_and_nothing_else_does(studio: Studio, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    studio.folder.mkdir()
    names = {"new.full.zip": 1, "old.full.zip": 900, "older.full.zip": 901}
    for name, days in names.items():
        on_record(studio.books, name, days, copied=True)
    on_record(studio.books, "../outside.full.zip", 902)
    for place in (studio.folder, second):
        for name in (*names, "of somebody.full.zip", "2025-09.backup.zip"):
            (place / name).touch()
    (tmp_path / "outside.full.zip").touch()
    gone = remove_expendable(studio.jobs, directory=studio.folder, copy_dir=second)
    assert gone == ("older.full.zip", "old.full.zip")
    for place in (studio.folder, second):
        assert sorted(file.name for file in place.iterdir()) == [
            "2025-09.backup.zip",
            "new.full.zip",
            "of somebody.full.zip",
        ]
    assert (tmp_path / "outside.full.zip").exists()
    assert studio.books.rows(
        "SELECT file_name FROM full_backups WHERE removed_at IS NOT NULL ORDER BY id"
    ) == [("old.full.zip",), ("older.full.zip",)]


def test_one_whose_copy_is_out_of_reach_waits_for_its_disk(studio: Studio, tmp_path: Path) -> None:
    second = tmp_path / "second"
    on_record(studio.books, "new.full.zip", 1)
    on_record(studio.books, "old.full.zip", 900, copied=True)
    assert remove_expendable(studio.jobs, directory=studio.folder, copy_dir=second) == ()
    second.mkdir()
    (second / "old.full.zip").touch()
    assert remove_expendable(studio.jobs, directory=studio.folder, copy_dir=second) == (
        "old.full.zip",
    )
    assert list(second.iterdir()) == []
