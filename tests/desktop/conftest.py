"""A QApplication in our theme, and people who can sign in to a test's own database."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import URL

from studio_core.db.engine import Database
from studio_desktop.tasks.collector import Collector
from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme


@pytest.fixture(scope="session", autouse=True)
def collector(qapp: QApplication) -> Collector:
    """As in the program: no worker thread may take widgets down."""
    return Collector(qapp)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def runner(qapp: QApplication, database_url: URL) -> Iterator[Runner]:
    """The door to the test's own database, as its superuser."""
    made = Runner(Database(database_url, application_name="tests"))
    yield made
    made.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says of every window what it cannot do; that is no fault of ours."""
    for item in items:
        if "tests/desktop" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))
