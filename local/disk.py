"""Room on the disk, and files that only their owner reads."""

import os
import shutil
from pathlib import Path

from local.errors import LocalError

NEEDED_BYTES = 200 * 1024 * 1024
FULL = "No space left on device"


def ensure_room(directory: Path, needed: int = NEEDED_BYTES) -> None:
    """Raise LocalError when the disk that holds `directory` has fewer than `needed` bytes free."""
    free = shutil.disk_usage(directory).free
    if free < needed:
        figures = f"{free // 2**20} MiB free, {needed // 2**20} MiB needed"
        raise LocalError(f"The disk that holds {directory} is full ({figures}): make room and start again.")


def is_full(directory: Path) -> bool:
    """Whether the disk that holds `directory` has less than 4 MiB left, too little for a server's next file."""
    return shutil.disk_usage(directory).free < 4 * 2**20


def write_private(path: Path, text: str) -> None:
    """Write `text` to a file that only its owner reads (0600), complete or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
