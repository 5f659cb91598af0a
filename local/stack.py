"""Everything that bin/dev starts: servers first, then the processes of Kamu, ended in the opposite order."""

import hashlib
import http.client
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from local import environment, programs, provider
from local.cast import PLACES, provider_people
from local.disk import ensure_room
from local.errors import LocalError
from local.forked import ForkedChild
from local.options import ROOT, Options
from local.ports import LOOPBACK, claim_port
from local.postgres import PostgresServer
from local.processes import Child
from local.stripe.schema import prepare as prepare_billing
from local.valkey import ValkeyServer

DATABASE = "kamu"
MIGRATIONS = [*(ROOT / "migrations").rglob("*.py"), *(ROOT / "tenants" / "fleet").rglob("*.py")]
DEMO = [*(ROOT / "local").glob("demo*.py"), *(place.people_file for place in PLACES)]
GUNICORN = [str(Path(sys.executable).parent / "gunicorn"), "--no-control-socket"]


class Stack:
    """The servers and processes of one bin/dev."""

    def __init__(self, options: Options, say: Callable[[str], None]) -> None:
        self.options = options
        self.logs = options.directory / "logs"
        self.settings: dict[str, str] = {}
        self._say = say
        self._servers: list[PostgresServer | ValkeyServer] = []
        self._processes: list[Child] = []
        self._pages: list[tuple[Child, int, str, str]] = []

    def start(self, outside: dict[str, str]) -> None:
        """Start everything that `outside` (addresses of the person's own servers) does not give."""
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        ensure_room(self.options.directory)
        self._claim_ports(outside)
        servers = outside | self._start_servers(outside)
        self.settings = environment.build(self.options, servers)
        environment.write_env_file(self.options.directory / "env", self.settings)
        self._start_outer_world(outside)
        programs.import_kamu()
        self._once_for("migrations", programs.run_command("migrate"), _fingerprint(MIGRATIONS))
        prepare_billing(self.settings["DATABASE_DDL_URL"], self.settings["KAMU_SECRET_KEY"])
        self._start_kamu()
        if self.options.demo:
            self._once_for("demo", programs.load_demo(self.options.directory), _fingerprint(DEMO))
        self._wait_for_pages()

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
        provider_file = options.directory / "provider.json"
        provider.prepare(provider_file, port=options.provider_port, people=provider_people(), hosts=options.base_host)
        bind = ["--bind", f"{LOOPBACK}:{options.provider_port}", "--workers", "1", "--threads", "8"]
        command = [*GUNICORN, *bind, "local.provider:create_app()"]
        own = {provider.FILE_VARIABLE: str(provider_file)}
        child = self._start("provider", command, own)
        self._pages.append((child, options.provider_port, "localhost", "/.well-known/openid-configuration"))
        if "SMTP_URL" not in outside:
            ports = [str(options.smtp_port), str(options.mail_port)]
            mails = str(options.directory / "mails")
            child = self._start("mail", [sys.executable, "-m", "local.mail.sink", mails, *ports], {})
            self._pages.append((child, options.mail_port, "localhost", "/"))

    def _start_kamu(self) -> None:
        web = self._fork("web", programs.serve_pages(self.options.port))
        self._pages.append((web, self.options.port, "kamu.localhost", "/readyz"))
        self._fork("worker", programs.run_command("worker", "default"))
        self._fork("heavy", programs.run_command("worker", "heavy"))
        self._fork("provisioning", programs.run_command("worker", "provisioning"), changes_schemas=True)
        self._fork("clock", programs.run_command("clock"))

    def _start(self, name: str, command: list[str], settings: dict[str, str]) -> Child:
        child = Child(f"The process {name}", command, self.logs / f"{name}.log")
        child.start(environment=environment.for_process(settings), directory=ROOT)
        self._processes.append(child)
        return child

    def _fork(self, name: str, program: Callable[[], None], *, changes_schemas: bool = False) -> Child:
        child = ForkedChild(f"The process {name}", program, self.logs / f"{name}.log")
        child.fork(environment.for_process(self.settings, changes_schemas=changes_schemas))
        self._processes.append(child)
        return child

    def _once_for(self, name: str, program: Callable[[], None], fingerprint: str) -> None:
        """Run a program to its end unless it was done for the same files on the same database."""
        stamp = self.options.directory / f"{name}.done"
        wanted = f"{fingerprint} {self.settings['DATABASE_URL'].rpartition('@')[2]}"
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            return
        began = time.monotonic()
        child = ForkedChild(f"Loading the {name}", program, self.logs / f"{name}.log")
        child.fork(environment.for_process(self.settings, changes_schemas=True))
        try:
            child.finish(150)
        finally:
            child.stop()
        stamp.write_text(wanted, encoding="utf-8")
        self._say(f"{name.capitalize()}, {time.monotonic() - began:.1f} s")

    def _wait_for_pages(self) -> None:
        for child, port, host, path in self._pages:
            child.wait_until(partial(_answers, port, host, path), 60)


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _answers(port: int, host: str, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
