"""Whose tries are counted: the other end of the connection, or whom a trusted proxy names."""

from ipaddress import ip_network

import pytest
from starlette.requests import Request

from server_jobs.api.addresses import caller_address

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def asked_from(host: str | None, *forwarded: str) -> Request:
    lines = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    client = None if host is None else (host, 1234)
    return Request({"type": "http", "client": client, "headers": lines})


@pytest.mark.parametrize(
    ("host", "forwarded", "counted"),
    [
        ("192.0.2.1", (), "192.0.2.1"),
        ("192.0.2.1", ("198.51.100.9",), "192.0.2.1"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.9",), "198.51.100.9"),
        ("10.0.0.1", ("1.1.1.1, 198.51.100.9",), "198.51.100.9"),
        ("10.0.0.1", ("1.1.1.1", "198.51.100.9"), "198.51.100.9"),
        ("10.0.0.1", ("1.1.1.1, 198.51.100.9, 10.2.2.2",), "198.51.100.9"),
        ("10.0.0.1", ("10.9.9.9, 10.2.2.2",), "10.9.9.9"),
        ("10.0.0.1", ("198.51.100.9, nonsense",), "10.0.0.1"),
        ("10.0.0.1", ("",), "10.0.0.1"),
        ("::ffff:10.0.0.1", ("198.51.100.9",), "198.51.100.9"),
        ("fd00::1", ("2001:db8:1:2:3:4:5:6",), "2001:db8:1:2::/64"),
        ("2001:db8:1:2::77", (), "2001:db8:1:2::/64"),
        ("fe80::1%eth0", (), "fe80::/64"),
        ("testclient", ("198.51.100.9",), "testclient"),
        (None, ("198.51.100.9",), "-"),
    ],
)
def test_address_is_taken_from_whom_we_believe(
    host: str | None, forwarded: tuple[str, ...], counted: str
) -> None:
    assert caller_address(asked_from(host, *forwarded), PROXIES) == counted


def test_without_a_trusted_proxy_nobody_is_believed() -> None:
    assert caller_address(asked_from("10.0.0.1", "198.51.100.9"), ()) == "10.0.0.1"
