"""Servers of their own, to be killed: nothing else runs on them."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from local.postgres import DatabaseUrls, PostgresServer
from local.valkey import ValkeyServer
from tenants.faults import Fault
from tests.closing.conftest import acme, nitor, road
from tests.factories.trees import fleet_engine, small_fleet, tree
from tests.faults.visitor import Visitor, found_organisation
from tests.journeys.stack import LiveStack, wait_for

__all__ = ["acme", "fleet_engine", "nitor", "road", "small_fleet", "tree"]


@dataclass
class Fragile:
    """A running Kamu whose servers can be killed and started again, and somebody who is signed in to it."""

    stack: LiveStack
    postgres: PostgresServer
    valkey: ValkeyServer
    urls: DatabaseUrls
    owner: Visitor | None = None

    def kill(self, server: PostgresServer | ValkeyServer) -> None:
        """End a server and all its processes at once, as a power cut does."""
        main = psutil.Process(server.child.pid)
        family = [main, *main.children(recursive=True)]
        os.kill(main.pid, signal.SIGKILL)
        # PostgreSQL's own processes notice that their parent is gone; a new server must not meet them.
        psutil.wait_procs(family[1:], timeout=30)
        server.child.stop()

    @contextlib.contextmanager
    def without(self, server: PostgresServer | ValkeyServer) -> Iterator[None]:
        """Kill a server for the time of a block."""
        self.kill(server)
        try:
            yield
        finally:
            server.start()

    def count_waiting(self) -> int:
        """Rows in the control plane's outbox that are still to be done."""
        with psycopg.connect(self.urls.superuser.replace("+psycopg", ""), connect_timeout=5) as connection:
            return connection.execute("SELECT count(*) FROM control.outbox WHERE job LIKE 'onboarding%'").fetchone()[0]

    @contextlib.contextmanager
    def standing_at(self, fault: Fault) -> Iterator[Callable[[], int]]:
        """Have the next process that comes to ``fault`` stand there until the block ends; call it to wait for that."""
        place = self.stack.directory
        for name in ("standing", "go"):
            (place / name).unlink(missing_ok=True)
        (place / "stand-at.new").write_text(fault)
        (place / "stand-at.new").rename(place / "stand-at")
        try:
            yield lambda: int(wait_for(lambda: _read(place / "standing"), f"a process at {fault}"))
        finally:
            (place / "stand-at").unlink(missing_ok=True)
            (place / "go").touch()

    def rows(self, query: str) -> list[tuple]:
        with psycopg.connect(self.urls.superuser.replace("+psycopg", ""), connect_timeout=5) as connection:
            return connection.execute(query).fetchall()

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.valkey.url, socket_timeout=5)


def _read(file: Path) -> str:
    return file.read_text() if file.exists() else ""


@pytest.fixture(scope="session")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fragile]:
    """Kamu on a PostgreSQL that keeps what it committed, whatever happens, and on a Valkey that appends to its file."""
    postgres = PostgresServer(tmp_path_factory.mktemp("fragile-postgres"))
    valkey = ValkeyServer(tmp_path_factory.mktemp("fragile-valkey"))
    try:
        postgres.start()
        valkey.start()
        urls = postgres.create_database("kamu")
        stack = LiveStack(tmp_path_factory.mktemp("fragile"), urls, valkey.url, "tests.faults.armed")
        with stack.running():
            yield Fragile(stack, postgres, valkey, urls, found_organisation(stack, "myrsky"))
    finally:
        valkey.stop()
        postgres.stop()
