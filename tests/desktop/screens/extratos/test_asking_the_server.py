"""A desk asks the studio's server to close a month: real servers, a second desk, and what fails."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import Connection, text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_core.extrato.refusals import Refusal
from studio_core.extrato.request_work import release, settle, take_next
from studio_core.extrato.requests import request_extrato
from studio_core.months import Month
from studio_desktop.languages import Languages
from studio_desktop.screens.extratos.closing_card import ClosingCard
from studio_desktop.screens.extratos.dialogs import CloseAgainDialog
from studio_desktop.screens.screen import ClosingServer
from tests.books import MONTH, closings_held_at_their_end
from tests.desktop.screens.extratos.extratos_desk import (
    ARCHIVING,
    WRITING,
    badge,
    extratos,
    held,
    open_month,
    pay_late,
    press,
    row,
    shown,
    words,
)
from tests.desktop.screens.month_desk import Studio
from tests.jobs.conftest import Jobs
from tests.jobs.serving import serve

AUGUST = Month(2025, 8)
SERVER = ClosingServer()
HURRIED = ClosingServer(patience_ms=400)
# By this clock nothing of the tests' books is due yet.
LONG_AGO = {"STUDIO_ENV": "development", "STUDIO_CLOCK_OFFSET_S": str(-10 * 365 * 24 * 3600)}
REQUESTS = "SELECT status, code FROM extrato_requests ORDER BY id"
RUNS = "SELECT status FROM extrato_runs ORDER BY id"
CANCELLED = "SELECT bool_or(cancel_requested) FROM extrato_progress"


def test_server_closes_for_the_owner_and_a_second_desk_sees_who_asked(
    studio: Studio, jobs: Jobs
) -> None:
    studio.books.fill(100)
    serve(jobs, BATCH_SIZE="1", **LONG_AGO)
    with (
        studio.desk("owner", closing_server=SERVER) as desk,
        studio.desk("manager", closing_server=SERVER) as other,
    ):
        onlooker = extratos(other)
        studio.until(lambda: len(onlooker.model.rows) == 2)
        view = open_month(studio, desk, MONTH)
        said = _said(view.card)
        with held(studio, ARCHIVING):
            press(view.close_button)
            assert view.card.isVisible()
            assert view.card.stage() == "Asking the server"
            assert not view.close_button.isVisible()
            for card in (view.card, onlooker.card):
                studio.until(lambda card=card: card.stage() == "Archiving expenses")  # type: ignore[misc] # bound at once
            assert badge(onlooker.card) == "Asked for by Helena Prado"
            assert badge(view.card) == "On the server"
            assert not onlooker.card.cancel_button().isVisible()
            assert words(row(onlooker, MONTH)) == ["Closing…"]
        studio.until(lambda: view.page is not None and view.page.statement.version == 1)
        studio.until(lambda: not view.card.isVisible() and not onlooker.card.isVisible())
        assert desk.notifier.texts() == ("September 2025 is closed. Its extrato is ready.",)
        assert other.notifier.texts() == ()
        studio.until(lambda: words(row(onlooker, MONTH)) == ["Closed"])
    assert said.index("Asking the server") < said.index("Archiving expenses")
    assert len(list(jobs.backup_dir.glob("*.backup.zip"))) == 1
    assert not studio.backup_dir.exists()
    assert studio.books.rows(REQUESTS) == [("done", None)]


def test_without_a_server_a_sentence_says_what_to_do_and_nothing_closes_later(
    studio: Studio, jobs: Jobs
) -> None:
    studio.books.fill(20)
    with studio.desk("owner", closing_server=HURRIED) as desk:
        view = open_month(studio, desk, MONTH)
        press(view.close_button)
        assert view.card.stage() == "Asking the server"
        studio.until(lambda: not view.card.isVisible())
        assert view.strip.text() == (
            "No server program is running that closes months. "
            "Start studio-jobs serve on the server, then try again."
        )
        studio.until(view.close_button.isVisible)
        served = serve(jobs, **LONG_AGO)
        with studio.books.database.transaction() as session:
            request_extrato(session, month=AUGUST)
        studio.until(lambda: studio.books.rows(REQUESTS)[-1] == ("done", None))
        served.stop()
        assert studio.books.rows(REQUESTS)[0] == ("given_up", "no_server_closes")
        assert shown(view).version is None
        view.show_list()
        view = open_month(studio, desk, MONTH)
        studio.until(view.strip.isVisible)
        assert view.strip.text().startswith("Last try (")
        assert "Start studio-jobs serve" in view.strip.text()


def test_the_wait_is_ten_seconds() -> None:
    assert SERVER.patience_ms == 10_000


def test_request_taken_at_the_moment_of_giving_up_goes_on(studio: Studio) -> None:
    studio.books.fill(20)
    database = studio.books.database
    with (
        studio.desk("owner", closing_server=HURRIED) as desk,
        database.connection() as worker,
    ):
        view = open_month(studio, desk, MONTH)
        with database.transaction() as session:
            press(view.close_button)
            studio.until(lambda: bool(studio.books.rows(REQUESTS)))
            taken = take_next(session, worker)
            assert taken is not None
            studio.until(lambda: _somebody_waits(studio))
        studio.until(lambda: view.card.stage() == "The server begins")
        refusal = Refusal.of(RuleError("month_busy", month="2025-09", who="Camila Teixeira"))
        with database.transaction() as session:
            settle(session, taken.id, status="refused", refusal=refusal)
        release(worker, taken.id)
        studio.until(lambda: "in use by Camila Teixeira" in view.strip.text())
        assert view.strip.text().startswith("The month September 2025 is in use")


def test_what_waits_behind_another_month_is_not_given_up(studio: Studio) -> None:
    studio.books.fill(20)
    with (
        studio.desk("owner", closing_server=HURRIED) as desk,
        _working_on(studio, AUGUST) as (worker, august),
    ):
        view = open_month(studio, desk, MONTH)
        view.close_wanted.emit(MONTH)  # Pressed just before it showed that August is under way.
        studio.until(lambda: view.card.stage() == "The server finishes another month first")
        studio.qtbot.wait(3 * HURRIED.patience_ms)  # Nothing may happen in this time.
        assert studio.books.rows(REQUESTS)[-1] == ("waiting", None)
        with studio.books.database.transaction() as session:
            settle(session, august, status="done")
        release(worker, august)
        studio.until(lambda: "No server program" in view.strip.text())


def test_cancelled_before_a_server_took_it(studio: Studio) -> None:
    studio.books.fill(20)
    with studio.desk("owner", closing_server=SERVER) as desk:
        view = open_month(studio, desk, MONTH)
        press(view.close_button)
        press(view.card.cancel_button())  # Before the request is even filed.
        studio.until(lambda: not view.card.isVisible())
        assert desk.notifier.texts() == ("The closing was cancelled. Nothing was moved.",)
        studio.until(view.close_button.isVisible)
        press(view.close_button)
        studio.until(lambda: len(studio.books.rows(REQUESTS)) == 2)
        press(view.card.cancel_button())
        studio.until(lambda: not view.card.isVisible())
        assert studio.books.rows(REQUESTS) == [("given_up", "closing_cancelled")] * 2
        assert not view.strip.isVisible()


@pytest.mark.parametrize("stage", ["Writing the backup", "Archiving expenses"])
def test_cancelled_while_the_server_works(
    studio: Studio, serving: Callable[[], None], stage: str
) -> None:
    studio.books.fill(100)
    before = studio.books.snapshot()
    serving()
    with studio.desk("owner", closing_server=SERVER) as desk:
        view = open_month(studio, desk, MONTH)
        with held(studio, WRITING if stage == "Writing the backup" else ARCHIVING):
            press(view.close_button)
            studio.until(lambda: view.card.stage() == stage)
            cancel = view.card.cancel_button()
            press(cancel)
            assert not cancel.isEnabled()
            assert view.card.stage() == "Stopping at the next safe place…"
            studio.until(lambda: bool(studio.books.value(CANCELLED)))
        studio.until(lambda: not view.card.isVisible())
        assert desk.notifier.texts() == ("The closing was cancelled. Nothing was moved.",)
        studio.until(view.close_button.isVisible)
    assert studio.books.snapshot() == before
    assert studio.books.rows(REQUESTS) == [("refused", "closing_cancelled")]
    assert studio.books.rows(RUNS) == [("cancelled",)]


def test_second_desk_of_an_owner_cancels_what_the_first_asked_for(
    studio: Studio, serving: Callable[[], None]
) -> None:
    studio.books.fill(100)
    serving()
    with (
        studio.desk("owner", closing_server=SERVER) as desk,
        studio.desk("owner", closing_server=SERVER) as other,
    ):
        second = extratos(other)
        view = open_month(studio, desk, MONTH)
        with held(studio, ARCHIVING):
            press(view.close_button)
            studio.until(lambda: second.card.stage() == "Archiving expenses")
            press(second.card.cancel_button())
            studio.until(lambda: view.card.stage() == "Stopping at the next safe place…")
        studio.until(lambda: not view.card.isVisible() and not second.card.isVisible())
        assert desk.notifier.texts() == ("The closing was cancelled. Nothing was moved.",)
    assert studio.books.rows(RUNS) == [("cancelled",)]


def test_another_server_takes_over_from_one_that_was_killed(studio: Studio, jobs: Jobs) -> None:
    studio.books.fill(100)
    first = serve(jobs, BATCH_SIZE="1", **LONG_AGO)
    with studio.desk("owner", closing_server=SERVER) as desk:
        view = open_month(studio, desk, MONTH)
        with held(studio, ARCHIVING):
            press(view.close_button)
            studio.until(lambda: view.card.stage() == "Archiving expenses")
            serve(jobs, BATCH_SIZE="1", **LONG_AGO)
            first.process.send_signal(signal.SIGKILL)
            first.process.communicate(timeout=30)
        studio.until(lambda: view.page is not None and view.page.statement.version == 1)
        assert desk.notifier.texts() == ("September 2025 is closed. Its extrato is ready.",)
    assert studio.books.rows(RUNS) == [("died",), ("done",)]
    assert studio.books.rows(REQUESTS) == [("done", None)]


def test_server_that_dies_alone_is_told_and_its_month_stays(studio: Studio, jobs: Jobs) -> None:
    studio.books.fill(100)
    before = studio.books.snapshot()
    served = serve(jobs, BATCH_SIZE="1", **LONG_AGO)
    with studio.desk("owner", closing_server=ClosingServer(patience_ms=1500)) as desk:
        view = open_month(studio, desk, MONTH)
        with held(studio, ARCHIVING):
            press(view.close_button)
            studio.until(lambda: view.card.stage() == "Archiving expenses")
            served.process.send_signal(signal.SIGKILL)
            served.process.communicate(timeout=30)
        studio.until(
            lambda: view.card.stage() == "The server was interrupted; waiting for it to go on"
        )
        assert view.card.ticks.place() == -1
        studio.until(lambda: "No server program" in view.strip.text())
    assert studio.books.rows(REQUESTS) == [("given_up", "no_server_closes")]
    assert studio.books.snapshot() == before


def test_request_outlives_its_desk_and_a_lost_connection(studio: Studio, jobs: Jobs) -> None:
    studio.books.fill(50)
    serve(jobs, **LONG_AGO)
    with closings_held_at_their_end(studio.books.database):
        with studio.desk("owner", closing_server=SERVER) as desk:
            view = open_month(studio, desk, MONTH)
            press(view.close_button)
            studio.until(lambda: view.card.ticks.place() == 6)
        # That desk is gone. The person's next one finds the request.
        desk_again = studio.desk("owner", closing_server=SERVER)
        again = desk_again.__enter__()
        view = extratos(again)
        studio.until(lambda: view.card.ticks.place() == 6)
        assert badge(view.card) == "On the server"
        assert view.card.cancel_button().isVisible()
        studio.until(lambda: bool(view.model.rows))
        assert words(row(view, MONTH)) == ["Closing…"]
        _cut_all_desks(studio)
    try:
        studio.until(lambda: view.page is not None and view.page.statement.version == 1)
        assert "September 2025 is closed. Its extrato is ready." in again.notifier.texts()
    finally:
        desk_again.__exit__(None, None, None)


def test_end_is_told_while_another_screen_is_shown(
    studio: Studio, serving: Callable[[], None]
) -> None:
    studio.books.fill(50)
    with studio.desk("owner", closing_server=SERVER) as desk:
        view = open_month(studio, desk, MONTH)
        press(view.close_button)
        desk.workspace.show_screen("payments")
        serving()
        studio.until(lambda: bool(desk.notifier.texts()))
        assert desk.notifier.texts() == ("September 2025 is closed. Its extrato is ready.",)
        desk.workspace.show_screen("extratos")
        studio.until(lambda: shown(view).version == 1)


def test_late_payment_is_taken_in_by_the_servers_closing_again(
    studio: Studio, serving: Callable[[], None]
) -> None:
    studio.books.fill(20)
    serving()
    with studio.desk("owner", closing_server=SERVER) as desk:
        view = open_month(studio, desk, MONTH)
        press(view.close_button)
        studio.until(lambda: shown(view).version == 1)
        pay_late(studio, Decimal("77.00"))
        desk.workspace.show_screen("payments")
        view = open_month(studio, desk, MONTH)
        view.reload_wanted.emit()
        studio.until(view.again_button.isVisible)
        press(view.again_button)
        dialog = view.findChild(CloseAgainDialog)
        assert dialog is not None
        press(dialog.action)
        assert view.card.stage() == "Asking the server"
        studio.until(lambda: shown(view).version == 2)
    assert studio.books.rows("SELECT forced FROM extrato_requests ORDER BY id") == [
        (False,),
        (True,),
    ]


def test_busy_month_is_refused_with_the_holders_name_in_the_desks_language(
    studio: Studio,
    serving: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    qapp: QApplication,
) -> None:
    monkeypatch.setattr("studio_core.extrato.closing._WAIT", "700ms")
    monkeypatch.setattr("studio_core.extrato.closing._TRIES", 2)
    studio.books.fill(20)
    serving()
    languages = Languages(qapp)
    languages.use("pt_BR")
    try:
        with (
            studio.desk("owner", closing_server=SERVER) as desk,
            Database(studio.login("reception"), application_name="studio-desktop") as reception,
        ):
            view = open_month(studio, desk, MONTH)
            with reception.transaction() as session:
                session.execute(text(_PAYMENT), {"artist": studio.books.ana})
                press(view.close_button)
                assert view.card.stage() == "Pedindo ao servidor"
                studio.until(lambda: "Camila Teixeira" in view.strip.text())
            assert view.strip.text().startswith("O mês setembro de 2025 está em uso por")
    finally:
        languages.use("en")


def test_entry_that_came_during_the_backup_is_refused(
    studio: Studio, serving: Callable[[], None]
) -> None:
    studio.books.fill(20)
    serving()
    with (
        studio.desk("owner", closing_server=SERVER) as desk,
        Database(studio.login("reception"), application_name="studio-desktop") as reception,
    ):
        view = open_month(studio, desk, MONTH)
        with reception.transaction() as session:
            session.execute(text(_PAYMENT), {"artist": studio.books.ana})
            press(view.close_button)
            studio.until(lambda: view.card.stage() == "Locking the month")
        studio.until(lambda: "while its backup was written" in view.strip.text())
        press(view.close_button)
        studio.until(lambda: shown(view).version == 1)


def test_month_closed_meanwhile_is_refused(studio: Studio, serving: Callable[[], None]) -> None:
    studio.books.fill(20)
    with studio.desk("owner", closing_server=SERVER) as desk:
        view = open_month(studio, desk, MONTH)
        press(view.close_button)
        studio.until(lambda: bool(studio.books.rows(REQUESTS)))
        create_backup(studio.books.database, month=MONTH, directory=studio.backup_dir)
        close_month(studio.books.database, month=MONTH, options=ClosingOptions(studio.backup_dir))
        serving()
        studio.until(lambda: "already closed" in view.strip.text())
        studio.until(lambda: shown(view).version == 1)


# Parts

_PAYMENT = (
    "INSERT INTO payments (paid_on, amount, method, artist_id)"
    " VALUES ('2025-09-30', 10, 'pix', :artist)"
)


@contextmanager
def _working_on(studio: Studio, month: Month) -> Iterator[tuple[Connection, int]]:
    """A server, by its sign of life, at work on another request; and that request."""
    database = studio.books.database
    with database.connection() as worker:
        with database.transaction() as session:
            request_extrato(session, month=month)
            taken = take_next(session, worker)
        assert taken is not None
        yield worker, taken.id


def _somebody_waits(studio: Studio) -> bool:
    return bool(
        studio.books.value(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
    )


def _cut_all_desks(studio: Studio) -> None:
    studio.books.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = :role AND datname = current_database()",
        role=studio.login("owner").username,
    )


def _said(card: ClosingCard) -> list[str]:
    """The words of every step that the card shows, from now on."""
    said: list[str] = []
    show = card.show_step

    def keep(step: object, *, stopping: bool = False) -> None:
        show(step, stopping=stopping)  # type: ignore[arg-type] # passed on as it came
        said.append(card.stage())

    card.show_step = keep  # type: ignore[method-assign] # to look over its shoulder
    return said
