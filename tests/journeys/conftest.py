"""Fixtures of the journeys: Kamu's real processes, two real providers, Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from local.postgres import PostgresServer
from local.valkey import ValkeyServer
from tests.factories.providers import canaille_provider, node_provider
from tests.journeys.browser import chromium
from tests.journeys.stack import LiveStack

__all__ = ["canaille_provider", "node_provider"]


@pytest.fixture(scope="session")
def live(
    postgres: PostgresServer, valkey_server: ValkeyServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveStack]:
    """Kamu's own processes, on a database and a part of Valkey that no other test clears."""
    redis_url = valkey_server.url.removesuffix("/0") + "/1"
    stack = LiveStack(tmp_path_factory.mktemp("live"), postgres.create_database("live"), redis_url)
    with stack.running():
        yield stack


@pytest.fixture(scope="session")
def live_chromium(live: LiveStack) -> Iterator[Browser]:
    """Chromium, which finds every name below localhost by itself."""
    with chromium(live.port) as browser:
        yield browser
