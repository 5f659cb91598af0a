"""What a person can say to bin/dev, and the ports that follow from it."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError

ROOT = Path(__file__).resolve().parent.parent
DIRECTORY = ROOT / ".local"
FIRST_PORT = 8000

HELP = """\
Starts Kamu on this machine with everything it needs: PostgreSQL, Valkey, web, workers, clock, a local
sign-in provider, and a sink that shows every mail. Data is kept under .local/; Ctrl-C ends everything.

DATABASE_URL, DATABASE_DDL_URL and KEYS_DATABASE_URL (together), REDIS_URL and SMTP_URL put servers of
your own in the place of the local ones.

Ports follow the one of the pages: 8000 pages, 8025 mails, 8026 SMTP, 8379 Valkey, 8400 sign-in provider,
8432 PostgreSQL; with --port 9000 they are 9000, 9025 and so on.
"""


@dataclass(frozen=True)
class Options:
    """How to start: where things are kept, whether to begin anew, the ports."""

    port: int
    reset: bool = False
    demo: bool = True
    directory: Path = DIRECTORY

    @property
    def base_host(self) -> str:
        """The start host with its port."""
        return f"kamu.localhost:{self.port}"

    @property
    def mail_port(self) -> int:
        """The page of the mail sink."""
        return self.port + 25

    @property
    def smtp_port(self) -> int:
        """The mail sink itself."""
        return self.port + 26

    @property
    def valkey_port(self) -> int:
        """Valkey."""
        return self.port + 379

    @property
    def provider_port(self) -> int:
        """The local sign-in provider."""
        return self.port + 400

    @property
    def postgres_port(self) -> int:
        """PostgreSQL."""
        return self.port + 432

    @property
    def remedy(self) -> str:
        """What to do about a taken port."""
        return f"end that program, or start with --port {self.port + 1000}, which moves all ports"


def read_options(words: Sequence[str]) -> Options:
    """Read the command line; without --port the port is the one that the kept data was made for."""
    parser = argparse.ArgumentParser("bin/dev", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, help="port of the pages (8000); the other ports follow it")
    parser.add_argument("--reset", action="store_true", help="forget all kept data first")
    parser.add_argument("--no-demo", action="store_true", help="load no demo organisation")
    parser.add_argument("--data", type=Path, default=DIRECTORY, help="where data is kept (.local)")
    given = parser.parse_args(words)
    directory = given.data.absolute()
    kept = None if given.reset else _kept_port(directory)
    if kept and given.port and given.port != kept:
        raise LocalError(
            f"The data under {directory} was made for port {kept} and holds addresses with it: "
            f"start with --port {kept}, or with --reset to begin anew."
        )
    return Options(given.port or kept or FIRST_PORT, given.reset, not given.no_demo, directory)


def keep_port(options: Options) -> None:
    """Remember the port that the data is made for."""
    (options.directory / "port.json").write_text(json.dumps(options.port), encoding="utf-8")


def _kept_port(directory: Path) -> int | None:
    file = directory / "port.json"
    return int(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None
