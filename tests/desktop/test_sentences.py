"""What programs kept in English is known again and said in the language of the window."""

import string
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from studio_core.errors import StudioError
from studio_core.sentences import SENTENCES, sentence
from studio_desktop.languages import Languages
from studio_desktop.sentences import retold, sentence_of


@pytest.fixture
def portuguese(qapp: QApplication) -> Iterator[None]:
    languages = Languages(qapp)
    if not languages.use("pt_BR"):
        pytest.skip("the translations are not compiled")
    yield
    languages.use("en")


def test_kept_sentence_is_said_in_portuguese(portuguese: None) -> None:
    kept = sentence("disk_full", {"path": "/backups"})
    assert retold(kept).startswith("O disco está cheio: /backups.")


def test_sentence_within_a_sentence_is_known_again(portuguese: None) -> None:
    reason = sentence("month_not_over", {"month": "2025-09"})
    chore = sentence("chore_monthly_closing", {"what": "2025-09"})
    kept = sentence("chore_failed", {"chore": chore, "reason": reason})
    assert retold(kept).startswith("Fechamento mensal (setembro de 2025) falhou: ")
    assert "not over" not in retold(kept)


@pytest.mark.parametrize(
    ("written", "said"),
    [("70.5 GB", "70,5 GB"), ("1200.0 GB", "1.200,0 GB"), ("812 bytes", "812 bytes")],
)
def test_size_written_by_a_program_reads_as_the_desktops_own(
    portuguese: None, written: str, said: str
) -> None:
    room = {"setting": "BACKUP_DIR", "free": written, "folder": "/backups"}
    words = sentence_of(StudioError("health_room", **room))
    assert words.replace("\N{NO-BREAK SPACE}", " ") == f"BACKUP_DIR tem {said} livres (/backups)."


def test_what_nobody_knows_stands_as_it_was_written(portuguese: None) -> None:
    assert retold("Ana wrote this by hand: 7") == "Ana wrote this by hand: 7"


def test_every_sentence_keeps_its_values(qapp: QApplication) -> None:
    wrong = []
    for code, template in SENTENCES.items():
        values = {name: f"v{name}" for name in _places(template)}
        kept = sentence(code, values)
        if retold(kept) != kept:
            wrong.append(code)
    assert wrong == []


def _places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
