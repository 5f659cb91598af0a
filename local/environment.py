"""The environment variables by which every process learns its settings, and who gets which."""

import base64
import os
import secrets
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from local.disk import write_private
from local.errors import LocalError
from local.options import ROOT, Options

DATABASES = ("DATABASE_URL", "DATABASE_DDL_URL", "KEYS_DATABASE_URL")
SERVERS = (*DATABASES, "REDIS_URL", "SMTP_URL")


def outside_servers(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses of servers that the person provides; the three of PostgreSQL come together."""
    given = {name: environment[name] for name in SERVERS if environment.get(name)}
    missing = [name for name in DATABASES if name not in given]
    if missing and len(missing) < len(DATABASES):
        names = " and ".join(missing)
        raise LocalError(f"{names} must be set as well: the three database addresses go together.")
    return given


def read_secrets(directory: Path) -> dict[str, str]:
    """Return the master key and the secret key of this checkout; make and keep them (0600) the first time."""
    return {
        "KAMU_MASTER_KEY": _kept(directory / "master.key", base64.b64encode(secrets.token_bytes(32)).decode()),
        "KAMU_SECRET_KEY": _kept(directory / "secret.key", secrets.token_urlsafe(48)),
    }


def build(options: Options, servers: Mapping[str, str]) -> dict[str, str]:
    """Return all settings of Kamu, the address for schema changes among them."""
    return {
        "KAMU_ENV": "local",
        "KAMU_BASE_HOST": options.base_host,
        "KAMU_SCHEME": "http",
        "KAMU_MAIL_FROM": "Kamu <kamu@kamu.example>",
        "KAMU_OUTBOUND_LOOPBACK": "1",
        **read_secrets(options.directory),
        **servers,
    }


def for_process(settings: Mapping[str, str], *, changes_schemas: bool = False) -> dict[str, str]:
    """Return a whole environment for one process; only some may know the address for schema changes."""
    own = dict(settings)
    if not changes_schemas:
        own.pop("DATABASE_DDL_URL", None)
    foreign = {k: v for k, v in os.environ.items() if k not in SERVERS and not k.startswith("KAMU_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), foreign.get("PATH", os.defpath)])
    return foreign | own | {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def write_env_file(file: Path, settings: Mapping[str, str]) -> None:
    """Write the settings so that bin/kamu, beside a running bin/dev, works on the same data."""
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in sorted(settings.items())]
    write_private(file, "".join(lines))


def _kept(file: Path, fresh: str) -> str:
    if not file.exists():
        write_private(file, fresh)
    return file.read_text(encoding="utf-8")
