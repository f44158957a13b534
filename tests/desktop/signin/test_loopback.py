"""The port that hears Google's answer: one sign-in, and nobody else's business."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import requests

from studio_core.errors import RuleError, UnavailableError
from studio_desktop.signin.google.answer_page import AnswerPages
from studio_desktop.signin.google.loopback import Loopback

STATE = "state-of-this-sign-in"
PAGES = AnswerPages("<p>answered</p>", "<p>denied</p>", "<p>foreign</p>")
WAIT_S = 20.0


class Waiting:
    """Somebody waits for the code, in a thread, as the program does."""

    def __init__(self, loopback: Loopback, threads: ThreadPoolExecutor) -> None:
        self.loopback = loopback
        self.cancelled = threading.Event()
        self.code: Future[str] = threads.submit(
            loopback.wait_for_code, STATE, wait_s=WAIT_S, cancelled=self.cancelled
        )

    def get(self, query: str, **headers: str) -> requests.Response:
        return requests.get(self.loopback.redirect_uri + query, headers=headers, timeout=10)


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    with ThreadPoolExecutor(1) as threads, Loopback(PAGES) as loopback:
        made = Waiting(loopback, threads)
        yield made
        made.cancelled.set()


def test_the_code_that_comes_with_the_state_is_heard(waiting: Waiting) -> None:
    answer = waiting.get(f"?state={STATE}&code=4/abc&scope=openid")

    assert (answer.status_code, answer.text) == (200, PAGES.answered)
    assert waiting.code.result(WAIT_S) == "4/abc"


@pytest.mark.parametrize(
    "query",
    [
        "favicon.ico",
        "",
        "?code=4/abc",
        "?state=another&code=4/abc",
        f"?state={STATE}x&code=4/abc",
        f"?state={STATE}&state={STATE}&code=4/abc",
        f"?state={STATE}",
        f"?state={STATE}&code=",
        f"?state={STATE}&code=4/abc&code=4/def",
        f"elsewhere?state={STATE}&code=4/abc",
        "?state=another&error=access_denied",
    ],
)
def test_whoever_else_comes_by_changes_nothing(waiting: Waiting, query: str) -> None:
    answer = waiting.get(query)

    assert answer.status_code in (400, 404)
    assert answer.text == PAGES.foreign
    assert not waiting.code.done()
    waiting.get(f"?state={STATE}&code=4/ours")
    assert waiting.code.result(WAIT_S) == "4/ours"


def test_a_page_that_was_led_here_by_another_name_is_not_answered(waiting: Waiting) -> None:
    answer = waiting.get(f"?state={STATE}&code=4/abc", Host="evil.example")

    assert (answer.status_code, answer.text) == (404, PAGES.foreign)
    assert not waiting.code.done()


def test_a_connection_that_says_nothing_does_not_keep_the_answer_out(waiting: Waiting) -> None:
    port = int(waiting.loopback.redirect_uri.rstrip("/").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)):
        waiting.get(f"?state={STATE}&code=4/abc")
        assert waiting.code.result(WAIT_S) == "4/abc"


def test_another_process_cannot_take_the_same_port(waiting: Waiting) -> None:
    port = int(waiting.loopback.redirect_uri.rstrip("/").rpartition(":")[2])
    program = (
        "import socket, sys\n"
        "for host in ('127.0.0.1', '0.0.0.0'):\n"
        "    for reuse in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):\n"
        "        thief = socket.socket()\n"
        "        thief.setsockopt(socket.SOL_SOCKET, reuse, 1)\n"
        "        try:\n"
        "            thief.bind((host, int(sys.argv[1])))\n"
        "            thief.listen()\n"
        "            print('taken', host, reuse)\n"
        "        except OSError:\n"
        "            pass\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(port)], capture_output=True, text=True, check=True
    )

    assert done.stdout == ""


def test_every_sign_in_has_a_port_of_its_own() -> None:
    with Loopback(PAGES) as one, Loopback(PAGES) as other:
        assert one.redirect_uri != other.redirect_uri


def test_the_answer_is_seen_by_no_cache_no_script_and_no_other_site(waiting: Waiting) -> None:
    headers = waiting.get(f"?state={STATE}&code=4/abc").headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Python" not in headers["Server"]


def test_no_is_an_answer(waiting: Waiting) -> None:
    assert waiting.get(f"?state={STATE}&error=access_denied").text == PAGES.denied
    with pytest.raises(RuleError) as refused:
        waiting.code.result(WAIT_S)
    assert refused.value.code == "google_denied"


def test_another_refusal_is_named(waiting: Waiting) -> None:
    waiting.get(f"?state={STATE}&error=org_internal")
    with pytest.raises(RuleError) as refused:
        waiting.code.result(WAIT_S)
    assert refused.value.params == {"reason": "org_internal"}


def test_the_first_answer_counts(waiting: Waiting) -> None:
    loopback = waiting.loopback
    waiting.cancelled.set()
    with pytest.raises(RuleError):
        waiting.code.result(WAIT_S)

    waiting.get(f"?state={STATE}&code=first")
    waiting.get(f"?state={STATE}&code=second")

    not_cancelled = threading.Event()
    assert loopback.wait_for_code(STATE, wait_s=WAIT_S, cancelled=not_cancelled) == "first"


def test_cancel_ends_the_waiting(waiting: Waiting) -> None:
    waiting.cancelled.set()
    with pytest.raises(RuleError) as refused:
        waiting.code.result(WAIT_S)
    assert refused.value.code == "google_cancelled"


def test_the_waiting_has_an_end() -> None:
    with Loopback(PAGES) as loopback, pytest.raises(UnavailableError) as refused:
        loopback.wait_for_code(STATE, wait_s=0.05, cancelled=threading.Event())
    assert refused.value.code == "google_took_too_long"


@pytest.mark.skipif(sys.platform == "win32", reason="there the limit is another")
def test_a_computer_that_opens_no_port_says_so() -> None:
    """Provoked in a process of its own, which may open no file more than it has."""
    program = (
        "import os, resource\n"
        "from studio_desktop.signin.google.loopback import Loopback\n"
        "from studio_core.errors import UnavailableError\n"
        "free = os.dup(0)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))\n"
        "try:\n"
        "    Loopback(None)\n"
        "except UnavailableError as error:\n"
        "    print(error.code)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "no_loopback_port"
