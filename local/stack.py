"""Everything that bin/dev starts: servers first, then the processes of Kamu, ended in the opposite order."""

import http.client
import sys
import time
from collections.abc import Callable
from pathlib import Path

from local import environment, provider
from local.cast import provider_people
from local.disk import ensure_room
from local.errors import LocalError
from local.options import ROOT, Options
from local.ports import LOOPBACK, claim_port
from local.postgres import PostgresServer
from local.processes import Child
from local.valkey import ValkeyServer

DATABASE = "kamu"
PYTHON = sys.executable
KAMU = [PYTHON, "-m", "app.kamu"]
GUNICORN = [str(Path(PYTHON).parent / "gunicorn"), "--no-control-socket"]


class Stack:
    """The servers and processes of one bin/dev."""

    def __init__(self, options: Options, say: Callable[[str], None]) -> None:
        self.options = options
        self.logs = options.directory / "logs"
        self.settings: dict[str, str] = {}
        self._say = say
        self._servers: list[PostgresServer | ValkeyServer] = []
        self._processes: list[Child] = []
        self._provider_file = options.directory / "provider.json"

    def start(self, outside: dict[str, str]) -> None:
        """Start everything that `outside` (addresses of the person's own servers) does not give."""
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        ensure_room(self.options.directory)
        self._claim_ports(outside)
        servers = outside | self._start_servers(outside)
        self.settings = environment.build(self.options, servers)
        environment.write_env_file(self.options.directory / "env", self.settings)
        self._start_outer_world(outside)
        self._once("the migrations", [*KAMU, "migrate"])
        self._start_kamu()
        if self.options.demo:
            self._once("the demo", [PYTHON, "-m", "local.demo", str(self._provider_file)])
        self._wait_for_pages(outside)

    def watch(self) -> None:
        """Return never; raise LocalError as soon as one of the programs has ended."""
        while True:
            for child in [*self._processes, *(server.child for server in self._servers)]:
                if not child.alive:
                    raise LocalError(child.describe_end())
            time.sleep(0.3)

    def stop(self) -> None:
        """End all processes, then the servers."""
        for child in self._processes:
            child.ask_to_stop()
        for child in self._processes:
            child.stop()
        for server in reversed(self._servers):
            server.stop()

    def _claim_ports(self, outside: dict[str, str]) -> None:
        options = self.options
        wanted = {"the pages of Kamu": options.port, "the sign-in provider": options.provider_port}
        if "DATABASE_URL" not in outside:
            wanted["PostgreSQL"] = options.postgres_port
        if "REDIS_URL" not in outside:
            wanted["Valkey"] = options.valkey_port
        if "SMTP_URL" not in outside:
            wanted |= {"the mail sink": options.smtp_port, "the page of mails": options.mail_port}
        for name, port in wanted.items():
            claim_port(port, name, options.remedy)

    def _start_servers(self, outside: dict[str, str]) -> dict[str, str]:
        found: dict[str, str] = {}
        if "DATABASE_URL" not in outside:
            found |= self._start_postgres()
        if "REDIS_URL" not in outside:
            found["REDIS_URL"] = self._start_valkey()
        if "SMTP_URL" not in outside:
            found["SMTP_URL"] = f"smtp://{LOOPBACK}:{self.options.smtp_port}"
        return found

    def _start_postgres(self) -> dict[str, str]:
        directory = self.options.directory / "postgres"
        server = PostgresServer(directory, self.options.postgres_port, log=self.logs / "postgres.log")
        self._servers.append(server)
        server.start()
        urls = server.urls(DATABASE) if server.has_database(DATABASE) else server.create_database(DATABASE)
        self._say(f"PostgreSQL on port {server.port}")
        return {"DATABASE_URL": urls.rt, "DATABASE_DDL_URL": urls.ddl, "KEYS_DATABASE_URL": urls.keys}

    def _start_valkey(self) -> str:
        directory = self.options.directory / "valkey"
        server = ValkeyServer(directory, self.options.valkey_port, log=self.logs / "valkey.log")
        self._servers.append(server)
        server.start()
        self._say(f"Valkey on port {server.port}")
        return server.url

    def _start_outer_world(self, outside: dict[str, str]) -> None:
        options = self.options
        if "SMTP_URL" not in outside:
            ports = [str(options.smtp_port), str(options.mail_port)]
            self._run("mail", [PYTHON, "-m", "local.mail.sink", str(options.directory / "mails"), *ports])
        provider.prepare(
            self._provider_file, port=options.provider_port, people=provider_people(), hosts=options.base_host
        )
        self.settings[provider.FILE_VARIABLE] = str(self._provider_file)
        bind = ["--bind", f"{LOOPBACK}:{options.provider_port}", "--workers", "1", "--threads", "8"]
        self._run("provider", [*GUNICORN, *bind, "local.provider:create_app()"])

    def _start_kamu(self) -> None:
        bind = ["--bind", f"{LOOPBACK}:{self.options.port}", "--workers", "2", "--threads", "4"]
        self._run("web", [*GUNICORN, *bind, "wsgi:create_app()"])
        self._run("worker", [*KAMU, "worker", "default"])
        self._run("provisioning", [*KAMU, "worker", "provisioning"], changes_schemas=True)
        self._run("clock", [*KAMU, "clock"])

    def _run(self, name: str, command: list[str], *, changes_schemas: bool = False) -> None:
        child = Child(f"The process {name}", command, self.logs / f"{name}.log")
        child.start(
            environment=environment.for_process(self.settings, changes_schemas=changes_schemas),
            directory=ROOT,
        )
        self._processes.append(child)

    def _once(self, name: str, command: list[str]) -> None:
        began = time.monotonic()
        child = Child(f"Loading {name}", command, self.logs / f"{name.removeprefix('the ')}.log")
        child.start(environment=environment.for_process(self.settings, changes_schemas=True), directory=ROOT)
        try:
            child.finish(150)
        finally:
            child.stop()
        self._say(f"{name.removeprefix('the ').capitalize()}, {time.monotonic() - began:.1f} s")

    def _wait_for_pages(self, outside: dict[str, str]) -> None:
        options = self.options
        pages = [(options.port, "kamu.localhost", "/readyz")]
        pages.append((options.provider_port, "localhost", "/.well-known/openid-configuration"))
        if "SMTP_URL" not in outside:
            pages.append((options.mail_port, "localhost", "/"))
        for port, host, path in pages:
            child = next(c for c in self._processes if c.name.endswith(_NAMES[path]))
            child.wait_until(lambda port=port, host=host, path=path: _answers(port, host, path), 60)  # type: ignore[misc]


_NAMES = {"/readyz": "web", "/.well-known/openid-configuration": "provider", "/": "mail"}


def _answers(port: int, host: str, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
