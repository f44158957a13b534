"""Whatever stands around a password, it is hidden; everything else stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_core.observability.redaction import redacted

_PASSWORDS = st.text(
    alphabet=st.characters(categories=["L", "N", "P"], exclude_characters="\"'"), min_size=6
)


@given(_PASSWORDS)
def test_password_of_any_url_is_hidden(password: str) -> None:
    hidden = redacted(f"cannot reach postgresql+psycopg2://ana:{password}@db:5432/studio today")

    assert hidden == "cannot reach postgresql+psycopg2://ana:***@db:5432/studio today"


@pytest.mark.parametrize(
    "text",
    [
        "09:30@chair 2",
        "https://studio.example/a:b",
        "10:00",
        "",
        "2025-09-12T10:11:12.123456Z",
        "2025-08_20250901T020000Z_3f.backup.zip",
        "123e4567-e89b-12d3-1456-426614174000",
        "R$ 1.234.567,89",
        "8f14e45fceea167a5a36dedd4bea2543",
        "10.20.30.40:5432",
        "1693526400000",
        "postgresql://reader@db.studio.example:5432/studio",
    ],
)
def test_text_without_a_secret_stays(text: str) -> None:
    assert redacted(text) == text


def test_empty_secret_shows_that_it_is_empty() -> None:
    assert redacted({"password": None, "token": ""}) == {"password": None, "token": ""}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("CPF 529.982.247-25.", "CPF ***."),
        ("529982247-25", "***"),
        ("(cpf)=(52998224725) already exists", "(cpf)=(***) already exists"),
        ("“ana.lima+tattoo@example.com” is taken", "“***” is taken"),
        ("+5511987654321", "***"),
        ("ligar (11) 98765-4321 ou 11 3456-7890", "ligar *** ou ***"),
        (
            "posting to https://hooks.slack.com/services/T0/B0/abc",
            "posting to https://hooks.slack.com/***",
        ),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "got ***"),
    ],
)
def test_what_identifies_a_person_or_opens_a_door_is_hidden(text: str, shown: str) -> None:
    assert redacted(text) == shown


def test_persons_fields_are_hidden_by_their_names() -> None:
    told = {"client": {"cpf": 1, "note": "alergia", "notes": "a", "health_answers": ["b"], "id": 7}}

    assert redacted(told) == {
        "client": {"cpf": "***", "note": "***", "notes": "***", "health_answers": "***", "id": 7}
    }
