"""A test in which something warns or fails into the log without the test knowing does not pass.

A test that expects records takes pytest's `caplog` and looks at them. pyproject.toml loads this.
"""

import logging
from collections.abc import Generator

import pytest


class _Keeper(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    if "caplog" in getattr(item, "fixturenames", ()):
        return (yield)
    keeper = _Keeper()
    logging.getLogger().addHandler(keeper)
    try:
        result = yield
    finally:
        logging.getLogger().removeHandler(keeper)
    if keeper.said:
        pytest.fail(
            "Unexpected log records (expected ones: take caplog):\n" + "\n".join(keeper.said)
        )
    return result
