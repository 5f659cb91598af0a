"""Kamu as it runs in life: gunicorn, the two workers and the clock as processes of their own, on ports of their own."""

import base64
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import psutil
import requests

from local import environment
from local.mail.mailbox import Mail
from local.mail.sink import MailSink
from local.options import ROOT
from local.ports import LOOPBACK, find_free_port
from local.postgres import DatabaseUrls
from local.processes import Child

Found = TypeVar("Found")


def wait_for(look: Callable[[], Found], what: str, *, seconds: float = 90) -> Found:
    """Look until something is found; fail with what was waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds:.0f} seconds")


class LiveStack:
    """Kamu's processes on given servers, and the mails they send."""

    def __init__(
        self, directory: Path, urls: DatabaseUrls, redis_url: str, launcher: str = "tests.journeys.launcher"
    ) -> None:
        self.directory, self.urls, self.redis_url = directory, urls, redis_url
        self.port = find_free_port()
        self.base_host = f"kamu.localhost:{self.port}"
        self.sink = MailSink(directory / "mails")
        command = [sys.executable, "-m", launcher, str(directory), str(self.port)]
        self._launcher = Child("Kamu", command, directory / "launcher.log")

    @property
    def start_url(self) -> str:
        return f"http://{self.base_host}"

    def url(self, slug: str, path: str = "/") -> str:
        """An address on an organisation's host."""
        return f"http://{slug}.{self.base_host}{path}"

    def host(self, slug: str) -> str:
        return f"{slug}.{self.base_host}"

    @contextmanager
    def running(self) -> Iterator["LiveStack"]:
        """Everything is started, and everything is ended, whatever happens."""
        self.sink.start()
        try:
            self._launcher.start(environment=self._environment(), directory=ROOT)
            self._launcher.wait_until(lambda: self.ask("/readyz").get("status") == 200, 180)
            wait_for(self._has_pool, "blank schemas in the pool", seconds=120)
            yield self
        finally:
            self._launcher.stop(grace=20)
            self.sink.stop()

    def ask(self, path: str, *, host: str = "", method: str = "GET", **options: object) -> dict:
        """Ask without a browser, as a platform's probe does; an empty dict when nobody listens."""
        headers = {"Host": host or self.base_host, **options.pop("headers", {})}
        try:
            address = f"http://{LOOPBACK}:{self.port}{path}"
            answer = requests.request(method, address, headers=headers, timeout=30, allow_redirects=False, **options)
        except requests.RequestException:
            return {}
        return {"status": answer.status_code, "text": answer.text, "headers": answer.headers}

    @cached_property
    def pids(self) -> dict[str, int]:
        """Process ids by the Procfile's names."""
        return json.loads(wait_for((self.directory / "pids.json").read_text, "the processes' ids"))

    def is_alive(self, name: str) -> bool:
        return psutil.pid_exists(self.pids[name]) and psutil.Process(self.pids[name]).status() != "zombie"

    @contextmanager
    def paused(self, name: str) -> Iterator[None]:
        """One process does nothing for a while, as on a machine that is too busy."""
        os.kill(self.pids[name], signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pids[name], signal.SIGCONT)

    def mails_to(self, address: str) -> list[Mail]:
        """Mails to somebody, newest first."""
        return [mail for mail in self.sink.list_mails() if address in mail.to]

    def mail_to(self, address: str) -> Mail:
        """The newest mail to somebody, as soon as it is there."""
        return wait_for(lambda: self.mails_to(address), f"a mail to {address}")[0]

    def log(self, name: str) -> str:
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def _has_pool(self) -> bool:
        import psycopg

        with psycopg.connect(self.urls.superuser.replace("+psycopg", ""), connect_timeout=5) as connection:
            return connection.execute("SELECT count(*) FROM control.tenant_slot").fetchone()[0] >= 2

    def _environment(self) -> dict[str, str]:
        settings = {
            "KAMU_ENV": "local",
            "KAMU_BASE_HOST": self.base_host,
            "KAMU_SCHEME": "http",
            "KAMU_MAIL_FROM": "Kamu <kamu@kamu.example>",
            "KAMU_OUTBOUND_LOOPBACK": "1",
            "KAMU_SECRET_KEY": secrets.token_urlsafe(32),
            "KAMU_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "DATABASE_URL": self.urls.rt,
            "DATABASE_DDL_URL": self.urls.ddl,
            "KEYS_DATABASE_URL": self.urls.keys,
            "REDIS_URL": self.redis_url,
            "SMTP_URL": self.sink.url,
        }
        return environment.for_process(settings, changes_schemas=True)
