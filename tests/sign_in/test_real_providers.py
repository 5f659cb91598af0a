"""Two providers that others wrote: canaille, and npm's oidc-provider. What Kamu asks of a provider, they answer."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

import pytest
import requests

from app.clock import now
from app.sign_in.errors import TokenReplayed
from app.sign_in.gateway import (
    Addresses,
    Client,
    Ended,
    Login,
    begin_trip,
    finish_login,
    login_url,
    logout_url,
    read_logout_token,
    register,
)
from tenants.models import new_id
from tests.factories.providers import LocalProvider, canaille_provider, node_provider, walk_through
from tests.outbound.listener import Listener, listening, says

__all__ = ["canaille_provider", "node_provider"]
pytestmark = pytest.mark.xdist_group("providers")

HOST = "http://saarnikoski.kamu.localhost:8000"
CALLBACK = f"{HOST}/sign-in/callback/0191"
SIGNED_OUT = f"{HOST}/signed-out"


@pytest.fixture
def found(request: pytest.FixtureRequest) -> LocalProvider:
    return request.getfixturevalue(request.param)


both = pytest.mark.parametrize("found", ["canaille_provider", "node_provider"], indirect=True)


def client_at(found: LocalProvider, client_id: str = "", client_secret: str = "") -> Client:
    return Client(
        new_id(),
        new_id(),
        1,
        found.issuer,
        client_id or found.client_id,
        client_secret or found.client_secret,
        CALLBACK,
    )


def log_in(client: Client, found: LocalProvider, browser: requests.Session, *, fresh: bool = False) -> Login:
    trip = begin_trip(client, purpose="sign-in", browser="browser", now=now(), fresh=fresh)
    back = walk_through(found.people[0], login_url(client, trip), CALLBACK, browser)
    return finish_login(client, trip, dict(parse_qsl(urlsplit(back).query)), now=now(), with_userinfo=True)


@both
def test_somebody_signs_in_and_when_asked_anew_types_the_password_again(outside, found: LocalProvider):
    found.register(CALLBACK)
    client, browser = client_at(found), requests.Session()
    first = log_in(client, found, browser)
    assert first.claims["email"] == found.people[0].email
    again = log_in(client, found, browser, fresh=True)
    assert again.subject == first.subject
    assert now().timestamp() - float(str(again.claims["auth_time"])) < 60


@pytest.fixture
def hearing() -> Iterator[Listener]:
    """Where word of an end arrives."""
    with listening(says(b"{}")) as listener:
        yield listener


def test_kamu_registers_itself_and_hears_of_the_end_of_what_it_began(
    outside, node_provider: LocalProvider, hearing: Listener
):
    addresses = Addresses(CALLBACK, SIGNED_OUT, f"http://127.0.0.1:{hearing.port}/sign-in/back-channel/0191")
    made = register(node_provider.issuer, addresses, initial_token=node_provider.initial_token)
    client, browser = client_at(node_provider, made.client_id, made.client_secret), requests.Session()
    login = log_in(client, node_provider, browser)
    assert login.claims["sid"]
    assert leave(browser, logout_url(client, back=SIGNED_OUT)).startswith(SIGNED_OUT)
    token = parse_qs(hearing.heard.rpartition(b"\r\n\r\n")[2].decode())["logout_token"][0]
    assert read_logout_token(token, client=client, now=now()) == Ended(login.subject, str(login.claims["sid"]))
    with pytest.raises(TokenReplayed):
        read_logout_token(token, client=client, now=now())


def leave(browser: requests.Session, url: str) -> str:
    """Say yes on the provider's page; where it leads then."""
    page = browser.get(url, timeout=10)
    form = dict(re.findall(r'name="([^"]+)"[^>]*?value="([^"]*)"', page.text))
    action = re.search(r'action="([^"]+)"', page.text)
    assert action, page.text
    answer = browser.post(
        urljoin(page.url, action[1]), data={**form, "logout": "yes"}, allow_redirects=False, timeout=10
    )
    return answer.headers["Location"]
