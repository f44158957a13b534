"""The form of a client: new, changed, changed by two, and with the connection lost."""

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from sqlalchemy import text

from studio_core.clients.actions import change_client
from studio_core.clients.queries import ClientDetail, ClientRow, client_detail
from studio_core.clients.rules import ClientDraft
from studio_core.db.engine import Database
from studio_desktop.widgets.notifier import Toast
from tests.desktop.screens.clients.conftest import Desk, OpenDesk
from tests.desktop.screens.wire import Wire

Add = Callable[..., ClientRow]


def _detail(database: Database, client_id: int) -> ClientDetail:
    with database.transaction() as session:
        return client_detail(session, client_id)


def _count(database: Database) -> int:
    with database.transaction() as session:
        return int(session.scalars(text("SELECT count(*) FROM clients")).one())


def _change_elsewhere(database: Database, client_id: int, draft: ClientDraft) -> None:
    version = _detail(database, client_id).version
    with database.transaction() as session:
        change_client(
            session, request_id=uuid4(), client_id=client_id, version=version, draft=draft
        )


def _edit(desk: Desk, name: str) -> None:
    desk.open(name)
    desk.key("Ctrl+E")
    assert desk.view.shows_form()


def _undo_button(desk: Desk) -> QPushButton:
    return desk.window.findChildren(Toast)[-1].undo_button


def test_new_client_by_keyboard_alone(open_desk: OpenDesk, database: Database) -> None:
    desk = open_desk()
    form = desk.view.form

    desk.key("F2")
    desk.type(form.name, "Júlia Brandão")
    desk.key("Return", form.name)
    assert form.social_name.hasFocus()
    desk.type(form.phone, "11 98266 9012")
    desk.type(form.cpf, "52998224725")
    assert form.phone.text() == "(11) 98266-9012"
    desk.key("Ctrl+Return", form.cpf)
    desk.until(lambda: desk.names() == ["Júlia Brandão"])

    desk.until(desk.view.shows_detail)
    assert "New client: Júlia Brandão" in desk.toasts()
    assert desk.view.table.current_row().name == "Júlia Brandão"
    saved = _detail(database, desk.view.model.rows[0].id)
    assert (saved.phone, saved.cpf) == ("+5511982669012", "52998224725")


def test_all_mistakes_are_shown_and_nothing_is_saved(
    open_desk: OpenDesk, database: Database
) -> None:
    desk = open_desk()
    form = desk.view.form
    desk.key("F2")
    desk.type(form.phone, "123")
    desk.type(form.birth_date, "31/31/1999")
    desk.type(form.email, "ju")

    desk.key("Ctrl+Return", form.email)

    wrong = {name for name, field in form.form.fields().items() if field.error()}
    assert wrong == {"name", "phone", "birth_date", "email"}
    assert form.name.hasFocus()
    assert _count(database) == 0


def test_mistake_is_shown_once_its_field_is_left_and_goes_when_mended(
    open_desk: OpenDesk,
) -> None:
    desk = open_desk()
    form = desk.view.form
    desk.key("F2")

    desk.type(form.phone, "11 9826")
    desk.qtbot.wait(300)
    assert form.form.field("phone").error() == ""
    desk.type(form.name, "Ju")
    desk.until(lambda: form.form.field("phone").error())

    desk.type(form.phone, "69012")
    assert form.form.field("phone").error() == ""


def test_two_presses_save_one_client(open_desk: OpenDesk, database: Database) -> None:
    desk = open_desk()
    desk.key("F2")
    desk.type(desk.view.form.name, "Ana")

    desk.view.save_wanted.emit()
    desk.view.save_wanted.emit()
    desk.until(lambda: not desk.view.shows_form())
    desk.settle()

    assert _count(database) == 1


def test_likely_double_is_named_while_typing_and_can_be_opened(
    open_desk: OpenDesk, add: Add
) -> None:
    add("Júlia Brandão", phone="11982669012")
    desk = open_desk()
    form = desk.view.form
    desk.key("F2")

    desk.type(form.name, "Julia Brandao")
    desk.until(form.likeness.isVisible)
    assert form.likeness.text() == "Already a client? Júlia Brandão (similar name)."
    desk.type(form.phone, "11982669012")
    desk.until(lambda: "same phone, similar name" in form.likeness.text())

    desk.click(form.likeness.action)
    desk.until(desk.view.shows_detail)
    assert desk.view.panel.accessibleName() == "Júlia Brandão"
    assert "closed without saving" in desk.toasts()


def test_cpf_of_another_is_refused_at_its_field(open_desk: OpenDesk, add: Add) -> None:
    add("Ana", cpf="52998224725")
    desk = open_desk()
    form = desk.view.form
    desk.key("F2")
    desk.type(form.name, "Bia")
    desk.type(form.cpf, "52998224725")

    desk.key("Ctrl+Return", form.cpf)

    desk.until(lambda: form.form.field("cpf").error() == "That CPF belongs to another client.")
    assert desk.view.shows_form()


def test_change_is_saved_and_undone(open_desk: OpenDesk, add: Add, database: Database) -> None:
    ana = add("Ana", phone="11982669012")
    desk = open_desk()
    _edit(desk, "Ana")
    assert desk.view.form.phone.text() == "(11) 98266-9012"

    desk.type(desk.view.form.name, " Lima")
    desk.click(desk.view.save)
    desk.until(lambda: desk.names() == ["Ana Lima"])

    desk.click(_undo_button(desk))
    desk.until(lambda: desk.names() == ["Ana"])
    assert _detail(database, ana.id).phone == "+5511982669012"


def test_saving_an_untouched_form_changes_nothing(
    open_desk: OpenDesk, add: Add, database: Database
) -> None:
    ana = add("Ana", phone="11982669012", cpf="52998224725", instagram="ana")
    desk = open_desk()
    _edit(desk, "Ana")

    desk.key("Ctrl+Return", desk.view.form.name)
    desk.until(desk.view.shows_detail)

    assert _detail(database, ana.id).version == 1


def test_changes_of_different_fields_go_together(
    open_desk: OpenDesk, add: Add, database: Database
) -> None:
    ana = add("Ana")
    desk = open_desk()
    _edit(desk, "Ana")
    desk.type(desk.view.form.notes, "prefere tardes")
    _change_elsewhere(database, ana.id, ClientDraft(name="Ana", email="ana@exemplo.com"))

    desk.click(desk.view.save)
    desk.until(lambda: not desk.view.shows_form())

    saved = _detail(database, ana.id)
    assert (saved.notes, saved.email) == ("prefere tardes", "ana@exemplo.com")
    assert "Somebody else's changes were kept as well: E-mail." in desk.toasts()


def test_same_field_changed_by_two_is_chosen_by_a_person(
    open_desk: OpenDesk, add: Add, database: Database
) -> None:
    ana = add("Ana")
    desk = open_desk()
    form = desk.view.form
    _edit(desk, "Ana")
    desk.type(form.name, " Lima")
    desk.type(form.notes, "mine")
    theirs = ClientDraft(name="Ana Souza", notes="theirs", email="ana@exemplo.com")
    _change_elsewhere(database, ana.id, theirs)

    desk.click(desk.view.save)
    desk.until(form.disputes.isVisible)
    choices = [choice.accessibleName() for choice in form.disputes.choices()]
    assert choices == [
        "Name, Mine: Ana Lima",
        "Name, Theirs: Ana Souza",
        "Notes, Mine: mine",
        "Notes, Theirs: theirs",
    ]
    assert form.email.text() == "ana@exemplo.com"

    desk.click(form.disputes.choices()[1])
    assert form.name.text() == "Ana Souza"
    desk.click(desk.view.save)
    desk.until(lambda: not desk.view.shows_form())

    saved = _detail(database, ana.id)
    assert (saved.name, saved.notes, saved.email) == ("Ana Souza", "mine", "ana@exemplo.com")


def test_closed_form_can_be_brought_back(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.key("F2")
    desk.type(desk.view.form.name, "Ana")
    assert desk.view.has_unsaved()

    assert desk.view.go_back()
    assert not desk.view.has_unsaved()
    desk.click(_undo_button(desk))

    assert desk.view.form.name.text() == "Ana"
    assert desk.view.has_unsaved()


def test_untouched_form_closes_without_a_word(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.key("F2")

    assert desk.view.go_back()
    assert desk.toasts() == ""


def test_half_typed_client_survives_a_crash(open_desk: OpenDesk) -> None:
    first = open_desk()
    first.key("F2")
    first.type(first.view.form.name, "Ana")
    first.qtbot.wait(500)

    again = open_desk()

    assert again.view.form.name.text() == "Ana"
    assert "Restored" in again.view.form.notice.text()
    again.click(again.view.form.notice.action)
    assert not again.view.shows_form()
    assert open_desk().view.panel.isHidden()


def _save_without_an_answer(desk: Desk, wire: Wire, name: str) -> None:
    form = desk.view.form
    desk.key("F2")
    desk.type(form.name, name)
    desk.settle()
    wire.swallow_commit("INSERT INTO clients")
    desk.click(desk.view.save)
    desk.until(form.notice.isVisible)


def test_lost_answer_is_tried_again_and_saves_once(
    open_desk: OpenDesk, database: Database, wire: Wire
) -> None:
    desk = open_desk(wire=wire)
    form = desk.view.form
    _save_without_an_answer(desk, wire, "Ana")
    assert "never saves it twice" in form.notice.text()
    assert form.name.text() == "Ana"
    assert desk.view.has_unsaved()

    desk.click(form.notice.action)
    desk.until(lambda: not desk.view.shows_form())

    assert _count(database) == 1
    assert "New client: Ana" in desk.toasts()


def test_form_changed_after_a_lost_answer_becomes_a_change(
    open_desk: OpenDesk, database: Database, wire: Wire
) -> None:
    desk = open_desk(wire=wire)
    form = desk.view.form
    _save_without_an_answer(desk, wire, "Ana")

    desk.type(form.name, " Lima")
    desk.click(desk.view.save)
    desk.until(lambda: "saved after all" in form.notice.text())
    assert form.name.text() == "Ana Lima"
    assert desk.view.panel.accessibleName() == "Edit Ana"

    desk.click(desk.view.save)
    desk.until(lambda: desk.names() == ["Ana Lima"])
    assert _count(database) == 1


def test_form_brought_back_after_a_lost_answer_knows_of_it(
    open_desk: OpenDesk, database: Database, wire: Wire
) -> None:
    desk = open_desk(wire=wire)
    form = desk.view.form
    _save_without_an_answer(desk, wire, "Ana")
    assert desk.view.go_back()
    desk.click(_undo_button(desk))
    assert desk.view.has_unsaved()

    desk.type(form.name, " Lima")
    desk.click(desk.view.save)
    desk.until(lambda: "saved after all" in form.notice.text())
    desk.click(desk.view.save)
    desk.until(lambda: desk.names() == ["Ana Lima"])
    assert _count(database) == 1


def test_reader_without_the_right_gets_no_form(open_desk: OpenDesk) -> None:
    desk = open_desk("artist")

    desk.key("F2")

    assert not desk.view.shows_form()


def test_every_control_has_a_name_and_tab_walks_them(open_desk: OpenDesk) -> None:
    desk = open_desk()
    form = desk.view.form
    desk.key("F2")
    names = [field.control.accessibleName() for field in form.form.fields().values()]
    assert all(names)
    assert names[0] == "Name, required"

    seen = []
    for _ in range(len(names)):
        focused: QWidget | None = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
        desk.key("Tab", focused)

    assert seen == list(form.form.fields())
