"""An address that points inside is never connected to, however it is spelled: a real listener counts zero."""

import socket

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from app.outbound import AddressRefused, GuardedAdapter, NoAnswer, RedirectRefused, passage
from app.outbound.addresses import is_public, look_up, read_target
from tests.outbound.listener import listening, says

INSIDE = [
    "127.0.0.1",
    "localhost",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[::127.0.0.1]",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "user@127.0.0.1",
    "example.com@127.0.0.1",
    "ip6-localhost",
]

REFUSED = (AddressRefused, NoAnswer, requests.RequestException)


def session_for(adapter: GuardedAdapter) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.adapters.clear()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


@pytest.fixture
def on_every_port():
    """Listeners on both loopback families, at one port, as a guard that only looks at names would meet them."""
    with listening(says(b"{}")) as first, listening(says(b"{}"), socket.AF_INET6, first.port) as second:
        yield first, second


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_disguised_inside_address_is_refused_and_never_connected_to(host, scheme, on_every_port, monkeypatch):
    first, second = on_every_port
    # The port rule alone would refuse these, so the guard is asked to call the listener's port as if it were 443.
    monkeypatch.setattr("app.outbound.addresses._HTTPS_PORT", first.port)
    url = f"{scheme}://{host}:{first.port}/.well-known/openid-configuration"
    with session_for(GuardedAdapter(loopback=False)) as session, pytest.raises(REFUSED):
        session.get(url, timeout=5)
    assert (first.connections, second.connections) == (0, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]"])
def test_the_listener_would_have_counted_a_plain_client(host, on_every_port):
    first, second = on_every_port
    with requests.Session() as session:
        session.trust_env = False
        session.get(f"http://{host}:{first.port}/", timeout=5)
    assert first.connections + second.connections == 1


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
     "0.0.0.0", "::1", "::", "fe80::1", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
     "64:ff9b:1::a00:1", "2002:a00:1::", "2001:0:a00:1::", "168.63.129.16", "255.255.255.255", "198.18.0.1"],
)  # fmt: skip
def test_a_name_that_points_inside_is_refused(inside, monkeypatch):
    monkeypatch.setattr(passage, "connect_to", lambda *_: pytest.fail("connected"))
    adapter = GuardedAdapter(loopback=False, resolve=lambda *_: [inside])
    with session_for(adapter) as session, pytest.raises(AddressRefused):
        session.get("https://login.example.com/", timeout=5)


def test_one_inside_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    monkeypatch.setattr(passage, "connect_to", lambda *_: pytest.fail("connected"))
    adapter = GuardedAdapter(loopback=False, resolve=lambda *_: ["93.184.216.34", "10.0.0.1"])
    with session_for(adapter) as session, pytest.raises(AddressRefused):
        session.get("https://login.example.com/", timeout=5)


def test_a_name_that_answers_differently_the_second_time_is_asked_once_and_reached_where_it_was_checked(
    monkeypatch,
):
    asked, reached = [], []

    def resolve(host, port):
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    def connect(address, port, seconds):
        reached.append((address, port))
        raise OSError

    monkeypatch.setattr(passage, "connect_to", connect)
    with session_for(GuardedAdapter(loopback=False, resolve=resolve)) as session, pytest.raises(NoAnswer):
        session.get("https://login.example.com/", timeout=5)
    assert (asked, reached) == (["login.example.com"], [("93.184.216.34", 443)])


def test_a_connection_that_ends_at_another_peer_than_the_checked_one_is_dropped_before_anything_is_sent(
    monkeypatch,
):
    with listening(says(b"{}")) as listener:
        true_connect = passage.connect_to
        monkeypatch.setattr(passage, "connect_to", lambda _a, _p, s: true_connect("127.0.0.1", listener.port, s))
        adapter = GuardedAdapter(loopback=False, resolve=lambda *_: ["93.184.216.34"])
        with session_for(adapter) as session, pytest.raises(AddressRefused):
            session.get("https://login.example.com/", timeout=5)
        assert listener.heard == b""


def test_a_redirect_to_the_inside_is_not_followed():
    with listening(says(b"{}")) as inside:
        target = says(b"", status="302 Found", headers=f"Location: http://127.0.0.1:{inside.port}/\r\n")
        with (
            listening(target) as outside,
            session_for(GuardedAdapter(loopback=True)) as session,
            pytest.raises(RedirectRefused),
        ):
            session.get(f"http://127.0.0.1:{outside.port}/", timeout=5)
        assert (outside.connections, inside.connections) == (1, 0)


@pytest.mark.parametrize(
    "url",
    ["http://login.example.com/", "https://login.example.com:8443/", "https://login.example.com:22/",
     "ftp://login.example.com/", "file:///etc/passwd", "https://a:b@login.example.com/", "https:///path",
     "https://login.example.com:99999/", "https://0x8.8.8.8/", "https://134744072/", "https://8.8.2056/",
     "https://[::1", "https://①②⑦.⓪.⓪.①/", "https://b\u00fccher.example/", "gopher://login.example.com/", "//login.example.com/", ""],
)  # fmt: skip
def test_only_https_on_its_own_port_under_an_ordinary_name_is_a_target(url):
    with pytest.raises(AddressRefused):
        read_target(url, loopback=False)


@pytest.mark.parametrize("url", ["https://login.example.com/", "https://login.example.com:443/x", "https://8.8.8.8/"])
def test_an_ordinary_address_is_a_target(url):
    assert read_target(url, loopback=False)[2] == 443


def test_plain_http_leads_to_loopback_only_even_where_loopback_is_allowed():
    adapter = GuardedAdapter(loopback=True, resolve=lambda *_: ["93.184.216.34"])
    with session_for(adapter) as session, pytest.raises(AddressRefused):
        session.get("http://login.example.com/", timeout=5)


def test_https_never_leads_to_loopback_even_where_loopback_is_allowed():
    with session_for(GuardedAdapter(loopback=True)) as session, pytest.raises(AddressRefused):
        session.get("https://localhost/", timeout=5)


@given(st.ip_addresses(v=4))
def test_no_private_address_is_public_in_any_embedding(ip):
    mapped = f"::ffff:{ip}"
    octets = ip.packed
    six_to_four = f"2002:{octets[0]:02x}{octets[1]:02x}:{octets[2]:02x}{octets[3]:02x}::"
    nat64 = f"64:ff9b::{octets[0]:02x}{octets[1]:02x}:{octets[2]:02x}{octets[3]:02x}"
    assert not any(is_public(each) for each in (mapped, six_to_four, nat64))
    if ip.is_private or ip.is_multicast or ip.is_loopback or ip.is_link_local or ip.is_unspecified:
        assert not is_public(str(ip))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4026::1"])
def test_an_ordinary_server_is_public(address):
    assert is_public(address)


def test_a_look_up_gives_each_address_once():
    found = look_up("localhost", 443)
    assert len(found) == len(set(found))
