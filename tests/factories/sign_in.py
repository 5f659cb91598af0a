"""What tests of the sign-in share: a provider, and a client of it that needs no database."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask

from app.sign_in.gateway import Client
from app.valkey import connect
from local.valkey import ValkeyServer
from tenants.models import new_id
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
    with connect(app.config["KAMU"]) as client, app.app_context():
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
