"""What tests of the sign-in share: a provider, and a client of it that needs no database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from app.access.actor import SYSTEM
from app.clock import now
from app.links import seal
from app.people.models import Person
from app.sign_in.actions import add_active_connection, invite_person, mark_sent
from app.sign_in.gateway import Client
from app.sign_in.models import Connection, ProviderKind
from app.valkey import connect as connect_valkey
from local.valkey import ValkeyServer
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_work
from tests.cast import Organisation
from tests.factories.browsers import Browser
from tests.sign_in.hostile_provider import CLIENT_ID, CLIENT_SECRET, HostileProvider, provider_running

REDIRECT_URI = "http://alpha.kamu.localhost:8000/sign-in/callback/1"


@pytest.fixture(scope="session")
def running_provider() -> Iterator[HostileProvider]:
    with provider_running() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: HostileProvider) -> HostileProvider:
    """An honest provider; a test sets its one attack."""
    running_provider.reset()
    return running_provider


@pytest.fixture
def outside(valkey_server: ValkeyServer) -> Iterator[Flask]:
    """Only what the gateway needs of an app: settings that allow loopback, and Valkey."""
    app = Flask("outside")
    app.config["KAMU"] = SimpleNamespace(outbound_loopback=True, redis_url=valkey_server.url)
    with connect_valkey(app.config["KAMU"]) as client, app.app_context():
        app.extensions["kamu_valkey"] = client
        yield app


@pytest.fixture
def client(outside: Flask, provider: HostileProvider) -> Client:
    """A fresh registration at the provider: nothing of it is remembered yet."""
    return client_of(provider)


def client_of(provider: HostileProvider, **changes: object) -> Client:
    values = {
        "tenant_id": new_id(),
        "connection_id": new_id(),
        "revision": 1,
        "issuer": provider.issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uri": REDIRECT_URI,
        **changes,
    }
    return Client(**values)


def connect(organisation: Organisation, provider: HostileProvider) -> Connection:
    """The provider in use at an organisation."""
    with tenant_work(organisation.ref):
        return add_active_connection(
            provider=ProviderKind.OTHER,
            issuer=provider.issuer,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            now=now(),
        )


def invite(organisation: Organisation, person: Person, *, sent: bool = True) -> str:
    """The path of a fresh invitation that was mailed to the person."""
    with tenant_work(organisation.ref):
        invitation = invite_person(person_id=person.id, by=SYSTEM, now=now())
        if sent:
            session().flush()
            mark_sent(invitation_id=invitation.id, now=now())
    return f"/invitations/{seal('invitation', invitation.id)}"


def go_through(
    browser: Browser, provider: HostileProvider, start: str = "/sign-in/start", **changes: str
) -> TestResponse:
    """Follow the way to the provider, sign in there, and come back."""
    out = browser.get(start)
    assert out.status_code == 303, out.text
    back = {**provider.visit(out.location), **changes}
    asked = {name: values[0] for name, values in parse_qs(urlsplit(out.location).query).items()}
    return browser.get(urlsplit(asked["redirect_uri"]).path + "?" + urlencode(back))


@pytest.fixture
def statements(whole_app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """Records the SQL of a block, on whatever connection."""

    @contextmanager
    def recording() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return recording
