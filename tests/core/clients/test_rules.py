"""What may be typed of a client, and what is kept of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_core.clients.rules import (
    ClientDraft,
    client_findings,
    cpf_digits,
    cpf_shown,
    flag_findings,
    instagram_handle,
    phone_e164,
    phone_shown,
    tidied,
)
from studio_core.errors import RuleError

TODAY = date(2025, 9, 12)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(11) 98812-4471", "+5511988124471"),
        ("11988124471", "+5511988124471"),
        ("011 98812 4471", "+5511988124471"),
        ("0 15 11 98812-4471", "+5511988124471"),
        ("+55 11 98812.4471", "+5511988124471"),
        ("55 11 98812-4471", "+5511988124471"),
        ("(11) 3333-4444", "+551133334444"),
        ("+351 912 345 678", "+351912345678"),
        ("+1 (415) 555-2671", "+14155552671"),
    ],
)
def test_phone_is_kept_in_one_form_however_typed(typed: str, kept: str) -> None:
    assert phone_e164(typed) == kept


@pytest.mark.parametrize("typed", ["98812-4471", "11 9881", "(00) 98812-4471", "phone", "", "+55"])
def test_what_cannot_be_called_is_refused(typed: str) -> None:
    with pytest.raises(RuleError) as refused:
        phone_e164(typed)

    assert refused.value.code == "phone_invalid"


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+5511988124471", "(11) 98812-4471"),
        ("+551133334444", "(11) 3333-4444"),
        ("+351912345678", "+351 912 345 678"),
        ("+0", "+0"),
    ],
)
def test_phone_is_shown_as_people_write_it(kept: str, shown: str) -> None:
    assert phone_shown(kept) == shown


@pytest.mark.parametrize("typed", ["529.982.247-25", "52998224725", " 529 982 247 25 "])
def test_cpf_is_kept_as_digits(typed: str) -> None:
    assert cpf_digits(typed) == "52998224725"


@pytest.mark.parametrize(
    "typed", ["529.982.247-24", "529.982.247-35", "111.111.111-11", "5299822472", "a", "5" * 12]
)
def test_wrong_cpf_is_refused(typed: str) -> None:
    with pytest.raises(RuleError) as refused:
        cpf_digits(typed)

    assert refused.value.code == "cpf_invalid"


@given(st.integers(0, 999_999_999))
def test_of_all_check_digits_one_pair_fits(nine: int) -> None:
    fitting = []
    for pair in range(100):
        try:
            fitting.append(cpf_digits(f"{nine:09d}{pair:02d}"))
        except RuleError:
            continue

    assert len(fitting) == (0 if len(set(f"{nine:09d}")) == 1 and _all_alike(nine) else 1)


def _all_alike(nine: int) -> bool:
    """True where the check digits repeat the nine, so that the one fitting number is refused."""
    digit = nine % 10
    return nine == int(str(digit) * 9)


def test_cpf_is_shown_with_its_marks() -> None:
    assert cpf_shown("52998224725") == "529.982.247-25"


@pytest.mark.parametrize(
    "typed",
    ["@Ju.Brandao", "ju.brandao", "https://www.instagram.com/ju.brandao/?hl=pt", " @ju.brandao "],
)
def test_instagram_name_is_cleaned(typed: str) -> None:
    assert instagram_handle(typed) == "ju.brandao"


@pytest.mark.parametrize("typed", ["ju brandao", "júlia", "@", "a" * 31])
def test_what_instagram_would_not_take_is_refused(typed: str) -> None:
    with pytest.raises(RuleError):
        instagram_handle(typed)


def test_rule_returns_all_findings() -> None:
    draft = ClientDraft(
        name=" ",
        phone="123",
        email="nobody",
        cpf="1",
        birth_date=date(2025, 9, 13),
        instagram="two words",
        notes="x" * 5000,
    )

    found = {finding.field: finding.code for finding in client_findings(draft, today=TODAY)}

    assert found == {
        "name": "name_required",
        "notes": "text_too_long",
        "phone": "phone_invalid",
        "email": "email_invalid",
        "cpf": "cpf_invalid",
        "instagram": "instagram_invalid",
        "birth_date": "birth_date_future",
    }


def test_only_a_name_is_needed() -> None:
    assert client_findings(ClientDraft(name="Júlia", phone=" ", cpf=""), today=TODAY) == ()


def test_draft_is_tidied_for_the_database() -> None:
    draft = ClientDraft(
        name="  Júlia   Brandão ",
        social_name="  ",
        phone="11 98812 4471",
        cpf="529.982.247-25",
        email=" ju@exemplo.com ",
        instagram="@Ju",
        notes=" ",
    )

    assert tidied(draft) == ClientDraft(
        name="Júlia Brandão",
        phone="+5511988124471",
        cpf="52998224725",
        email="ju@exemplo.com",
        instagram="ju",
    )


def test_rule_returns_all_findings_of_a_flag() -> None:
    found = flag_findings(kind="mood", severity="loud", note=" ")

    assert [finding.field for finding in found] == ["kind", "severity", "note"]
