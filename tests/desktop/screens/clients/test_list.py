"""The list of clients: searching, sorting, paging, living."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from sqlalchemy import text

from studio_core.clients.actions import change_client
from studio_core.clients.queries import ClientRow
from studio_core.clients.rules import ClientDraft
from studio_core.db.engine import Database
from studio_desktop.models.rows import ROW_ROLE
from tests.desktop.screens.clients.conftest import Desk, OpenDesk

Add = Callable[..., ClientRow]


def test_clients_stand_in_the_order_of_their_names(open_desk: OpenDesk, add: Add) -> None:
    for name in ("Zeca", "Érica", "Ana"):
        add(name)

    desk = open_desk()

    assert desk.names() == ["Ana", "Érica", "Zeca"]
    assert desk.view.summary() == "3 clients"


def test_list_is_found_while_typing(open_desk: OpenDesk, add: Add) -> None:
    add("Júlia Brandão", phone="11982669012")
    add("Bruno Carvalho")
    desk = open_desk()

    desk.search("brandao")
    desk.until(lambda: desk.names() == ["Júlia Brandão"])
    desk.settle()
    assert desk.view.summary() == "1 found"

    desk.search("98266")
    desk.until(lambda: desk.names() == ["Júlia Brandão"])

    desk.search("")
    desk.until(lambda: len(desk.names()) == 2)


def test_nobody_found_offers_to_add_who_was_searched(open_desk: OpenDesk, add: Add) -> None:
    add("Ana")
    desk = open_desk()

    desk.search("maria souza")
    desk.until(lambda: not desk.view.card.shows_table())
    assert desk.view.empty.sentence() == "Nobody fits “maria souza”."

    desk.view.empty.wanted.emit()
    assert desk.view.form.name.value() == "maria souza"


def test_phone_searched_in_vain_is_no_name(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.search("98266")
    desk.until(lambda: "98266" in desk.view.empty.sentence())

    desk.key("F2")

    assert desk.view.form.name.value() == ""


def test_empty_studio_says_what_to_do(open_desk: OpenDesk) -> None:
    desk = open_desk()

    assert desk.view.empty.sentence() == "There are no clients yet."
    assert desk.view.summary() == "0 clients"


def test_chip_sorts_and_header_follows(open_desk: OpenDesk, add: Add) -> None:
    for name in ("Zeca", "Ana", "Bia"):
        add(name)
    desk = open_desk()

    desk.view.orders.choose("newest")
    desk.until(lambda: desk.names() == ["Bia", "Ana", "Zeca"])

    header = desk.view.table.horizontalHeader()
    header.sectionClicked.emit(0)
    desk.until(lambda: desk.names() == ["Ana", "Bia", "Zeca"])
    assert desk.view.orders.value() == "name"

    header.sectionClicked.emit(0)
    desk.until(lambda: desk.names() == ["Zeca", "Bia", "Ana"])

    desk.view.orders.choose("last_visit")
    desk.until(lambda: desk.view.table.order == "last_visit")


def _holds(desk: Desk, number: int) -> bool:
    return len(desk.view.model.rows) == number


def test_long_list_arrives_page_by_page(open_desk: OpenDesk, database: Database) -> None:
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO clients (name)"
                " SELECT 'Ana ' || lpad(n::text, 4, '0') FROM generate_series(1, 250) n"
            )
        )
    desk = open_desk()
    assert len(desk.view.model.rows) == 100

    for expected in (200, 250):
        desk.view.table.scrollToBottom()
        desk.qtbot.waitUntil(partial(_holds, desk, expected), timeout=10_000)

    assert desk.names()[-1] == "Ana 0250"


def test_change_elsewhere_shows_without_losing_the_place(
    open_desk: OpenDesk, add: Add, database: Database
) -> None:
    rows = [add(f"Cliente {number:03d}") for number in range(60)]
    desk = open_desk()
    QAbstractItemModelTester(
        desk.view.model, QAbstractItemModelTester.FailureReportingMode.Fatal, desk.view.model
    )
    desk.view.table.choose(rows[40].id)
    place = desk.view.table.verticalScrollBar().value()

    with database.transaction() as session:
        change_client(
            session,
            request_id=uuid4(),
            client_id=rows[39].id,
            version=1,
            draft=ClientDraft(name="Cliente 039 de Souza"),
        )
    desk.until(lambda: "Cliente 039 de Souza" in desk.names())

    assert desk.view.table.current_row().id == rows[40].id
    assert desk.view.table.verticalScrollBar().value() == place


def test_client_added_elsewhere_appears_and_is_counted(open_desk: OpenDesk, add: Add) -> None:
    desk = open_desk()
    add("Ana")

    desk.until(lambda: desk.names() == ["Ana"])
    desk.until(lambda: desk.view.summary() == "1 client")


def test_reception_sees_no_total_and_the_owner_does(open_desk: OpenDesk, add: Add) -> None:
    add("Ana")

    reception = [column.title for column in open_desk("reception").view.model.columns]
    owner = [column.title for column in open_desk("owner").view.model.columns]

    assert "Total" not in reception
    assert "Total" in owner


def test_artist_is_told_when_clients_of_their_own_come(open_desk: OpenDesk, add: Add) -> None:
    add("Ana")  # Somebody else's.

    desk = open_desk("artist")

    assert desk.view.empty.sentence() == (
        "Your clients stand here once a session or a payment is booked with you."
    )
    assert not desk.view.may_write


def test_rows_speak_to_screen_readers(open_desk: OpenDesk, add: Add) -> None:
    add("Ana", phone="11988124471")
    desk = open_desk()
    model = desk.view.model

    spoken = [
        model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(2)
    ]

    assert spoken == ["Ana", "(11) 98812-4471"]
    assert model.index(0, 0).data(ROW_ROLE).name == "Ana"
