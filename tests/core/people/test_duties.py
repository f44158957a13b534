"""What each access is there for, as the screen explains it, is what is granted."""

from studio_core.db.rights_listing import allowed_on_tables
from studio_core.people.duties import duties


def test_every_duty_is_somebodys_and_owners_have_them_all() -> None:
    for duty in duties():
        assert duty.extents["owner"] == "all", duty.code


def test_artist_sees_what_is_their_own_and_decides_nothing() -> None:
    extents = {duty.code: duty.extents["artist"] for duty in duties()}

    own = {"see_clients", "see_agenda", "see_payments", "see_commissions"}
    assert {code for code, extent in extents.items() if extent == "own"} == own
    assert {extents[code] for code in extents.keys() - own} == {"none"}


def test_reception_runs_the_desk_and_reads_no_reports() -> None:
    extents = {duty.code: duty.extents["reception"] for duty in duties()}

    assert extents["take_payments"] == extents["change_clients"] == "all"
    for code in ("see_extratos", "close_months", "see_commissions", "change_team", "see_audit"):
        assert extents[code] == "none"


def test_right_to_one_column_alone_is_told_apart() -> None:
    columns = allowed_on_tables()["public.sessions"]["studio_reception"]["UPDATE"].columns
    extents = {duty.code: duty.extents["reception"] for duty in duties()}

    assert columns is not None
    assert "overlap_allowed" not in columns
    assert (extents["change_agenda"], extents["overrule_agenda"]) == ("all", "none")
