"""None must outlive Qt."""

import sys

import pytest
from PySide6.QtCore import QObject

from studio_desktop.immortals import IMMORTALS, keep_immortals


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal by itself there")
def test_none_survives_more_calls_of_qt_than_it_has_references() -> None:
    keep_immortals()
    thing = QObject()
    for _ in range(20_000):
        thing.setObjectName("x")
    assert all(sys.getrefcount(one) > 1_000_000 for one in IMMORTALS)
