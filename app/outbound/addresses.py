"""Which addresses Kamu calls: public ones over https, and this machine's own where the settings say so."""

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from app.outbound.errors import AddressRefused

Resolve = Callable[[str, int], list[str]]

_HTTPS_PORT = 443
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Public by the registry or to older Pythons, yet nobody's server: Teredo and 6to4 carry an IPv4 address inside,
# 3fff::/20 is for documents (RFC 9637), 192.0.0.0/24 is for protocols, 192.88.99.0/24 relays 6to4, 168.63.129.16 is
# the inside of every Azure network.
_NOT_CALLED = tuple(
    ipaddress.ip_network(each)
    for each in ("2001::/32", "2002::/16", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")
)


def is_public(address: str) -> bool:
    """Whether an IP address is a public, global unicast one that carries no other address inside."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _GLOBAL_UNICAST:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NOT_CALLED)


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own loopback."""
    return ipaddress.ip_address(address).is_loopback


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host name, in the system's order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def read_target(url: str, *, loopback: bool) -> tuple[str, str, int]:
    """Scheme, host and port of an address that may be called. Raises AddressRefused.

    With `loopback`, plain http is a way in too, and then leads to loopback only.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused from error
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None or not _is_plain_host(host):
        raise AddressRefused
    if parts.scheme == "http" and loopback:
        return "http", host, port or 80
    if parts.scheme != "https" or (port or _HTTPS_PORT) != _HTTPS_PORT:
        raise AddressRefused
    return "https", host, _HTTPS_PORT


def _is_plain_host(host: str) -> bool:
    """A name, or an IP address in its one ordinary spelling; not 2130706433, 0x7f.1 or 0177.0.0.1."""
    last = host.rstrip(".").rpartition(".")[2]
    # Letters beyond ASCII come as xn--; as they are, some become digits and dots on the way.
    if not last or not host.isascii():
        return False
    if ":" in host or last.isdecimal() or last.startswith("0x"):
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
    return True
