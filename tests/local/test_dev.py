"""bin/dev from nothing to pages, again on its data, and out without a trace."""

import os
import random
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
import requests

from local.options import ROOT, Options
from local.ports import LOOPBACK
from local.postgres import PostgresServer
from local.valkey import ValkeyServer
from tests.journeys.stack import wait_for

SECONDS = 150
pytestmark = pytest.mark.xdist_group("bin/dev")


class Dev:
    """A bin/dev on a directory of its own."""

    def __init__(self, directory: Path, port: int, *words: str, **settings: str) -> None:
        self.options = Options(port, directory=directory)
        self.output = directory.with_name(f"said-{time.time_ns()}")
        command = [sys.executable, "-m", "local.dev", "--data", str(directory), "--port", str(port), *words]
        with self.output.open("w", encoding="utf-8") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env=os.environ | settings)

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def wait_for_pages(self) -> None:
        wait_for(lambda: "Kamu runs" in self.said or self.process.poll() is not None, self.said, seconds=SECONDS)
        assert "Kamu runs" in self.said, self.said

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def names_of_children(self) -> set[str]:
        # A job's process may be gone before its name is read.
        found = set()
        for child in self.children():
            with suppress(psutil.NoSuchProcess):
                found.add(child.name())
        return found

    def page(self, host: str, path: str = "/") -> requests.Response:
        address = f"http://{LOOPBACK}:{self.options.port}{path}"
        return requests.get(address, headers={"Host": f"{host}:{self.options.port}"}, timeout=10)

    def settings(self) -> dict[str, str]:
        lines = (self.options.directory / "env").read_text(encoding="utf-8").splitlines()
        return dict(shlex.split(line)[1].split("=", 1) for line in lines)

    def mails(self) -> list[dict]:
        return requests.get(f"http://localhost:{self.options.mail_port}/mails.json", timeout=10).json()

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    dev = Dev(tmp_path_factory.mktemp("dev") / "data", free_base())
    try:
        dev.wait_for_pages()
        yield dev
    finally:
        dev.end()


def test_it_tells_where_to_click_and_each_address_answers(dev: Dev) -> None:
    assert f"http://saarnikoski.{dev.options.base_host}/" in dev.said
    assert dev.page("kamu.localhost").status_code == 200
    assert "Saarnikoski" in dev.page("saarnikoski.kamu.localhost").text
    staff_link = (dev.options.directory / "staff-link").read_text(encoding="utf-8")
    assert dev.page("staff.kamu.localhost", staff_link.partition(dev.options.base_host)[2]).status_code == 200
    provider = f"http://localhost:{dev.options.provider_port}"
    assert requests.get(f"{provider}/.well-known/openid-configuration", timeout=10).json()["issuer"] == provider


def test_the_demo_ends_with_invitations_among_the_mails(dev: Dev) -> None:
    everybody = wait_for(lambda: mails if len(mails := dev.mails()) >= 20 else None, "invitations and one to staff")
    sarka = next(mail for mail in everybody if mail["to"] == ["sarka.novakova@saarnikoski.example"])
    path = sarka["text"].partition(f"saarnikoski.{dev.options.base_host}")[2].split()[0]
    assert path.startswith("/invitations/")
    assert dev.page("saarnikoski.kamu.localhost", path).status_code == 200


def test_bin_kamu_beside_it_works_on_its_data(dev: Dev) -> None:
    command = [str(ROOT / "bin" / "kamu"), "tenants", "list", "--json"]
    listed = subprocess.run(
        command, env=os.environ | dev.settings(), capture_output=True, text=True, timeout=60, check=True
    )
    assert '"saarnikoski"' in listed.stdout


def test_a_second_one_on_the_same_data_is_refused(dev: Dev) -> None:
    second = Dev(dev.options.directory, dev.options.port)
    assert second.process.wait(60) == 1
    assert f"bin/dev already runs on this data (pid {dev.process.pid}): end it before starting" in second.said


def test_however_it_ends_everything_ends_and_data_is_kept(tmp_path: Path) -> None:
    """By Ctrl-C, by the death of one program, by being killed outright: one life after another on the same data.

    The last of them by KAMU_DEEP: each takes half a minute.
    """
    first = Dev(tmp_path / "data", free_base(), "--no-demo")
    first.wait_for_pages()
    settings = first.settings()
    with psycopg.connect(settings["DATABASE_DDL_URL"].replace("+psycopg", "")) as database:
        database.execute("CREATE TABLE ext.kept AS SELECT 42 AS number")
    with redis.Redis.from_url(settings["REDIS_URL"]) as valkey:
        valkey.set("kept", "yes")
    mine = [child.pid for child in first.children()]
    assert len(mine) >= 9
    assert first.end(signal.SIGINT) == 0
    assert still_there(mine) == []

    second = Dev(tmp_path / "data", first.options.port, "--no-demo")
    second.wait_for_pages()
    assert "Migrations" not in second.said
    assert second.settings() == settings
    with psycopg.connect(settings["DATABASE_DDL_URL"].replace("+psycopg", "")) as database:
        assert database.execute("SELECT number FROM ext.kept").fetchone() == (42,)
    with redis.Redis.from_url(settings["REDIS_URL"]) as valkey:
        assert valkey.get("kept") == b"yes"
    mine = [child.pid for child in second.children()]
    next(child for child in second.children() if child.name() == "valkey-server").kill()
    assert second.process.wait(60) == 1
    assert f"Valkey was ended by signal 9; its log is {tmp_path}/data/logs/valkey.log." in second.said
    assert still_there(mine) == []

    if "KAMU_DEEP" not in os.environ:
        return
    third = Dev(tmp_path / "data", first.options.port, "--no-demo")
    third.wait_for_pages()
    mine = [child.pid for child in third.children()]
    third.end(signal.SIGKILL)
    wait_for(lambda: not still_there(mine), "the end of every child", seconds=30)


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    port = free_base()
    with socket.create_server((LOOPBACK, port + 400)):
        refused = Dev(tmp_path / "data", port)
        assert refused.process.wait(60) == 1
    assert f"Port {port + 400}, wanted by the sign-in provider, is taken by " in refused.said
    assert f"or start with --port {port + 1000}, which moves all ports." in refused.said
    assert "Traceback" not in refused.said


def test_servers_of_ones_own_take_the_place_of_the_embedded_ones(tmp_path: Path) -> None:
    postgres, valkey = PostgresServer(tmp_path / "pg", fast=True), ValkeyServer(tmp_path / "valkey")
    postgres.start()
    valkey.start()
    urls = postgres.create_database("outside")
    own = {
        "DATABASE_URL": urls.rt,
        "DATABASE_DDL_URL": urls.ddl,
        "KEYS_DATABASE_URL": urls.keys,
        "REDIS_URL": valkey.url,
    }
    outside = Dev(tmp_path / "data", free_base(), "--no-demo", **own)
    try:
        outside.wait_for_pages()
        assert outside.names_of_children().isdisjoint({"postgres", "valkey-server"})
        assert outside.page("kamu.localhost", "/readyz").status_code == 200
    finally:
        outside.end()
        postgres.stop()
        valkey.stop()


def free_base() -> int:
    """A port from which on all that bin/dev wants are free."""
    # Below the ports that Linux hands out to outgoing connections: those come and go while a test runs.
    return next(base for base in random.sample(range(20000, 32000), 500) if _all_free(base))


def still_there(pids: list[int]) -> list[int]:
    return [pid for pid in pids if psutil.pid_exists(pid)]


def _all_free(base: int) -> bool:
    for offset in (0, 25, 26, 379, 400, 432):
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, base + offset))
            except OSError:
                return False
    return True
