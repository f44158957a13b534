"""One client in the panel: what is known, flags, history."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from sqlalchemy import text

from studio_core.clients.actions import add_flag, change_client
from studio_core.clients.queries import ClientRow
from studio_core.clients.rules import ClientDraft
from studio_core.db.engine import Database
from studio_desktop.screens.clients.flags import FlagLine
from studio_desktop.widgets.notifier import Toast
from tests.desktop.screens.clients.conftest import Desk, OpenDesk
from tests.desktop.screens.wire import Wire

Add = Callable[..., ClientRow]


def _undo(desk: Desk) -> None:
    toast = desk.window.findChildren(Toast)[-1]
    desk.click(toast.undo_button)
    desk.settle()


def test_click_shows_everything_known(open_desk: OpenDesk, add: Add) -> None:
    add(
        "Júlia Brandão",
        phone="11982669012",
        cpf="52998224725",
        birth_date=date(1996, 4, 21),
        instagram="jubrandao",
        social_name="Ju",
        whatsapp_opt_in=True,
    )
    desk = open_desk()

    desk.open("Ju")

    facts = dict(desk.view.detail.facts())
    assert facts == {
        "Phone": "(11) 98266-9012",
        "CPF": "•••.•••.•••-25",
        "Birth date": "21/04/1996 · 29 years",
        "Instagram": "@jubrandao",
    }
    assert desk.view.panel.accessibleName() == "Ju"


def test_panel_follows_the_arrow_keys_and_closes_with_esc(open_desk: OpenDesk, add: Add) -> None:
    add("Ana")
    add("Bia")
    desk = open_desk()
    desk.open("Ana")

    desk.key("Down", desk.view.table)
    desk.until(lambda: desk.view.panel.accessibleName() == "Bia")

    assert desk.view.go_back()
    assert desk.view.panel.isHidden()
    assert not desk.view.go_back()


def test_searching_leaves_the_client_looked_at(open_desk: OpenDesk, add: Add) -> None:
    add("Ana")
    add("Bia")
    desk = open_desk()
    desk.open("Ana")
    desk.view.table.clearFocus()

    desk.search("bia")
    desk.until(lambda: desk.names() == ["Bia"])
    desk.settle()

    assert desk.view.panel.accessibleName() == "Ana"


def test_history_tells_sessions_and_payments(
    open_desk: OpenDesk, add: Add, database: Database
) -> None:
    ana = add("Ana")
    with database.transaction() as session:
        session.execute(
            text(
                "WITH artist AS (INSERT INTO users (name, is_artist) VALUES ('Débora', true)"
                " RETURNING id), done AS (INSERT INTO sessions (client_id, artist_id, starts_at,"
                " ends_at, status, type, project) SELECT :client, id, '2025-07-18 15:00Z',"
                " '2025-07-18 17:00Z', 'paid', 'tattoo', 'Leão' FROM artist RETURNING id)"
                " INSERT INTO payments (paid_on, amount, method, client_id, artist_id, session_id)"
                " SELECT '2025-07-18', 850, 'pix', :client, artist.id, done.id FROM artist, done"
            ),
            {"client": ana.id},
        )
    desk = open_desk("owner")

    desk.open("Ana")

    assert desk.view.detail.history.texts() == (
        "18/07/2025 · Leão · Débora · R$\N{NO-BREAK SPACE}850,00",
    )


def test_change_elsewhere_shows_in_the_panel(
    open_desk: OpenDesk, add: Add, database: Database
) -> None:
    ana = add("Ana")
    desk = open_desk()
    desk.open("Ana")

    with database.transaction() as session:
        change_client(
            session,
            request_id=uuid4(),
            client_id=ana.id,
            version=1,
            draft=ClientDraft(name="Ana", notes="prefere tardes"),
        )

    desk.until(lambda: ("Notes", "prefere tardes") in desk.view.detail.facts())


def test_flag_is_added_and_undone(open_desk: OpenDesk, add: Add) -> None:
    add("Ana")
    desk = open_desk()
    desk.open("Ana")
    flags = desk.view.detail.flags

    desk.click(flags.add)
    desk.key("Ctrl+Return", flags.form.note)
    assert flags.form.form.field("note").error() == "Say why, in a few words."
    desk.type(flags.form.note, "látex")
    desk.key("Ctrl+Return", flags.form.note)
    desk.until(lambda: [flag.note for flag in flags.flags()] == ["látex"])

    assert not flags.form.isVisible()
    assert "Flag added: Allergy: látex" in desk.toasts()
    desk.until(lambda: desk.view.model.rows[0].flags)

    _undo(desk)
    desk.until(lambda: flags.flags() == ())


def test_lost_answer_about_one_flag_is_not_taken_for_anothers(
    open_desk: OpenDesk, add: Add, wire: Wire
) -> None:
    add("Ana")
    add("Bia")
    desk = open_desk(wire=wire)
    flags = desk.view.detail.flags
    desk.open("Ana")
    desk.click(flags.add)
    desk.type(flags.form.note, "látex")
    wire.swallow_commit("INSERT INTO client_flags")
    desk.key("Ctrl+Return", flags.form.note)
    desk.until(wire.cut.is_set)
    desk.until(lambda: bool(desk.toasts()))
    desk.view.go_back()

    desk.open("Bia")
    desk.click(flags.add)
    desk.type(flags.form.note, "níquel")
    desk.key("Ctrl+Return", flags.form.note)
    desk.until(lambda: [flag.note for flag in flags.flags()] == ["níquel"])


def test_flag_ends_by_its_cross_and_comes_back(
    open_desk: OpenDesk, add: Add, database: Database
) -> None:
    ana = add("Ana")
    with database.transaction() as session:
        add_flag(
            session,
            request_id=uuid4(),
            client_id=ana.id,
            kind="allergy",
            severity="danger",
            note="níquel",
        )
    desk = open_desk()
    desk.open("Ana")
    flags = desk.view.detail.flags

    desk.click(flags.findChildren(FlagLine)[0].cross)
    desk.until(lambda: flags.flags() == ())
    desk.key("Ctrl+Z", desk.view.table)

    desk.until(lambda: [flag.note for flag in flags.flags()] == ["níquel"])


def test_half_typed_flag_counts_as_unsaved(open_desk: OpenDesk, add: Add) -> None:
    add("Ana")
    desk = open_desk()
    desk.open("Ana")
    desk.click(desk.view.detail.flags.add)
    desk.type(desk.view.detail.flags.form.note, "lá")

    assert desk.view.has_unsaved()
    assert desk.view.go_back()
    assert not desk.view.has_unsaved()
    assert desk.view.shows_detail()
