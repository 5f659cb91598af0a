"""Valkey on a developer's machine asks for a password, evicts nothing and keeps its data."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from local.errors import LocalError
from local.ports import LOOPBACK, find_free_port
from local.valkey import ValkeyServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ValkeyServer]:
    server = ValkeyServer(tmp_path)
    server.start()
    yield server
    server.stop()


def test_it_appends_every_write_to_a_file_and_evicts_nothing(server: ValkeyServer) -> None:
    with redis.Redis.from_url(server.url, decode_responses=True) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_nobody_comes_in_without_the_password(server: ValkeyServer) -> None:
    with redis.Redis(host=LOOPBACK, port=server.port, retry=None) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_data_and_password_outlive_a_restart(server: ValkeyServer) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.set("kept", "yes")
    server.stop()
    again = ValkeyServer(server.directory, server.port)
    again.start()
    try:
        assert again.url == server.url
        with redis.Redis.from_url(again.url) as client:
            assert client.get("kept") == b"yes"
    finally:
        again.stop()


def test_a_killed_server_starts_again_on_its_data(server: ValkeyServer) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.set("kept", "yes")
        client.execute_command("WAITAOF", 1, 0, 5000)
    os.kill(server.child.pid or 0, signal.SIGKILL)
    server.child.stop()
    server.start()
    with redis.Redis.from_url(server.url) as client:
        assert client.get("kept") == b"yes"


def test_password_and_configuration_are_readable_by_their_owner_only(server: ValkeyServer) -> None:
    for name in ("passwords.json", "valkey.conf"):
        assert stat.S_IMODE((server.directory / name).stat().st_mode) == 0o600


def test_a_second_server_on_the_same_data_is_refused(server: ValkeyServer) -> None:
    with pytest.raises(LocalError, match=r"^Valkey \(pid \d+\) already runs on"):
        ValkeyServer(server.directory).start()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    port = find_free_port()
    with socket.create_server((LOOPBACK, port)), pytest.raises(LocalError, match=f"^Port {port}, wanted by Valkey"):
        ValkeyServer(tmp_path, port).start()
