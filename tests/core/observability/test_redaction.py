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
    "text", ["09:30@chair 2", "ana@example.com", "https://studio.example/a:b", "10:00", ""]
)
def test_text_without_a_password_stays(text: str) -> None:
    assert redacted(text) == text


def test_empty_secret_shows_that_it_is_empty() -> None:
    assert redacted({"password": None, "token": ""}) == {"password": None, "token": ""}
