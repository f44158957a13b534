"""Which keys sign tokens, and which are too weak to sign anything."""

import pytest

from studio_core.config import Settings
from studio_core.errors import ConfigError
from studio_core.people.signing_keys import SigningKeys, signing_keys, weakness

GOOD = "Zk3vR9sQ1xLm7TtB5yWc8HnJ2dPf6UaG0eKi4oXr"
OTHER = "pT8mW2qZ6vC1nB5xL9kJ3hG7fD0sA4yUeRiOwQtY"


def _settings(**values: str) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[arg-type] # as an environment has them


def test_bare_secret_is_the_key_one() -> None:
    keys = SigningKeys.read(GOOD, setting="JWT_SECRET_KEY")

    assert keys.current == "1"
    assert keys.by_id == {"1": GOOD.encode()}


def test_first_of_several_keys_signs_and_all_are_known() -> None:
    keys = SigningKeys.read(f"new:{GOOD}, old:{OTHER}", setting="JWT_SECRET_KEY")

    assert keys.current == "new"
    assert keys.by_id == {"new": GOOD.encode(), "old": OTHER.encode()}


@pytest.mark.parametrize("written", ["", ",", f"a:{GOOD},a:{OTHER}", f"{GOOD},", f"{GOOD},{OTHER}"])
def test_unreadable_keys_are_refused_without_showing_them(written: str) -> None:
    with pytest.raises(ConfigError) as refused:
        SigningKeys.read(written, setting="JWT_SECRET_KEY")

    assert refused.value.code == "bad_setting"
    assert GOOD not in str(refused.value)


def test_no_key_is_no_sign_in() -> None:
    assert signing_keys(_settings()) is None


def test_old_name_counts_where_the_new_one_is_not_set() -> None:
    old = signing_keys(_settings(flask_secret_key=GOOD))
    both = signing_keys(_settings(jwt_secret_key=OTHER, flask_secret_key="dev"))

    assert old is not None
    assert old.by_id["1"] == GOOD.encode()
    assert both is not None
    assert both.by_id["1"] == OTHER.encode()


@pytest.mark.parametrize(
    "secret",
    [
        "dev",
        "x" * 31,
        "a" * 64,
        "abababababababababababababababababab",
        "your-secret-key-change-in-production-please",
        "change-me-change-me-change-me-change-me",
        "dev-secret-key-for-the-studio-2025-local",
        "this-is-an-example-of-a-long-secret-text",
        "django-insecure-#8v1q(k7z!w2x@9m3n4b5v6c",
        "01234567890123456789012345678901",
    ],
)
def test_secret_that_can_be_guessed_is_refused_outside_development(secret: str) -> None:
    for name in ("jwt_secret_key", "flask_secret_key"):
        with pytest.raises(ConfigError) as refused:
            signing_keys(_settings(**{name: secret}))
        assert refused.value.code == "secret_weak"
        assert name.upper() in str(refused.value)
        assert secret not in str(refused.value)
        assert signing_keys(_settings(studio_env="development", **{name: secret})) is not None


def test_one_weak_key_among_several_is_refused() -> None:
    with pytest.raises(ConfigError) as refused:
        signing_keys(_settings(jwt_secret_key=f"new:{GOOD},old:dev"))

    assert refused.value.code == "secret_weak"


@pytest.mark.parametrize("secret", [GOOD, OTHER, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"])
def test_random_secret_is_good(secret: str) -> None:
    assert weakness(secret.encode()) is None


def test_keys_are_never_shown() -> None:
    assert GOOD not in repr(SigningKeys.read(GOOD, setting="JWT_SECRET_KEY"))
