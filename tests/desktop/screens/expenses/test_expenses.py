"""Money spent, typed and corrected at the front desk."""

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio_core.ledger.queries import ExpenseRow
from studio_desktop.forms.reason_dialog import ReasonDialog
from studio_desktop.models.columns import Badge
from studio_desktop.screens.expenses.view import ExpensesView
from tests.desktop.screens.entry_desk import CTRL, EntryDesk, day, entry_desk, over_a_wire
from tests.desktop.screens.month_desk import Studio, click

NBSP = "\N{NO-BREAK SPACE}"


def _view(desk: EntryDesk) -> ExpensesView:
    assert isinstance(desk.screen, ExpensesView)
    return desk.screen


def _spend(studio: Studio, amount: str, **changes: Any) -> ExpenseRow:
    return studio.books.spend(amount, **({"spent_on": day()} | changes))


def _type_whole(desk: EntryDesk, amount: str) -> None:
    view = _view(desk)
    desk.key(Qt.Key.Key_F4)
    desk.type(amount)
    desk.type_into(view.form.description, "Agulhas 3RL")
    desk.key(Qt.Key.Key_1, CTRL)
    desk.choose(view.form.category, "mater")
    desk.key(Qt.Key.Key_Return, CTRL)


def _look_at(desk: EntryDesk, row: ExpenseRow) -> None:
    view = _view(desk)
    desk.until(lambda: view.table.choose(row.id))
    view.table.setFocus()
    desk.key(Qt.Key.Key_Return)
    assert view.shows_detail()


def test_an_expense_is_typed_saved_and_undone(studio: Studio) -> None:
    with entry_desk(studio, "expenses") as desk:
        _type_whole(desk, "89,9")
        desk.said(f"Booked: R${NBSP}89,90 · Agulhas 3RL")
        view = _view(desk)
        desk.until(lambda: view.summary() == f"1 expense · R${NBSP}89,90")
        assert studio.books.rows(
            "SELECT spent_on, amount, description, category, method FROM expenses"
        ) == [(day(), Decimal("89.90"), "Agulhas 3RL", "materials", "cash")]
        desk.key(Qt.Key.Key_Z, CTRL)
        desk.said("Taken back")
        desk.until(lambda: view.summary() == f"0 expenses · R${NBSP}0,00")


def test_everything_wrong_is_said_at_its_field(studio: Studio) -> None:
    with entry_desk(studio, "expenses") as desk:
        view = _view(desk)
        desk.key(Qt.Key.Key_F4)
        desk.type("0")
        view.form.day.setText("31/12/2099")
        desk.key(Qt.Key.Key_Return, CTRL)
        errors = {name: field.error() for name, field in view.form.form.fields().items()}
        assert errors["amount"] == "The amount must be more than zero."
        assert errors["description"] == "Say what the money was spent on."
        assert errors["category"] == "Choose a category."
        assert errors["method"] == "Choose how it was paid."
        assert errors["spent_on"] == "The date is in the future."
    assert studio.books.value("SELECT count(*) FROM expenses") == 0


def test_a_lost_answer_books_one_expense(studio: Studio) -> None:
    with over_a_wire(studio) as (far, wire), entry_desk(far, "expenses") as desk:
        view = _view(desk)
        wire.swallow_commit("INSERT INTO expenses")
        _type_whole(desk, "55")
        desk.until(view.form.notice.isVisible)
        assert wire.cut.is_set()
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.said("Booked")
    assert studio.books.value("SELECT count(*) FROM expenses") == 1


def test_the_list_is_narrowed_by_category_method_and_words(studio: Studio) -> None:
    _spend(studio, "100")
    _spend(studio, "200", category="rent", method="transfer", description="Aluguel")
    _spend(studio, "300", category="rent", method="pix", description="Condomínio")
    with entry_desk(studio, "expenses") as desk:
        view = _view(desk)
        desk.until(lambda: len(view.model.rows) == 3)
        view.categories.choose("rent")
        desk.until(lambda: len(view.model.rows) == 2)
        view.methods.choose("pix")
        desk.until(lambda: [row.amount for row in view.model.rows] == [Decimal(300)])
        click(view.clear)
        desk.key(Qt.Key.Key_K, CTRL)
        desk.type("condominio")
        desk.until(lambda: [row.amount for row in view.model.rows] == [Decimal(300)])


def test_an_expense_is_corrected_and_voided_with_a_reason(studio: Studio) -> None:
    row = _spend(studio, "100")
    with entry_desk(studio, "expenses") as desk:
        view = _view(desk)
        _look_at(desk, row)
        desk.key(Qt.Key.Key_F2)
        desk.type("120")
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.said(f"Corrected: R${NBSP}120,00 · Agulhas")
        desk.until(lambda: len(view.model.rows) == 2)
        new = next(one for one in view.model.rows if one.voided_at is None)
        _look_at(desk, new)
        desk.key(Qt.Key.Key_Delete)
        dialog = desk.dialog()
        assert isinstance(dialog, ReasonDialog)
        QTest.keyClicks(dialog.reason, "nota cancelada")
        QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
        desk.said("Voided")

    assert studio.books.rows("SELECT amount, void_reason FROM expenses ORDER BY id") == [
        (Decimal("100.00"), "corrected"),
        (Decimal("120.00"), "nota cancelada"),
    ]


def test_a_category_nobody_knows_stands_as_it_is(studio: Studio) -> None:
    studio.books.rows(
        "INSERT INTO expenses (spent_on, amount, description, category, method, imported)"
        " VALUES (:day, -5, 'Antigo', 'Decoração', 'cheque', true) RETURNING id",
        day=day(),
    )
    with entry_desk(studio, "expenses") as desk:
        view = _view(desk)
        desk.until(lambda: len(view.model.rows) == 1)
        row = view.model.rows[0]
        shown = {column.title: column.value(row) for column in view.model.columns}
        assert shown["Category"] == Badge("Decoração")
        assert shown["Method"] == "cheque"
        _look_at(desk, row)
        assert not view.detail.correct.isVisible()
        assert view.detail.void.isVisible()
