"""Rows that refresh in place."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from studio_desktop.models.columns import CellKind, Column
from studio_desktop.models.rows import RowModel


@dataclass(frozen=True)
class Row:
    id: int
    name: str = ""


def model() -> RowModel[Row]:
    columns = [
        Column[Row]("Id", lambda row: row.id, CellKind.NUMBER),
        Column[Row]("Name", lambda row: row.name),
    ]
    made = RowModel[Row](columns, lambda row: row.id)
    tester = QAbstractItemModelTester(
        made, QAbstractItemModelTester.FailureReportingMode.Fatal, made
    )
    assert tester.model() is made
    return made


ids = st.lists(st.integers(1, 12), unique=True, max_size=12)


@given(before=ids, after=ids)
def test_any_list_becomes_any_other_and_every_index_follows_its_row(
    before: list[int], after: list[int]
) -> None:
    rows = model()
    rows.set_rows(Row(one) for one in before)
    kept = {one: QPersistentModelIndex(rows.index(at, 0)) for at, one in enumerate(before)}
    rows.set_rows(Row(one, "new") for one in after)
    assert [row.id for row in rows.rows] == after
    for one, index in kept.items():
        assert index.isValid() == (one in after)
        if index.isValid():
            assert index.row() == after.index(one)


def test_the_same_rows_again_say_nothing(qtbot: QtBot) -> None:
    rows = model()
    rows.set_rows([Row(1), Row(2)])
    with qtbot.assertNotEmitted(rows.dataChanged), qtbot.assertNotEmitted(rows.rowsInserted):
        rows.set_rows([Row(1), Row(2)])


def test_a_row_that_moved_to_the_next_page_is_not_doubled(qtbot: QtBot) -> None:
    rows = model()
    rows.set_rows([Row(1), Row(2)], more=True)
    rows.append_rows([Row(2), Row(3)])
    assert [row.id for row in rows.rows] == [1, 2, 3]


def test_more_rows_are_asked_for_once(qtbot: QtBot) -> None:
    rows = model()
    asked: list[bool] = []
    rows.more_wanted.connect(lambda: asked.append(True))
    rows.set_rows([Row(1)], more=True)
    for _ in range(3):
        rows.fetchMore(QModelIndex())
    assert asked == [True]
    rows.append_rows([Row(2)], more=True)
    rows.fetchMore(QModelIndex())
    assert asked == [True, True]
