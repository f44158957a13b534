"""A studio whose owner, manager and receptionist sign in."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio_core.db.engine import Database
from studio_desktop.theme.theme import Theme
from tests.desktop.screens.month_desk import Studio, make_studio


@pytest.fixture
def studio(qtbot: QtBot, theme: Theme, database: Database, tmp_path: Path) -> Studio:
    return make_studio(qtbot, theme, database, tmp_path)
