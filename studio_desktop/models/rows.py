"""A table of frozen rows that refreshes in place: selection and scroll survive."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Decimal
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from studio_desktop import formats
from studio_desktop.models.columns import RIGHT_ALIGNED, CellKind, Column, text_of

R = TypeVar("R")

ROW_ROLE = Qt.ItemDataRole.UserRole
VALUE_ROLE = Qt.ItemDataRole.UserRole + 1
KIND_ROLE = Qt.ItemDataRole.UserRole + 2
FADED_ROLE = Qt.ItemDataRole.UserRole + 3

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class RowModel(QAbstractTableModel, Generic[R]):
    """Rows of one type under columns.

    more_wanted: the view came near the end and more rows exist; the controller answers with
    append_rows() or set_rows(). Emitted once until then.
    """

    more_wanted = Signal()

    def __init__(
        self,
        columns: Sequence[Column[R]],
        row_id: Callable[[R], Hashable],
        faded: Callable[[R], bool] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """row_id: what stays the same when a row changes. faded: rows to strike, such as voided."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self._row_id = row_id
        self._faded = faded
        self._rows: list[R] = []
        self._more = False
        self._asked = False

    # Filling

    def set_rows(self, rows: Iterable[R], *, more: bool = False) -> None:
        """Show exactly these rows, by the smallest change from what is shown now."""
        new = list(rows)
        self._more, self._asked = more, False
        new_ids = [self._row_id(row) for row in new]
        self._remove_all_but(set(new_ids))
        self._reorder(new_ids)
        self._insert_missing(new, new_ids)
        self._replace_changed(new)

    def append_rows(self, rows: Iterable[R], *, more: bool = False) -> None:
        """Add the next page. A row that is already here (it moved meanwhile) is not doubled."""
        self._more, self._asked = more, False
        known = {self._row_id(row) for row in self._rows}
        new = [row for row in rows if self._row_id(row) not in known]
        if new:
            first = len(self._rows)
            self.beginInsertRows(_ROOT, first, first + len(new) - 1)
            self._rows.extend(new)
            self.endInsertRows()

    def clear(self) -> None:
        self.set_rows(())

    # Reading

    @property
    def rows(self) -> tuple[R, ...]:
        return tuple(self._rows)

    def row(self, position: int) -> R | None:
        return self._rows[position] if 0 <= position < len(self._rows) else None

    def position_of(self, row_id: Hashable) -> int | None:
        for position, row in enumerate(self._rows):
            if self._row_id(row) == row_id:
                return position
        return None

    def id_of(self, row: R) -> Hashable:
        return self._row_id(row)

    # Qt

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return _words(column, column.value(row))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case _ if role == ROW_ROLE:
                return row
            case _ if role == VALUE_ROLE:
                return column.value(row)
            case _ if role == KIND_ROLE:
                return column.kind
            case _ if role == FADED_ROLE:
                return self._faded is not None and self._faded(row)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.columns[section])
        return None

    def canFetchMore(self, parent: Index = _ROOT) -> bool:
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: Index = _ROOT) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()

    # The smallest change

    def _remove_all_but(self, kept: set[Hashable]) -> None:
        last = len(self._rows) - 1
        while last >= 0:
            if self._row_id(self._rows[last]) in kept:
                last -= 1
                continue
            first = last
            while first > 0 and self._row_id(self._rows[first - 1]) not in kept:
                first -= 1
            self.beginRemoveRows(_ROOT, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
            last = first - 1

    def _reorder(self, new_ids: Sequence[Hashable]) -> None:
        place = {row_id: position for position, row_id in enumerate(new_ids)}
        order = sorted(range(len(self._rows)), key=lambda old: place[self._row_id(self._rows[old])])
        if order == list(range(len(self._rows))):
            return
        self.layoutAboutToBeChanged.emit()
        moved_to = {old: new for new, old in enumerate(order)}
        before = self.persistentIndexList()
        after = [self.index(moved_to[one.row()], one.column()) for one in before]
        self._rows = [self._rows[old] for old in order]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _insert_missing(self, new: Sequence[R], new_ids: Sequence[Hashable]) -> None:
        position = 0
        while position < len(new):
            here = self._rows[position] if position < len(self._rows) else None
            if here is not None and self._row_id(here) == new_ids[position]:
                position += 1
                continue
            end = position + 1
            next_kept = self._row_id(here) if here is not None else None
            while end < len(new) and (here is None or new_ids[end] != next_kept):
                end += 1
            self.beginInsertRows(_ROOT, position, end - 1)
            self._rows[position:position] = new[position:end]
            self.endInsertRows()
            position = end

    def _replace_changed(self, new: Sequence[R]) -> None:
        last_column = len(self.columns) - 1
        for position, row in enumerate(new):
            if self._rows[position] != row:
                self._rows[position] = row
                first, last = self.index(position, 0), self.index(position, last_column)
                self.dataChanged.emit(first, last, [])


def _alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    side = (
        Qt.AlignmentFlag.AlignRight if column.kind in RIGHT_ALIGNED else Qt.AlignmentFlag.AlignLeft
    )
    return side | Qt.AlignmentFlag.AlignVCenter


def _words(column: Column[Any], value: object) -> str:
    if column.kind is CellKind.PERCENT and isinstance(value, Decimal):
        return formats.percent(value)
    return text_of(value)
