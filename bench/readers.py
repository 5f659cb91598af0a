"""Whoever opens a page: a session of their own, requests in process, statements counted."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from uuid import UUID

from flask import Flask, g
from sqlalchemy import Engine, event

from app.web.session import COOKIE, ValkeySessions, start_account_session, start_staff_session
from tenants.context import TenantRef


@dataclass(frozen=True)
class Look:
    """One page as one reader got it: its answer, and the medians of server time and statements."""

    status: int
    milliseconds: float
    queries: int


@dataclass
class Reader:
    """A browser at one host. `values` fill in the parts of addresses that are about this reader."""

    app: Flask
    host: str
    name: str
    values: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def sign_in(self, tenant: TenantRef, account_id: UUID) -> None:
        def begin() -> None:
            g.tenant = tenant
            start_account_session(account_id, method="link")

        self._begin(begin)

    def sign_in_staff(self, staff_id: UUID) -> None:
        self._begin(lambda: start_staff_session(staff_id))

    def look(self, path: str, *, times: int) -> Look:
        """Open a page so often; the first time is for caches and is not counted."""
        status = self._ask(path)
        took, counts = [], []
        for _ in range(times):
            with counting() as seen:
                began = time.perf_counter()
                status = self._ask(path)
                took.append((time.perf_counter() - began) * 1000)
            counts.append(seen[0])
        return Look(status, round(median(took), 1), int(median(counts)))

    def wait(self, path: str) -> float:
        """Open a page; the milliseconds until it is there."""
        began = time.perf_counter()
        status = self._ask(path)
        if status != 200:
            raise RuntimeError(f"{self.host}{path} answered {status}")
        return (time.perf_counter() - began) * 1000

    def _ask(self, path: str) -> int:
        return Context().run(self._get, path)

    def _get(self, path: str) -> int:
        answer = self.client.get(path, base_url=f"https://{self.host}")
        answer.get_data()
        return answer.status_code

    def _begin(self, start: Callable[[], Any]) -> None:
        with self.app.test_request_context("/", base_url=f"https://{self.host}") as context:
            start()
            context.session["csrf"] = "token-of-a-bench"
            response = self.app.make_response("")
            ValkeySessions().save_session(self.app, context.session, response)
            self.client.set_cookie(COOKIE, context.session.sid, domain=self.host.partition(":")[0], secure=True)


@contextmanager
def counting() -> Iterator[list[int]]:
    """Count every statement on every connection, the one that opens a transaction included."""
    seen = [0]

    def note(*_: object) -> None:
        seen[0] += 1

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
