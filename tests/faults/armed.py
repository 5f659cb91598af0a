"""`python -m tests.faults.armed DIRECTORY PORT`: as the journeys' launcher, but each process stands still where it is told.

The name of a fault point in DIRECTORY/stand-at is for the next process that comes to it: it takes the file away, writes
its id to DIRECTORY/standing, and goes on once there is DIRECTORY/go.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tenants import faults
from tenants.faults import Fault
from tests.journeys import launcher


def stand_where_told(directory: Path) -> Callable[[Fault], None]:
    def hook(fault: Fault) -> None:
        told = directory / "stand-at"
        try:
            if told.read_text() != fault:
                return
            told.rename(directory / f"taken-by-{os.getpid()}")
        except FileNotFoundError:
            return
        (directory / "standing.new").write_text(str(os.getpid()))
        (directory / "standing.new").rename(directory / "standing")
        while not (directory / "go").exists():
            time.sleep(0.01)

    return hook


if __name__ == "__main__":
    faults.arm(stand_where_told(Path(sys.argv[1])))
    launcher.main()
