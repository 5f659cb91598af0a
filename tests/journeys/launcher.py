"""`python -m tests.journeys.launcher DIRECTORY PORT`: Kamu's processes as the Procfile names them, until SIGTERM.

They are forked from one process that has imported Kamu once. Settings come from the environment; the ids of the
processes are written to DIRECTORY/pids.json, their output to DIRECTORY/<name>.log.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path

from local import environment, programs
from local.forked import ForkedChild
from local.stripe.schema import prepare as prepare_billing


def main() -> None:
    directory, port = Path(sys.argv[1]), int(sys.argv[2])
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    settings = {name: text for name, text in os.environ.items() if _is_ours(name)}
    programs.import_kamu()
    children = {
        "web": ForkedChild("web", programs.serve_pages(port), directory / "web.log"),
        "worker": ForkedChild("worker", programs.run_command("worker", "default"), directory / "worker.log"),
        "heavy": ForkedChild("heavy", programs.run_command("worker", "heavy"), directory / "heavy.log"),
        "provisioning": ForkedChild(
            "provisioning", programs.run_command("worker", "provisioning"), directory / "provisioning.log"
        ),
        "clock": ForkedChild("clock", programs.run_command("clock"), directory / "clock.log"),
    }
    migration = ForkedChild("migration", programs.run_command("migrate"), directory / "migration.log")
    try:
        migration.fork(environment.for_process(settings, changes_schemas=True))
        migration.finish(120)
        prepare_billing(settings["DATABASE_DDL_URL"], settings["KAMU_SECRET_KEY"])
        for name, child in children.items():
            child.fork(environment.for_process(settings, changes_schemas=name == "provisioning"))
        file = directory / "pids.json"
        file.with_suffix(".new").write_text(json.dumps({name: child.pid for name, child in children.items()}))
        file.with_suffix(".new").rename(file)
        told_to_stop.wait()
    finally:
        for child in [migration, *children.values()]:
            child.ask_to_stop()
        for child in [migration, *children.values()]:
            child.stop()


def _is_ours(name: str) -> bool:
    return name in environment.SERVERS or name.startswith("KAMU_")


if __name__ == "__main__":
    main()
