"""A locked desk at a real window: who may open it, and what waits behind it unharmed."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio_core.errors import RuleError
from studio_desktop.lock.idle import IdleWatch
from studio_desktop.lock.lock import FREE_TRIES, Lock, Waiting
from studio_desktop.lock.view import Locked, LockPage
from studio_desktop.shell.window import Window
from studio_desktop.tasks.worker import Workers
from studio_desktop.theme.theme import Theme

SECRETS = {1: "agulha fina 12", 2: "tinta preta 34"}
NAMES = {1: "Camila Teixeira", 2: "Helena Prado"}


class Desk(QWidget):
    """What stands for a workspace: a field in which somebody was typing."""

    def __init__(self) -> None:
        super().__init__()
        self.form = QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.form)


class Bench:
    """A window with a lock, and the desks of two people."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        self.qtbot = qtbot
        self.window = Window(theme)
        qtbot.addWidget(self.window)
        self.workers = Workers(1)
        self.lock = Lock(self.window, theme, self.workers, self.window)
        self.tried: list[str] = []
        self.window.resize(1024, 640)
        with qtbot.waitExposed(self.window):
            self.window.show()

    def desk(self) -> Desk:
        desk = Desk()
        self.window.show_page(desk)
        return desk

    def waiting(self, user_id: int, desk: Desk) -> Waiting:
        def check(secret: str) -> None:
            self.tried.append(secret)
            if secret != SECRETS[user_id]:
                raise RuleError("unlock_refused")

        def describe() -> Locked:
            unsaved = bool(desk.form.text())
            return Locked(user_id, NAMES[user_id], "Reception", "Password", unsaved)

        return Waiting(user_id, desk, check, describe)

    def page(self) -> LockPage:
        page = self.window.page()
        assert isinstance(page, LockPage)
        return page

    def type_secret(self, secret: str) -> None:
        page = self.page()
        QTest.keyClicks(page.secret, secret)
        QTest.keyClick(page.secret, Qt.Key.Key_Return)


@pytest.fixture
def bench(qtbot: QtBot, theme: Theme) -> Iterator[Bench]:
    made = Bench(qtbot, theme)
    yield made
    made.workers.close()


def test_right_password_gives_the_desk_back_as_it_was(bench: Bench) -> None:
    desk = bench.desk()
    QTest.keyClicks(desk.form, "half a name")
    bench.lock.lock(bench.waiting(1, desk))
    assert bench.lock.is_locked()
    assert not desk.isVisible()
    with bench.qtbot.waitSignal(bench.lock.unlocked, timeout=10_000):
        bench.type_secret(SECRETS[1])
    assert bench.window.page() is desk
    assert desk.form.text() == "half a name"
    assert bench.lock.desks == ()


def test_wrong_password_keeps_it_locked_and_makes_guessing_slow(bench: Bench) -> None:
    bench.lock.lock(bench.waiting(1, bench.desk()))
    page = bench.page()
    for number in range(FREE_TRIES + 1):
        bench.type_secret(f"guess {number}")
        bench.qtbot.waitUntil(lambda: bool(page.field.error()), timeout=10_000)
        assert page.secret.text() == ""
    assert "Wait" in page.field.error()
    assert not page.button.isEnabled()
    QTest.keyClick(page, Qt.Key.Key_Return)
    page.unlock_wanted.emit(1, SECRETS[1])  # Not even past the page's own button.
    assert len(bench.tried) == FREE_TRIES + 1
    assert bench.lock.is_locked()
    bench.qtbot.waitUntil(page.button.isEnabled, timeout=10_000)
    with bench.qtbot.waitSignal(bench.lock.unlocked, timeout=10_000):
        bench.type_secret(SECRETS[1])


def test_dialog_of_a_locked_desk_is_out_of_sight_until_it_is_unlocked(bench: Bench) -> None:
    desk = bench.desk()
    dialog = QDialog(desk)
    dialog.open()
    bench.lock.lock(bench.waiting(1, desk))
    assert not dialog.isVisible()
    with bench.qtbot.waitSignal(bench.lock.unlocked, timeout=10_000):
        bench.type_secret(SECRETS[1])
    assert dialog.isVisible()
    dialog.close()


def test_second_person_works_while_the_first_ones_form_waits(bench: Bench) -> None:
    first = bench.desk()
    first.form.setText("half a name")
    bench.lock.lock(bench.waiting(1, first))
    with bench.qtbot.waitSignal(bench.lock.somebody_else):
        QTest.mouseClick(bench.page().somebody_else, Qt.MouseButton.LeftButton)
    second = bench.desk()
    bench.lock.lock(bench.waiting(2, second))
    page = bench.page()
    assert page.who.isVisible()
    assert page.person() is not None
    page.who.choose(1)
    with bench.qtbot.waitSignal(bench.lock.unlocked, timeout=10_000):
        bench.type_secret(SECRETS[1])
    assert bench.window.page() is first
    assert first.form.text() == "half a name"
    assert bench.lock.waits_for(2)


def test_one_persons_password_does_not_open_anothers_desk(bench: Bench) -> None:
    bench.lock.lock(bench.waiting(1, bench.desk()))
    page = bench.page()
    bench.type_secret(SECRETS[2])
    bench.qtbot.waitUntil(lambda: bool(page.field.error()), timeout=10_000)
    assert bench.lock.is_locked()


def test_nobody_at_the_computer_is_noticed(qtbot: QtBot, qapp: QApplication) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    watch = IdleWatch(field)
    with qtbot.waitSignal(watch.idle, timeout=10_000):
        watch.set_wait(50)
    watch.set_wait(60_000)
    before = watch.remaining_ms()
    qtbot.waitUntil(lambda: watch.remaining_ms() < before - 20, timeout=10_000)
    lower = watch.remaining_ms()
    QApplication.sendEvent(
        field,
        QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a"),
    )
    assert watch.remaining_ms() > lower
    watch.set_wait(0)
    assert watch.remaining_ms() == -1
