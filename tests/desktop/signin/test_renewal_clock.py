"""When a password is renewed: by the server's clock, whatever this computer's says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from studio_core.errors import RuleError, StudioError, UnavailableError
from studio_desktop.signin.google.renewal import Renewal
from studio_desktop.signin.google.session import GoogleSession
from studio_desktop.signin.kept_logins import GoogleLogin
from studio_desktop.tasks.worker import Workers

BEGIN = datetime(2026, 9, 12, 8, 0, tzinfo=UTC)
LIFE = timedelta(hours=12)
NEVER_MS = 3_600_000


class Day(QObject):
    """A sign-in of twelve hours from eight o'clock; the hours pass as the test says."""

    def __init__(self, qtbot: QtBot, ahead: timedelta = timedelta(0), refresh: str = "r") -> None:
        super().__init__()
        self.login = GoogleLogin("ana@x", "role", "1", refresh, BEGIN, BEGIN + LIFE, ahead=ahead)
        self.clock = BEGIN - ahead
        self.outcome: StudioError | None = None
        self.tries: list[str] = []
        self.told: list[str] = []
        self.ended = 0
        self.workers = Workers(1, self)
        self._qtbot = qtbot
        session = cast(GoogleSession, self)  # It has what a renewal asks of one.
        self.renewal = Renewal(
            session, self.workers, self, now=lambda: self.clock, look_ms=NEVER_MS
        )
        self.renewal.ending.connect(self._on_ending)
        self.renewal.ended.connect(self._on_ended)
        self.renewal.start()

    def renew(self) -> GoogleLogin:
        self.tries.append(f"{self.clock + self.login.ahead:%H:%M}")
        if self.outcome is not None:
            raise self.outcome
        now = self.clock + self.login.ahead
        self.login = replace(self.login, issued_at=now, expires_at=now + LIFE)
        return self.login

    def becomes(self, hour: int, minute: int = 0, day: int = 12) -> None:
        """o'clock, by the server."""
        self.clock = datetime(2026, 9, day, hour, minute, tzinfo=UTC) - self.login.ahead
        self.renewal.look()
        self.settle()

    def settle(self) -> None:
        self._qtbot.waitUntil(lambda: self.workers.pending == 0)

    @Slot(object)
    def _on_ending(self, at: Any) -> None:
        self.told.append(f"{at:%H:%M}")

    @Slot()
    def _on_ended(self) -> None:
        self.ended += 1


@pytest.fixture
def day(qtbot: QtBot) -> Iterator[Day]:
    made = Day(qtbot)
    yield made
    made.workers.close()


def test_it_is_renewed_in_the_middle_of_its_life_again_and_again(day: Day) -> None:
    for hour in (9, 13, 14, 15, 19, 20):
        day.becomes(hour)
    day.becomes(2, day=13)

    assert day.tries == ["14:00", "20:00", "02:00"]
    assert (day.told, day.ended) == ([], 0)


@pytest.mark.parametrize("hours", [-7, 5])
def test_a_clock_that_is_hours_wrong_makes_no_difference(qtbot: QtBot, hours: int) -> None:
    day = Day(qtbot, timedelta(hours=hours))
    for hour in (9, 13, 14, 16):
        day.becomes(hour)

    assert day.tries == ["14:00"]
    day.workers.close()


def test_a_laptop_that_slept_renews_as_soon_as_it_wakes(day: Day) -> None:
    day.becomes(19, 59)

    assert day.tries == ["19:59"]


def test_what_failed_is_tried_again_with_longer_pauses(
    day: Day, caplog: pytest.LogCaptureFixture
) -> None:
    day.outcome = UnavailableError("google_no_answer", host="google")
    for minute in range(15):
        day.becomes(14, minute)

    assert day.tries == ["14:00", "14:01", "14:02", "14:04", "14:09", "14:14"]
    assert day.told == []


def test_it_is_told_once_an_hour_before_the_end_and_then_it_ends(
    day: Day, caplog: pytest.LogCaptureFixture
) -> None:
    day.outcome = UnavailableError("google_no_answer", host="google")
    for hour, minute in ((14, 0), (18, 59), (19, 0), (19, 30), (19, 59)):
        day.becomes(hour, minute)
    assert (day.told, day.ended) == (["20:00"], 0)

    day.becomes(20)
    day.becomes(21)

    assert (day.told, day.ended) == (["20:00"], 1)
    assert day.tries[-1] == "19:59"


def test_a_success_forgets_the_failures(day: Day, caplog: pytest.LogCaptureFixture) -> None:
    day.outcome = UnavailableError("google_no_answer", host="google")
    day.becomes(14)
    day.outcome = None
    day.becomes(14, 30)
    day.becomes(20, 29)
    day.becomes(20, 30)

    assert day.tries == ["14:00", "14:30", "20:30"]
    assert day.told == []


def test_what_was_withdrawn_is_told_at_once_and_not_tried_again(
    day: Day, caplog: pytest.LogCaptureFixture
) -> None:
    day.outcome = RuleError("google_sign_in_over")
    for hour in (14, 15, 16):
        day.becomes(hour)

    assert (day.tries, day.told, day.ended) == (["14:00"], ["20:00"], 0)
    day.becomes(20)
    assert day.ended == 1


def test_without_a_refresh_token_it_is_told_before_the_end(qtbot: QtBot) -> None:
    day = Day(qtbot, refresh="")
    for hour in (14, 18, 19, 20):
        day.becomes(hour)

    assert (day.tries, day.told, day.ended) == ([], ["20:00"], 1)
    day.workers.close()


def test_a_database_that_takes_it_no_more_is_a_reason_to_renew_now(
    day: Day, caplog: pytest.LogCaptureFixture
) -> None:
    day.becomes(9)
    day.renewal.renew_now()
    day.settle()
    assert day.tries == ["09:00"]

    day.outcome = RuleError("google_not_admitted")
    day.renewal.renew_now()
    day.settle()
    assert day.ended == 0
    day.renewal.renew_now()
    assert day.ended == 1
