"""Which computer is asking, for counting its tries."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

Network = IPv4Network | IPv6Network

# One household or attacker has a whole network of these to choose from.
_IPV6_PREFIX = 64
_FORWARDED = "x-forwarded-for"


def caller_address(request: Request, proxies: Sequence[Network]) -> str:
    """The other end of the connection; behind a proxy that we trust, whom that names.

    A chain is read from its end, which our own proxy wrote, as far as we trust it: what stands
    before may have been made up by the caller.
    """
    connected = request.client.host if request.client is not None else "-"
    address = _address(connected)
    if address is None:
        return connected
    chain = [part for line in request.headers.getlist(_FORWARDED) for part in line.split(",")]
    while chain and any(address in network for network in proxies):
        named = _address(chain.pop().strip())
        if named is None:
            break
        address = named
    return _counted(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _counted(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, _IPV6_PREFIX), strict=False))
