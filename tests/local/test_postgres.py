"""PostgreSQL on a developer's machine asks for passwords, keeps its data, and says what stands in its way."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from local import disk, postgres
from local.errors import LocalError
from local.options import ROOT
from local.ports import LOOPBACK, find_free_port
from local.postgres import DatabaseUrls, PostgresServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    server = PostgresServer(tmp_path_factory.mktemp("postgres"), fast=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def urls(server: PostgresServer) -> DatabaseUrls:
    return server.create_database("ground")


def test_each_login_is_itself(urls: DatabaseUrls) -> None:
    for url, name in ((urls.rt, "app_rt"), (urls.ddl, "app_ddl"), (urls.keys, "app_keys")):
        with _connect(url) as connection:
            assert connection.execute("SELECT session_user").fetchone() == (name,)


@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_comes_in_without_the_password(urls: DatabaseUrls, password: str) -> None:
    user, _, rest = urls.rt.removeprefix("postgresql+psycopg://").partition(":")
    address = rest.partition("@")[2]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://{user}:{password}@{address}", connect_timeout=5)


def test_every_rule_of_access_is_scram(urls: DatabaseUrls) -> None:
    with _connect(urls.superuser) as connection:
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        passwords = connection.execute("SELECT count(*) FROM pg_authid WHERE rolpassword LIKE 'SCRAM%'").fetchone()
    assert methods == [("scram-sha-256",)]
    assert passwords == (4,)


def test_it_is_postgresql_18(urls: DatabaseUrls) -> None:
    with _connect(urls.rt) as connection:
        assert connection.info.server_version // 10000 == 18


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "CREATE TABLE ext.mine (id int)",
        "SET ROLE app_ddl",
    ],
)
def test_the_login_of_the_web_may_change_nothing(urls: DatabaseUrls, statement: str) -> None:
    with _connect(urls.rt) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_the_login_for_schemas_makes_schemas_and_roles(urls: DatabaseUrls) -> None:
    with _connect(urls.ddl) as connection:
        connection.execute("CREATE SCHEMA t_trial")
        connection.execute("CREATE ROLE t_trial NOLOGIN")
        owner = "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 't_trial'"
        assert connection.execute(owner).fetchone() == ("app_ddl",)
        assert connection.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = 't_trial'").fetchone() == (False,)
        connection.execute("DROP SCHEMA t_trial")
        connection.execute("DROP ROLE t_trial")


def test_the_login_for_keys_makes_its_own_schema(urls: DatabaseUrls) -> None:
    with _connect(urls.keys) as connection:
        connection.execute("CREATE SCHEMA keys")
        owner = "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'keys'"
        assert connection.execute(owner).fetchone() == ("app_keys",)


def test_a_dropped_database_is_gone(server: PostgresServer) -> None:
    server.create_database("short_lived")
    server.drop_database("short_lived")
    server.drop_database("short_lived")
    assert not server.has_database("short_lived")


def test_data_and_passwords_outlive_a_restart(tmp_path: Path) -> None:
    first = PostgresServer(tmp_path, fast=True)
    first.start()
    urls = first.create_database("kept")
    with _connect(urls.ddl) as connection:
        connection.execute("CREATE TABLE ext.kept AS SELECT 42 AS number")
    first.stop()
    second = PostgresServer(tmp_path, first.port, fast=True)
    second.start()
    try:
        assert second.urls("kept") == urls
        with _connect(urls.ddl) as connection:
            assert connection.execute("SELECT number FROM ext.kept").fetchone() == (42,)
    finally:
        second.stop()


def test_passwords_are_readable_by_their_owner_only(server: PostgresServer) -> None:
    mode = (server.directory / "passwords.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert not (server.directory / "initdb.password").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's own home is closed to the server's user")
def test_it_runs_from_a_directory_that_only_root_may_enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = postgres._find_binaries().parent.parent
    shutil.copytree(package, closed / package.name, symlinks=True)
    shutil.copytree(f"{package}.libs", closed / f"{package.name}.libs", symlinks=True)
    monkeypatch.setattr(postgres, "_find_binaries", lambda: closed / package.name / "pginstall" / "bin")
    server = PostgresServer(closed / "data", fast=True)
    server.start()
    try:
        assert server.has_database("postgres")
    finally:
        server.stop()


def test_a_killed_server_starts_again_past_its_pid_file(tmp_path: Path) -> None:
    server = PostgresServer(tmp_path, fast=True)
    server.start()
    server.create_database("kept")
    os.kill(server.child.pid or 0, signal.SIGKILL)
    server.stop()
    assert (server.data / "postmaster.pid").exists()
    again = PostgresServer(tmp_path, fast=True)
    again.start()
    assert again.has_database("kept")
    again.stop()


def test_a_pid_file_that_names_another_program_is_no_obstacle(tmp_path: Path) -> None:
    server = PostgresServer(tmp_path, fast=True)
    server.start()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n", encoding="utf-8")
    server.start()
    assert server.child.alive
    server.stop()


def test_a_second_server_on_the_same_data_is_refused(server: PostgresServer) -> None:
    with pytest.raises(LocalError, match=r"PostgreSQL \(pid \d+\) already runs on"):
        PostgresServer(server.directory, fast=True).start()


def test_a_taken_port_is_named_with_its_holder(tmp_path: Path) -> None:
    port = find_free_port()
    with socket.create_server((LOOPBACK, port)), pytest.raises(LocalError) as refusal:
        PostgresServer(tmp_path, port).start()
    assert refusal.value.message.startswith(f"Port {port}, wanted by PostgreSQL, is taken by ")
    assert f"(pid {os.getpid()})" in refusal.value.message


def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: disk.shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(LocalError, match=r"^The disk that holds .* is full \(0 MiB free, 200 MiB needed\): make room"):
        PostgresServer(tmp_path).start()


def test_a_server_that_dies_says_so_with_its_log(tmp_path: Path) -> None:
    server = PostgresServer(tmp_path, fast=True)
    server.start()
    server.stop()
    (server.data / "postgresql.conf").write_text("no such setting = 1\n", encoding="utf-8")
    with pytest.raises(LocalError, match=r"^PostgreSQL ended with exit code 1; its log is .*postgres\.log\.$"):
        server.start()


def test_it_ends_with_the_program_that_started_it(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from local.postgres import PostgresServer;"
        "server = PostgresServer(Path(sys.argv[1]), fast=True); server.start();"
        "print(server.child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    assert _is_gone_soon(pid), f"process {pid} outlived its parent"


def _is_gone_soon(pid: int) -> bool:
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.1)
    return False


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True, connect_timeout=5)
