"""What is typed meets what was kept, and what somebody else changed."""

from dataclasses import replace

from studio_desktop.entries.typed import as_kept, from_kept, merged
from studio_desktop.screens.payments.typed import TypedPayment

BEFORE = TypedPayment("100,00", "pix", 1, 7, "Ana Lima", "12/09/2025", "", "")


def test_what_was_kept_comes_back_and_the_rest_is_ignored() -> None:
    assert from_kept(TypedPayment, as_kept(BEFORE)) == BEFORE
    strange = {"amount": 3, "artist_id": "x", "client": "Bia", "request_id": "abc"}
    assert from_kept(TypedPayment, strange) == TypedPayment(client="Bia")


def test_mine_stays_and_the_rest_follows_theirs() -> None:
    mine = replace(BEFORE, amount="120,00")
    theirs = replace(BEFORE, notes="retoque", client_id=8, client="Bia")

    assert merged(mine, BEFORE, theirs) == replace(theirs, amount="120,00")


def test_a_client_and_its_id_go_together() -> None:
    mine = replace(BEFORE, client_id=None, client="")
    theirs = replace(BEFORE, client_id=8, client="Bia")

    kept = merged(mine, BEFORE, theirs)

    assert (kept.client_id, kept.client) == (None, "")
