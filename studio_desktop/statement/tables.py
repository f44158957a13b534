"""The tables of a statement: as high as their lines, the total semibold below."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy

from studio_desktop.models.columns import CellKind, Column
from studio_desktop.models.rows import KIND_ROLE, RowModel
from studio_desktop.statement.lines import TOTAL, StatementLine
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.table import DataTable, TableCard

_TOTAL_KINDS = {CellKind.TEXT: CellKind.STRONG, CellKind.MONEY: CellKind.MONEY_STRONG}
AMOUNT_WIDTH = 148


class _LineModel(RowModel[StatementLine]):
    """Lines of which the last one is a total, in another weight."""

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        found = super().data(index, role)
        line = self.row(index.row()) if role == KIND_ROLE else None
        if line is not None and line.kind == TOTAL:
            return _TOTAL_KINDS.get(found, found)
        if line is not None and line.kind and found is CellKind.TEXT:
            return CellKind.QUIET
        return found


class _LineTable(DataTable):
    """Never scrolls by itself: the page does."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self.set_compact()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


class LineCard(TableCard):
    """One table. line_opened(StatementLine): Enter or a double click on a line of the books."""

    line_opened = Signal(object)

    def __init__(self, theme: Theme, title: str, amounts: Sequence[str]) -> None:
        """title: of the first column, and spoken. amounts: the captions of the money columns."""
        table = _LineTable(theme, title)
        super().__init__(table)
        columns = [Column[StatementLine](title, _words)]
        for position, caption in enumerate(amounts):
            columns.append(Column(caption, _Amount(position), CellKind.MONEY, width=AMOUNT_WIDTH))
        self.model = _LineModel(columns, _line_id, parent=self)
        table.show_rows_of(self.model)
        table.row_opened.connect(self._on_row_opened)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_lines(self, lines: Iterable[StatementLine]) -> None:
        self.model.set_rows(lines)
        tokens = self._theme.tokens
        rows = self.model.rowCount() * tokens.compact_row_height
        # The last line's hairline lies under the card's frame.
        self.setMinimumHeight(tokens.header_height + rows)

    @Slot(object)
    def _on_row_opened(self, line: Any) -> None:
        if isinstance(line, StatementLine) and not line.kind:
            self.line_opened.emit(line)


class _Amount:
    """The amount of one column."""

    def __init__(self, position: int) -> None:
        self._position = position

    def __call__(self, line: StatementLine) -> object:
        return line.amounts[self._position]


def _words(line: StatementLine) -> str:
    return line.words


def _line_id(line: StatementLine) -> tuple[str, str]:
    return line.kind, line.key
