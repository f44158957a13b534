"""The team at a real window: who is listed, who may be changed, and how they come to sign in."""

from decimal import Decimal
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.people.actions import change_person
from studio_core.people.logins import login_role
from studio_core.people.queries import PersonRow, list_people, signed_in_person
from studio_core.people.rules import PersonDraft
from studio_desktop.screens.team.one_time import OneTimePasswordDialog
from studio_desktop.screens.team.view import GONE, RIGHTS, TeamView
from studio_desktop.widgets.buttons import Button
from studio_desktop.widgets.notifier import Toast
from tests.desktop.screens.entry_desk import over_a_wire
from tests.desktop.screens.month_desk import Desk, Studio, click

EVERYONE = {"Ana Tinta", "Bento Traço", "Camila Teixeira", "Helena Prado", "Otávio Lins"}


def _team(studio: Studio, desk: Desk) -> TeamView:
    view = desk.workspace.show_screen("team")
    assert isinstance(view, TeamView)
    studio.until(lambda: bool(view.model.rows))
    return view


def _people(studio: Studio) -> dict[str, PersonRow]:
    with studio.books.database.transaction() as session:
        return {row.name: row for row in list_people(session)}


def _dialog(studio: Studio, view: TeamView) -> OneTimePasswordDialog:
    def shown() -> list[OneTimePasswordDialog]:
        return [one for one in view.findChildren(OneTimePasswordDialog) if one.isVisible()]

    studio.until(lambda: bool(shown()))
    return shown()[0]


def _open(studio: Studio, view: TeamView, name: str) -> None:
    row = next(row for row in view.model.rows if row.name == name)
    view.table.choose(row.id)
    view.table.setFocus()
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    studio.until(view.shows_detail)


def _type_new_artist(studio: Studio, view: TeamView) -> None:
    QTest.keyClick(view, Qt.Key.Key_F2)
    studio.until(view.shows_form)
    QTest.keyClicks(view.form.name, "Diego Farias")
    QTest.keyClick(view.form.name, Qt.Key.Key_Return)
    QTest.keyClicks(view.form.access, "2")
    assert view.form.access.value() == "artist"
    QTest.keyClicks(view.form.email, "diego@estudio.example")
    QTest.keyClicks(view.form.commission, "52,5")


def _signs_in(studio: Studio, email: str, password: str) -> str:
    role = login_role(studio.address.database or "", email)
    url = studio.address.set(username=role, password=password)
    with Database(url, application_name="tests") as own, own.transaction() as session:
        return signed_in_person(session).access


def _may_read(studio: Studio, access: str, table: str) -> bool:
    try:
        with (
            Database(studio.login(access), application_name="tests") as own,
            own.transaction() as session,
        ):
            session.execute(text(f"SELECT FROM {table} LIMIT 1"))
    except RuleError:
        return False
    return True


def test_everyone_is_listed_with_access_and_commission(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        view = _team(studio, desk)
        QAbstractItemModelTester(view.model)
        assert {row.name for row in view.model.rows} == EVERYONE
        assert view.summary() == "5 people · 2 artists · 3 may sign in"


def test_search_finds_names_and_addresses_and_no_missing_ones(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        view = _team(studio, desk)
        view.search_changed.emit("HELENA")
        assert [row.name for row in view.model.rows] == ["Helena Prado"]
        view.search_changed.emit("none")
        assert not view.model.rows


def test_artist_is_added_by_keyboard_and_signs_in_with_the_password_shown(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        view = _team(studio, desk)
        _type_new_artist(studio, view)
        QTest.keyClick(view.form.name, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        dialog = _dialog(studio, view)
        password = dialog.password.text()
        for button in dialog.findChildren(Button):
            if button.text() == "Copy":
                click(button)
        assert QGuiApplication.clipboard().text() == password
        click(dialog.action)
        added = _people(studio)["Diego Farias"]
        assert (added.access, added.is_artist) == ("artist", True)
        assert added.commission_percent == Decimal("52.50")
        assert _signs_in(studio, "diego@estudio.example", password) == "artist"
        studio.until(lambda: "Diego Farias" in {row.name for row in view.model.rows})


def test_form_says_everything_that_is_wrong_and_saves_nothing(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        view = _team(studio, desk)
        QTest.keyClick(view, Qt.Key.Key_F2)
        view.form.is_artist.setChecked(True)
        QTest.keyClicks(view.form.commission, "120")
        click(view.save)
        errors = {name: field.error() for name, field in view.form.form.fields().items()}
        assert errors["name"] == "Type a name."
        assert errors["email"] == "Type the e-mail that they will sign in with."
        assert errors["commission_percent"] == "A percentage is a number from 0 to 100."
        assert view.form.name.hasFocus()
    assert set(_people(studio)) == EVERYONE


def test_who_is_let_go_can_sign_in_no_more_until_it_is_undone(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        view = _team(studio, desk)
        _open(studio, view, "Camila Teixeira")
        click(view.detail.active)
        studio.until(lambda: not _people(studio)["Camila Teixeira"].active)
        studio.until(lambda: len(view.model.rows) == len(EVERYONE) - 1)
        view.who.choose(GONE)
        assert [row.name for row in view.model.rows] == ["Camila Teixeira"]
        QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        studio.until(lambda: _people(studio)["Camila Teixeira"].active)


def test_lost_answer_about_one_is_not_taken_for_anothers(studio: Studio) -> None:
    with over_a_wire(studio) as (far, wire), far.desk("owner") as desk:
        view = _team(far, desk)
        _open(far, view, "Camila Teixeira")
        wire.swallow_commit("disable_person")
        click(view.detail.active)
        studio.until(wire.cut.is_set)
        studio.until(lambda: bool(desk.notifier.texts()))
        _open(far, view, "Bento Traço")
        click(view.detail.active)
        studio.until(lambda: not _people(studio)["Bento Traço"].active)


def test_last_owner_stays(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        view = _team(studio, desk)
        _open(studio, view, "Helena Prado")
        click(view.detail.edit)
        studio.until(view.shows_form)
        view.form.access.choose("reception")
        click(view.save)
        studio.until(lambda: "at least one owner" in view.form.notice.text())
    assert _people(studio)["Helena Prado"].access == "owner"


def test_change_of_another_desk_is_taken_over_and_not_overwritten(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        view = _team(studio, desk)
        _open(studio, view, "Ana Tinta")
        click(view.detail.edit)
        studio.until(view.shows_form)
        ana = _people(studio)["Ana Tinta"]
        elsewhere = PersonDraft("Ana Tinta", None, None, True, Decimal(40), ana.colour)
        with studio.books.database.transaction() as session:
            change_person(
                session, request_id=uuid4(), user_id=ana.id, version=ana.version, draft=elsewhere
            )
        view.form.name.setText("Ana Maria Tinta")
        click(view.save)
        studio.until(lambda: "Somebody else changed" in view.form.notice.text())
        click(view.save)
        studio.until(view.shows_detail)
    saved = _people(studio)["Ana Maria Tinta"]
    assert saved.commission_percent == Decimal(40)


def test_typed_form_is_brought_back_after_escape(studio: Studio) -> None:
    with studio.desk("owner") as desk:
        view = _team(studio, desk)
        _type_new_artist(studio, view)
        typed = view.form.typed()
        QTest.keyClick(view.form.name, Qt.Key.Key_Escape)
        studio.until(view.panel.isHidden)
        click(desk.workspace.findChildren(Toast)[-1].undo_button)
        studio.until(view.shows_form)
        assert view.form.typed() == typed


def test_form_changed_after_a_lost_answer_becomes_a_change(studio: Studio) -> None:
    with over_a_wire(studio) as (far, wire), far.desk("owner") as desk:
        view = _team(far, desk)
        _type_new_artist(far, view)
        wire.swallow_commit("INSERT INTO users")
        click(view.save)
        studio.until(view.form.notice.isVisible)
        assert wire.cut.is_set()
        view.form.name.setText("Diego Farias Neto")
        click(view.save)
        studio.until(lambda: "saved after all" in view.form.notice.text())
        assert view.form.name.text() == "Diego Farias Neto"
        click(view.save)
        studio.until(lambda: "Diego Farias Neto" in _people(studio))
        studio.until(view.shows_detail)
    assert set(_people(studio)) == EVERYONE | {"Diego Farias Neto"}


def test_what_each_may_do_is_what_the_database_grants(studio: Studio) -> None:
    with studio.desk("manager") as desk:
        view = _team(studio, desk)
        view.who.choose(RIGHTS)
        model = view.duties.row_model()
        assert model is not None
        QAbstractItemModelTester(model)
        shown = {duty.code: duty.extents for duty in model.rows}
        assert shown["see_payments"] == {
            "owner": "all",
            "manager": "all",
            "reception": "all",
            "artist": "own",
        }
        for access in ("owner", "manager", "reception"):
            wanted = "all" if _may_read(studio, access, "extratos") else "none"
            assert shown["see_extratos"][access] == wanted
            wanted = "all" if _may_read(studio, access, "audit_log") else "none"
            assert shown["see_audit"][access] == wanted


def test_manager_sees_the_team_and_changes_nothing(studio: Studio) -> None:
    with studio.desk("manager") as desk:
        view = _team(studio, desk)
        _open(studio, view, "Ana Tinta")
        assert not view.detail.foot.isVisible()
        assert not view.detail.password.isVisible()
        QTest.keyClick(view, Qt.Key.Key_F2)
        assert not view.shows_form()


def test_reception_has_no_team(studio: Studio) -> None:
    with studio.desk("reception") as desk:
        assert "team" not in desk.workspace.keys
