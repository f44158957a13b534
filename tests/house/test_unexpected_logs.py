"""The guard over the log: it fails a test that warns, and leaves one alone that looks."""

import pytest

pytest_plugins = ["pytester"]

_TESTS = """
    import logging

    def test_quiet():
        logging.getLogger("studio").info("fine")

    def test_warns():
        logging.getLogger("studio").warning("the drawer is open")

    def test_looks(caplog):
        logging.getLogger("studio").warning("expected")
        assert caplog.messages == ["expected"]
"""


def test_warning_fails_the_test_unless_it_looks_at_the_log(
    pytester: pytest.Pytester,
    caplog: pytest.LogCaptureFixture,  # The inner run warns in this process.
) -> None:
    pytester.makepyfile(_TESTS)

    done = pytester.runpytest_inprocess("-p", "tests.unexpected_logs", "-p", "no:xdist")

    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(["*WARNING studio: the drawer is open*"])
