"""One post to Slack: taken, or refused in a way that has a name and never tells the address."""

import pytest
from pydantic import SecretStr

from studio_core.errors import UnavailableError
from studio_core.integrations.slack.webhook import Webhook
from tests.fakes.slack import FakeSlack, refused_port


def failure(address: str, answer_s: float = 5.0) -> UnavailableError:
    with pytest.raises(UnavailableError) as refused:
        Webhook(SecretStr(address), answer_s=answer_s).post("hello")
    assert "very-secret" not in str(refused.value)
    assert "very-secret" not in repr(refused.value.params)
    assert refused.value.__cause__ is None
    return refused.value


def test_message_arrives_as_it_was_written() -> None:
    with FakeSlack() as slack:
        Webhook(SecretStr(slack.url)).post("*Estúdio* • “ok”")

        assert slack.messages == ["*Estúdio* • “ok”"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (302, "webhook_3xx"),
        (404, "webhook_4xx"),
        (410, "webhook_4xx"),
        (429, "webhook_4xx"),
        (500, "webhook_5xx"),
        (503, "webhook_5xx"),
    ],
)
def test_answer_that_is_no_yes_is_a_failure_of_its_class(status: int, code: str) -> None:
    with FakeSlack(status, {"Location": "http://127.0.0.1:1/elsewhere"}) as slack:
        refused = failure(slack.url)

    assert (refused.code, refused.params["status"]) == (code, status)
    assert str(status) in str(refused)
    assert len(slack.requests) == 1, "no redirect is followed, nothing is repeated"


@pytest.mark.parametrize(("header", "wait_s"), [("120", 120), ("soon", 0), ("99999999", 3600)])
def test_slack_may_ask_for_patience(header: str, wait_s: int) -> None:
    with FakeSlack(429, {"Retry-After": header}) as slack:
        assert failure(slack.url).params["retry_after_s"] == wait_s


def test_slack_that_hangs_is_given_up() -> None:
    with FakeSlack(status=0) as slack:
        assert failure(slack.url, answer_s=0.2).code == "webhook_timeout"


def test_nobody_listens() -> None:
    assert failure(f"http://127.0.0.1:{refused_port()}/very-secret").code == "webhook_refused"


def test_name_that_no_network_knows() -> None:
    assert failure("https://very-secret.invalid/x").code == "webhook_dns"


def test_server_that_speaks_no_tls() -> None:
    with FakeSlack() as slack:
        assert failure(slack.url.replace("http:", "https:")).code == "webhook_tls"


def test_server_that_hangs_up() -> None:
    import socket
    import threading

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            listening.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        refused = failure(f"http://127.0.0.1:{listening.getsockname()[1]}/very-secret")
        thread.join()

    assert refused.code == "webhook_unreachable"
