"""Two changes of one record go together field by field."""

from dataclasses import dataclass

from studio_desktop.forms.typed import changed_fields, merged


@dataclass(frozen=True)
class Typed:
    name: str = ""
    email: str = ""
    active: bool = True


def test_fields_that_differ_are_named_in_the_order_of_the_form() -> None:
    assert changed_fields(Typed("Ana"), Typed("Ana", "a@b.example", False)) == ("email", "active")
    assert changed_fields(Typed("Ana"), Typed("Ana")) == ()


def test_mine_stays_and_the_rest_follows_theirs() -> None:
    before = Typed("Ana", "a@b.example")
    mine, theirs = Typed("Ana Lima", "a@b.example"), Typed("Aninha", "c@d.example", False)
    assert merged(mine, before, theirs) == Typed("Ana Lima", "c@d.example", False)
