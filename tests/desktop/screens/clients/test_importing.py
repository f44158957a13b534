"""Clients from a file: looked at first, then imported."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog
from sqlalchemy import text

from studio_core.db.engine import Database
from tests.desktop.screens.clients.conftest import Desk, OpenDesk

FILE = """Nome;Telefone;CPF;Sapato
Júlia Brandão;(11) 98266-9012;529.982.247-25;38
Bruno;123;;41
Carla Dias;(11) 98812-4471;;36
"""


def _choose(desk: Desk, path: Path) -> None:
    desk.view.import_wanted.emit()
    dialog = desk.view.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    desk.settle()


def _names(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.scalars(text("SELECT name FROM clients ORDER BY id")))


def test_file_is_looked_at_before_anything_is_imported(
    open_desk: OpenDesk, tmp_path: Path, database: Database
) -> None:
    path = tmp_path / "clientes.csv"
    path.write_text(FILE, encoding="cp1252")
    desk = open_desk()

    _choose(desk, path)

    page = desk.view.importing
    assert "Line 3: “123” is not a phone number" in page.lines()
    assert page.save.text() == "Import the other 2"
    assert _names(database) == []


def test_good_lines_are_imported_and_shown_first(
    open_desk: OpenDesk, tmp_path: Path, database: Database
) -> None:
    path = tmp_path / "clientes.csv"
    path.write_text(FILE, encoding="utf-8")
    desk = open_desk()
    _choose(desk, path)

    desk.click(desk.view.importing.save)
    desk.until(lambda: desk.names() == ["Carla Dias", "Júlia Brandão"])

    assert _names(database) == ["Júlia Brandão", "Carla Dias"]
    assert "2 clients imported · 1 left out" in desk.toasts()
    assert desk.view.panel.isHidden()


def test_file_that_is_no_table_says_so_and_another_can_be_chosen(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Just words.", encoding="utf-8")
    desk = open_desk()

    _choose(desk, path)

    page = desk.view.importing
    assert page.notice.isVisible()
    assert not page.save.isEnabled()
    assert page.other.isEnabled()


def test_import_closes_an_open_form_which_can_be_brought_back(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    path = tmp_path / "clientes.csv"
    path.write_text(FILE, encoding="utf-8")
    desk = open_desk()
    desk.key("F2")
    desk.type(desk.view.form.name, "Ana")

    _choose(desk, path)

    assert desk.view.shows_import()
    assert "closed without saving" in desk.toasts()
