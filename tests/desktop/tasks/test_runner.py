"""The only door to the database: answers come home, late ones do not."""

import threading
from decimal import Decimal

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot
from sqlalchemy import text
from sqlalchemy.orm import Session

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_desktop.tasks.runner import JobControl, Runner
from studio_desktop.tasks.worker import Bug, UnforeseenError


class Asker(QObject):
    """Keeps what it was told, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[object] = []
        self.refusals: list[object] = []
        self.threads: set[QThread] = set()

    @Slot(object)
    def on_answer(self, answer: object) -> None:
        self.answers.append(answer)
        self.threads.add(QThread.currentThread())

    @Slot(object)
    def on_refusal(self, error: object) -> None:
        self.refusals.append(error)


def test_an_answer_arrives_on_the_screens_thread(qtbot: QtBot, runner: Runner) -> None:
    asker = Asker()
    with qtbot.waitSignal(runner.idle):
        runner.ask(
            asker, "sum", lambda session: session.scalar(text("SELECT 2.50")), asker.on_answer
        )
    assert asker.answers == [Decimal("2.50")]
    assert asker.threads == {asker.thread()}


def test_a_late_answer_to_an_old_question_is_dropped(qtbot: QtBot, runner: Runner) -> None:
    asker, gate, begun = Asker(), threading.Event(), threading.Event()

    def slow(_session: Session) -> str:
        begun.set()
        gate.wait(10)
        return "old"

    runner.ask(asker, "list", slow, asker.on_answer)
    assert begun.wait(10)
    runner.ask(asker, "list", lambda _session: "new", asker.on_answer)
    runner.ask(asker, "other", lambda _session: "other", asker.on_answer)
    qtbot.waitUntil(lambda: len(asker.answers) == 2)
    with qtbot.waitSignal(runner.idle):
        gate.set()
    assert sorted(map(str, asker.answers)) == ["new", "other"]


def test_an_answer_for_an_asker_that_died_goes_nowhere(qtbot: QtBot, runner: Runner) -> None:
    asker, gate = Asker(), threading.Event()
    answers = asker.answers

    def slow(_session: Session) -> str:
        gate.wait(10)
        return "late"

    with qtbot.waitSignal(runner.idle):
        runner.ask(asker, "list", slow, asker.on_answer)
        asker.deleteLater()
        del asker
        qtbot.wait(1)
        gate.set()
    assert answers == []


def test_a_refusal_goes_to_whoever_asked(qtbot: QtBot, runner: Runner) -> None:
    asker = Asker()

    def refuse(_session: Session) -> None:
        raise RuleError("amount_zero")

    with qtbot.waitSignal(runner.idle):
        runner.act(asker, refuse, asker.on_answer, asker.on_refusal)
    assert [str(one) for one in asker.refusals] == ["The amount must be more than zero."]
    assert asker.answers == []


def test_a_refusal_that_nobody_takes_is_told_to_everybody(qtbot: QtBot, runner: Runner) -> None:
    asker = Asker()

    def refuse(_session: Session) -> None:
        raise RuleError("amount_zero")

    with qtbot.waitSignal(runner.refused) as told:
        runner.ask(asker, "x", refuse, asker.on_answer)
    assert told.args is not None
    assert told.args[0].code == "amount_zero"


def test_a_bug_is_logged_told_and_frees_the_form(
    qtbot: QtBot, runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    asker = Asker()

    def divide(_session: Session) -> float:
        return 1 / 0

    with qtbot.waitSignal(runner.failed) as told:
        runner.act(asker, divide, asker.on_answer, asker.on_refusal)
    assert told.args is not None
    bug = told.args[0]
    assert isinstance(bug, Bug)
    assert "unforeseen_error" in caplog.text
    assert bug.correlation_id in caplog.text
    assert isinstance(asker.refusals[0], UnforeseenError)
    assert asker.refusals[0].params == {"reference": bug.correlation_id}
    caplog.clear()


def test_a_lambda_is_no_answer(qtbot: QtBot, runner: Runner) -> None:
    with pytest.raises(TypeError, match="never to a lambda"):
        runner.ask(QObject(), "x", lambda _session: 1, lambda _answer: None)


def test_a_failed_write_leaves_nothing_behind(
    qtbot: QtBot, runner: Runner, database: Database
) -> None:
    asker = Asker()

    def half(session: Session) -> None:
        session.execute(text("INSERT INTO settings (key, value) VALUES ('half', '1')"))
        raise RuleError("amount_zero")

    with qtbot.waitSignal(runner.idle):
        runner.act(asker, half, asker.on_answer, asker.on_refusal)
    with database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM settings WHERE key = 'half'")) == 0


def test_a_job_reports_the_newest_progress_and_hears_of_cancel(
    qtbot: QtBot, runner: Runner
) -> None:
    asker, watcher = Asker(), Asker()

    def job(_database: Database, control: JobControl) -> int:
        steps = 0
        while not control.cancelled():
            steps += 1
            control.report(steps)
            threading.Event().wait(0.001)
        return steps

    control = runner.run_job(asker, job, watcher.on_answer, asker.on_answer)
    qtbot.waitUntil(lambda: len(watcher.answers) > 3)
    with qtbot.waitSignal(runner.idle):
        control.cancel()
    steps = asker.answers[0]
    assert isinstance(steps, int)
    assert watcher.answers == sorted(watcher.answers, key=str) or steps > 3
