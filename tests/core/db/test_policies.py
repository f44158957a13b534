"""Policies as the table of rights makes them, and what the planner makes of them."""

import pytest
from sqlalchemy import text

from studio_core.db import grants
from studio_core.db.grants import policies
from studio_core.db.rights import ALL, ARTIST, OWN, RECEPTION, Right
from tests.staff import Staff


def _made_from(monkeypatch: pytest.MonkeyPatch, *rights: Right) -> list[str]:
    monkeypatch.setattr(grants, "TABLE_RIGHTS", rights)
    return [policy.statement for policy in policies()]


def test_role_with_the_same_rows_for_all_it_does_has_one_policy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading = Right("public.payments", (RECEPTION, ARTIST), ("SELECT",))
    adding = Right("public.payments", (RECEPTION,), ("INSERT",), ("amount",))

    assert _made_from(monkeypatch, reading, adding) == [
        "CREATE POLICY studio_artist ON public.payments FOR ALL TO studio_artist"
        " USING (true) WITH CHECK (true)",
        "CREATE POLICY studio_reception ON public.payments FOR ALL TO studio_reception"
        " USING (true) WITH CHECK (true)",
    ]


def test_role_that_may_change_only_some_rows_has_a_policy_a_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading = Right("public.payments", (RECEPTION,), ("SELECT", "INSERT"))
    changing = Right("public.payments", (RECEPTION,), ("UPDATE",), rows="paid_on = studio.today()")

    assert _made_from(monkeypatch, reading, changing) == [
        "CREATE POLICY studio_reception_insert ON public.payments FOR INSERT TO studio_reception"
        " WITH CHECK (true)",
        "CREATE POLICY studio_reception_select ON public.payments FOR SELECT TO studio_reception"
        " USING (true)",
        "CREATE POLICY studio_reception_update ON public.payments FOR UPDATE TO studio_reception"
        " USING (paid_on = studio.today())",
    ]


def test_one_command_with_two_kinds_of_rows_is_a_mistake_in_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ValueError, match="two kinds of rows"):
        _made_from(
            monkeypatch,
            Right("public.payments", (ARTIST,), ("SELECT",), rows=OWN),
            Right("public.payments", (ARTIST,), ("SELECT",), ("amount",), rows=ALL),
        )


def test_search_is_planned_as_though_there_were_no_row_security(staff: Staff) -> None:
    """A condition that every row has to pass first would keep the words from their index."""
    staff.run("INSERT INTO clients (name) SELECT 'Cliente ' || g FROM generate_series(1, 5000) g")
    staff.run("ANALYZE clients")
    members = (staff.owner, staff.manager, staff.reception)
    plans = set()
    for database in (staff.database, *(member.database for member in members)):
        with database.transaction() as session:
            session.execute(text("SET LOCAL enable_seqscan = off"))
            lines = session.scalars(
                text("EXPLAIN SELECT id FROM clients WHERE search_key LIKE '%liente 4321%'")
            )
            plans.add("\n".join(lines))
    (plan,) = plans
    assert "ix_clients_search_key" in plan
