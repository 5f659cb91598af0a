"""Writes a migration from the difference between the models and an embedded database at head.

``python -m local.revision tenant "people get a nickname"``; with ``--first`` the tree is written anew as one revision,
which is right only as long as no deployed database exists.
"""

import argparse
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from local.postgres import DatabaseUrls, PostgresServer
from local.settings import settings_for
from tenants import fleet
from wsgi import create_app


def main() -> None:
    """Read the command line and write the revision."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", choices=["control", "tenant", "keys"])
    parser.add_argument("message")
    parser.add_argument("--first", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kamu-revision-") as directory:
        server = PostgresServer(Path(directory), fast=True)
        server.start()
        try:
            write(wanted.tree, wanted.message, server.create_database("revision"), first=wanted.first)
        finally:
            server.stop()


def write(tree: str, message: str, urls: DatabaseUrls, *, first: bool) -> None:
    """Write one revision of ``tree`` against a blank database."""
    create_app(settings_for(urls, redis_url="redis://127.0.0.1:1/0"))
    url = urls.keys if tree == "keys" else urls.ddl
    engine = create_engine(urls.ddl)
    fleet.prepare(engine)
    engine.dispose()
    if first:
        for old in (fleet.TREES / tree / "versions").glob("*.py"):
            old.unlink()
    config = fleet.config_of(tree, url)
    command.upgrade(config, "head")
    number = 1 + len(list((fleet.TREES / tree / "versions").glob("[0-9]*.py")))
    command.revision(fleet.config_of(tree, url), message=message, autogenerate=True, rev_id=f"{number:04}")


if __name__ == "__main__":
    main()
