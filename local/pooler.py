"""PgBouncer in transaction mode: clients share backends, each for one transaction at a time."""

import re
import shutil
import signal
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from local import unprivileged
from local.disk import write_private
from local.errors import LocalError
from local.ports import LOOPBACK, find_free_port
from local.processes import Child

CONFIGURATION = """\
[databases]
* = host={host} port={port}
{control} = host={host} port={port} dbname={database}

[pgbouncer]
listen_addr = {loopback}
listen_port = {own_port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
server_lifetime = {lifetime}
query_wait_timeout = {patience}
log_connections = 0
log_disconnections = 0
"""
SECONDS_A_BACKEND = 900


class Pooler:
    """One PgBouncer in `directory`, on the loopback address, for the logins of the addresses it is given.

    Each login has at most `size` backends, and as many again for the control plane: a page that holds an
    organisation's backend may then still read control. Who finds none free waits for `patience` seconds.
    """

    def __init__(self, directory: Path, *addresses: str, size: int, patience: int = 20) -> None:
        self.directory = directory.absolute()
        self.port = 0
        self._addresses = [make_url(address) for address in addresses]
        self._size, self._patience = size, patience
        self._configuration = self.directory / "pgbouncer.ini"
        self.child = Child("PgBouncer", [], self.directory / "pgbouncer.log")

    def start(self) -> None:
        """Start it; raise LocalError with the reason when it is not installed or does not answer."""
        program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
        if program is None:
            raise LocalError("PgBouncer is not installed: apt-get install pgbouncer.")
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = find_free_port()
        self._write_configuration()
        prefix = unprivileged.setpriv_words(Path(program), self.directory, self.directory)
        self.child = Child("PgBouncer", [program, str(self._configuration)], self.child.log, stop_signal=signal.SIGINT)
        self.child.start(prefix=prefix, directory=self.directory)
        self.child.wait_until(self._answers, 20)

    def stop(self) -> None:
        """End it; whoever is connected through it is cut off."""
        self.child.stop()

    def address(self, of: str) -> str:
        """Return the address of the same database and login by way of the pooler."""
        return make_url(of).set(host=LOOPBACK, port=self.port).render_as_string(hide_password=False)

    def control_address(self, of: str) -> str:
        """Return the address of the same database and login by way of the pool for the control plane."""
        direct = make_url(of)
        own = direct.set(host=LOOPBACK, port=self.port, database=_control_pool(direct))
        return own.render_as_string(hide_password=False)

    def _write_configuration(self) -> None:
        server, users = self._addresses[0], self.directory / "users.txt"
        write_private(users, "".join(f'"{each.username}" "{each.password}"\n' for each in self._addresses))
        text = CONFIGURATION.format(
            host=server.host,
            port=server.port,
            loopback=LOOPBACK,
            own_port=self.port,
            control=_control_pool(server),
            database=server.database,
            users=users,
            size=self._size,
            lifetime=SECONDS_A_BACKEND,
            patience=self._patience,
        )
        write_private(self._configuration, text)
        unprivileged.give_away(self.directory, users, self._configuration)

    def _answers(self) -> bool:
        try:
            psycopg.connect(_plain(self._addresses[0].set(port=self.port)), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


def _control_pool(address: URL) -> str:
    return f"{address.database}_control"


def _plain(address: URL) -> str:
    return re.sub(r"^postgresql\+\w+", "postgresql", address.render_as_string(hide_password=False))
