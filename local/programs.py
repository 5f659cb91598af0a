"""Kamu's own processes, as functions that a forked child runs. In production the Procfile names the same."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

from local.ports import LOOPBACK


def import_kamu() -> None:
    """Import all of Kamu once, before its processes are forked."""
    importlib.import_module("wsgi")
    importlib.import_module("app.kamu")


def serve_pages(port: int) -> Callable[[], None]:
    """Return the program that serves the pages with gunicorn."""

    def program() -> None:
        from gunicorn.app.wsgiapp import WSGIApplication

        options = ["--no-control-socket", "--workers", "2", "--threads", "4", "--bind", f"{LOOPBACK}:{port}"]
        sys.argv = ["gunicorn", *options, "wsgi:create_app()"]
        WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()

    return program


def run_command(*words: str) -> Callable[[], None]:
    """Return the program that does what `bin/kamu WORDS` does."""

    def program() -> None:
        from app.kamu import kamu

        kamu.main(list(words), prog_name="bin/kamu")

    return program


def load_demo(directory: Path) -> Callable[[], None]:
    """Return the program that loads the demo into an empty Kamu."""

    def program() -> None:
        from local.demo import load_demo as load

        load(directory)

    return program
