"""Random passwords of the embedded servers, kept beside their data and read by nobody else."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path

from local.disk import write_private


def read_passwords(file: Path, names: Sequence[str]) -> dict[str, str]:
    """Return a password for each name; make and keep (0600) those that the file does not hold yet."""
    kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    missing = [name for name in names if name not in kept]
    if missing:
        kept |= {name: secrets.token_urlsafe(24) for name in missing}
        write_private(file, json.dumps(kept, indent=1))
    return {name: kept[name] for name in names}
