"""Each way by which Kamu calls an address that somebody gave: none opens a connection to the inside, however spelled.

The listener stands where a guard that looks at names only would send the request, and counts zero.
"""

import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.clock import now
from app.outbound import OutboundError
from app.sign_in.errors import ProviderError
from app.sign_in.gateway import Addresses, begin_trip, discover, login, registration
from app.sign_in.gateway.client import Client
from app.sign_in.gateway.keys import keys_of
from app.sign_in.gateway.metadata import Provider, provider_of
from tests.outbound.listener import listening, says
from tests.outbound.test_refused_addresses import INSIDE

NAMES = {"rebound.example": "127.0.0.1", "rebound6.example": "::1", "mapped.example": "::ffff:127.0.0.1"}
ADDRESSES = Addresses("https://a/callback", "https://a/signed-out", "https://a/back-channel")
NONSENSE = ("a b.example", "%00.example", f"{'a' * 64}.example", "..", "exa\nmple.com", "\ud800.example")
REFUSED = ProviderError, OutboundError
Way = Callable[[Client, Provider, str], object]


def ask_token(client: Client, provider: Provider, url: str) -> object:
    trip = begin_trip(client, purpose="sign-in", browser="b", now=now())
    return login._exchange(client, replace(provider, token_endpoint=url), trip, "code")


def ask_registration(client: Client, provider: Provider, url: str) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registration, "discover", lambda _: replace(provider, registration_endpoint=url))
        return registration.register(client.issuer, ADDRESSES)


WAYS: dict[str, Way] = {
    "metadata": lambda _client, _provider, url: discover(url),
    "keys": lambda client, provider, url: keys_of(client, replace(provider, jwks_uri=url)),
    "token": ask_token,
    "userinfo": lambda _client, _provider, url: login._ask_userinfo(url, "access", {"sub": "s"}),
    "registration": ask_registration,
}


@pytest.fixture
def known(client) -> Provider:
    """What the provider said of itself when its addresses still led elsewhere."""
    return provider_of(client)


@pytest.fixture
def inside(monkeypatch):
    """Listeners on both loopback families, at the port that the guard is made to take for https."""
    with listening(says(b"{}")) as first, listening(says(b"{}"), socket.AF_INET6, first.port) as second:
        monkeypatch.setattr("app.outbound.addresses._HTTPS_PORT", first.port)
        yield first, second


@pytest.fixture
def names(monkeypatch):
    """Names that look like anybody's, and answer with the inside."""
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: look_up(NAMES.get(host, host), *rest, **more)
    )


@pytest.mark.parametrize("way", WAYS)
def test_no_way_out_leads_inside(client, known, outside, inside, names, way):
    outside.config["KAMU"].outbound_loopback = False
    for scheme in ("https", "http"):
        for host in (*INSIDE, *NAMES, *NONSENSE):
            with pytest.raises(REFUSED):
                WAYS[way](client, known, f"{scheme}://{host}:{inside[0].port}/there")
    assert [each.connections for each in inside] == [0, 0]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_out_follows_a_redirect_inside(client, known, inside, way):
    """A server that may be called cannot send the request on."""
    there = says(b"", status="307 Temporary Redirect", headers=f"Location: http://127.0.0.1:{inside[0].port}/\r\n")
    with listening(there) as elsewhere, pytest.raises(REFUSED):
        WAYS[way](client, known, f"http://127.0.0.1:{elsewhere.port}")
    assert (elsewhere.connections, [each.connections for each in inside]) == (1, [0, 0])
