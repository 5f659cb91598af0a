"""What identity costs with ten thousand people: reading a session, taking a file in, and the directory's own calls.

Requests run in process through the whole WSGI app, databases included; PostgreSQL does not wait for its disk.
"""

import gc
import json
import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from flask import Flask
from redis.connection import AbstractConnection
from sqlalchemy import create_engine, select, text
from werkzeug.test import Client

from app import clock
from app.access.actor import SYSTEM
from app.access.models import Account
from app.access.queries import find_actor
from app.people.actions import queue_import, upload_file
from app.people.queries import get_import
from app.scim.actions import make_token
from app.scim.policies import Lives
from app.settings import settings
from app.valkey import valkey
from app.web.session import COOKIE, ValkeySessions
from bench.crowd import SIZE, make_roster
from bench.house import open_house, settle
from bench.organisations import PAGE, found, tenant_of
from bench.readers import Reader, counting
from bench.rows import ANY, Row
from bench.tenancy import RELATIONS
from tenants.context import TenantRef
from tenants.outbox import HEAVY_QUEUE, drain
from tenants.unit_of_work import session, tenant_work

TITLE = "Identity"
COMPARED = "for comparison only"
LOOKS, CALLS, LISTS, PAGE_OF_USERS = 500, 300, 60, 100
CREATED = 201
SCHEMAS = {
    "user": "urn:ietf:params:scim:schemas:core:2.0:User",
    "patch": "urn:ietf:params:scim:api:messages:2.0:PatchOp",
}


def measure() -> Iterator[Row]:
    with open_house() as app, app.app_context():
        owner = found(app, 0, clock.now())
        tenant = tenant_of(owner)
        yield _relations(app, tenant)
        yield from measure_sessions(app, owner, tenant)
        yield from _import(tenant)
        settle(app)
        yield from _directory(app, tenant)


def _relations(app: Flask, tenant: TenantRef) -> Row:
    engine = create_engine(app.extensions["bench_superuser"])
    with engine.connect() as connection:
        relations = connection.scalar(text(RELATIONS), {"schema": tenant.schema})
    engine.dispose()
    return Row("relations of one organisation", relations, "relations", 200)


def measure_sessions(app: Flask, owner: Reader, tenant: TenantRef) -> Iterator[Row]:
    """Reading a session, and a whole page with it: how often Valkey is asked, and for how long."""
    look = _looker(app, owner)
    look()
    with _round_trips() as one:
        look()
    took = [_timed(look) for _ in range(LOOKS)]
    owner.wait(PAGE)
    with _round_trips() as whole:
        owner.wait(PAGE)
    yield Row("round trips to Valkey to read a session", one[0], "trips", 1)
    yield Row("round trips to Valkey of a whole page", whole[0], "trips", 2)
    yield Row("reading a session", round(median(took) * 1_000_000), "µs", 2_000)
    with tenant_work(tenant):
        account_id = session().scalars(select(Account.id)).first()
        with counting() as seen:
            find_actor(account_id)
        told = [_timed(lambda: find_actor(account_id)) for _ in range(CALLS)]
    yield Row("statements that tell who somebody is, and whether they may still", seen[0], "queries", 1)
    yield Row("telling it", round(median(told) * 1_000_000), "µs", 10_000)


def _looker(app: Flask, owner: Reader) -> Callable[[], object]:
    cookie = owner.client.get_cookie(COOKIE, domain=owner.host.partition(":")[0])
    if cookie is None:
        raise LookupError("the reader has no session")
    headers = {"Cookie": f"{COOKIE}={cookie.value}"}
    request = app.test_request_context(PAGE, base_url=f"https://{owner.host}", headers=headers).request
    sessions = ValkeySessions()

    def look() -> object:
        read = sessions.open_session(app, request)
        if read.kind != "account":
            raise LookupError("the session is not there")
        return read

    return look


@contextmanager
def _round_trips() -> Iterator[list[int]]:
    """Count what is sent to Valkey: a pipeline goes as one."""
    seen, send = [0], AbstractConnection.send_packed_command

    def counted(self: AbstractConnection, *args: Any, **kwargs: Any) -> Any:
        seen[0] += 1
        return send(self, *args, **kwargs)

    AbstractConnection.send_packed_command = counted
    try:
        yield seen
    finally:
        AbstractConnection.send_packed_command = send


def _import(tenant: TenantRef) -> Iterator[Row]:
    """A file of ten thousand, from the moment it is there until everybody is in the directory."""
    roster, steps = make_roster(SIZE), []
    before, used = _peak_begins(), time.process_time()
    with _step(steps), tenant_work(tenant):
        import_id = upload_file(data=roster, file_name="people.csv", by=SYSTEM, now=clock.now()).id
    with _step(steps):
        _take_in(tenant, import_id)
    used = time.process_time() - used
    yield Row("reading and checking a file of 10,000 people", round(steps[0], 2), "s", ANY, COMPARED)
    yield Row("taking them in", round(steps[1], 2), "s", ANY, COMPARED)
    yield Row("an import of 10,000 people by file, as a whole", round(sum(steps), 2), "s", 5)
    yield Row("of it the application's own processor time", round(used, 2), "s", ANY, COMPARED)
    yield Row("memory that it needs for itself at most", round(_peak() - before), "MB", 400)


def _take_in(tenant: TenantRef, import_id: UUID) -> None:
    with tenant_work(tenant):
        queue_import(get_import(import_id), now=clock.now())
    drain(tenant, HEAVY_QUEUE)
    with tenant_work(tenant):
        if get_import(import_id).state != "taken_in":
            raise RuntimeError("the file was not taken in")


@contextmanager
def _step(steps: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    steps.append(time.perf_counter() - began)


@dataclass
class Directory:
    """A client of the organisation's own directory, with its token."""

    client: Client
    host: str
    token: str

    def ask(self, method: str, path: str, wanted: int, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return Context().run(self._ask, method, path, wanted, body)

    def _ask(self, method: str, path: str, wanted: int, body: dict[str, Any] | None) -> dict[str, Any]:
        answer = self.client.open(
            f"/scim/v2{path}",
            method=method,
            base_url=f"https://{self.host}",
            headers={"Authorization": f"Bearer {self.token}"},
            content_type="application/scim+json" if body else None,
            data=json.dumps(body) if body else None,
        )
        if answer.status_code != wanted:
            raise RuntimeError(f"{method} {path} answered {answer.status_code}: {answer.text[:300]}")
        return json.loads(answer.text)


def _directory(app: Flask, tenant: TenantRef) -> Iterator[Row]:
    """The directory's own calls, one after another, among ten thousand users."""
    with tenant_work(tenant):
        account_id = session().scalars(select(Account.id)).one()
        _, secret = make_token(label="Bench", lives=Lives.HALF_A_YEAR, account_id=account_id, now=clock.now())
    directory = Directory(app.test_client(use_cookies=False), settings().organisation_host(tenant.slug), secret)
    first = _list(directory, "?count=1")
    gc.collect()
    before = _peak_begins()
    made = [directory.ask("POST", "/Users", CREATED, _user(-1))["id"]]
    yield _rate("users made", 10, CALLS, lambda number: made.append(_make(directory, number)))
    yield _rate("users switched off or on", 10, CALLS, lambda number: _switch(directory, made[number // 2], number))
    yield _rate("users found by their name", 20, CALLS, lambda number: _find(directory, number))
    total = first["totalResults"]
    yield _rate(
        f"pages of {PAGE_OF_USERS} of {total:,} users",
        2,
        LISTS,
        lambda number: _list(directory, f"?startIndex={1 + number * 160}&count={PAGE_OF_USERS}"),
    )
    with counting() as seen:
        _list(directory, f"?startIndex=5001&count={PAGE_OF_USERS}")
    yield Row(f"statements of such a page of {PAGE_OF_USERS}", seen[0], "queries", 12)
    yield Row("memory that all this needs for itself at most", round(_peak() - before), "MB", 150)


def _rate(what: str, least: float, times: int, call: Callable[[int], object]) -> Row:
    _forget_rates()
    began = time.perf_counter()
    for number in range(times):
        call(number)
    done = round(times / (time.perf_counter() - began), 1)
    return Row(f"{what}, one after another", done, "a second", least, at_least=True)


def _forget_rates() -> None:
    """What is measured is how fast it goes, not how much of it is let through."""
    keys = list(valkey().scan_iter("*rate*"))
    if keys:
        valkey().delete(*keys)


def _make(directory: Directory, number: int) -> str:
    return str(directory.ask("POST", "/Users", CREATED, _user(number))["id"])


def _user(number: int) -> dict[str, Any]:
    name = f"new{number + 1:04}@suurvirta.example"
    return {
        "schemas": [SCHEMAS["user"]],
        "userName": name,
        "externalId": f"external-{number}",
        "name": {"givenName": "Ilta", "familyName": f"Koski {number}"},
        "emails": [{"value": name, "type": "work", "primary": True}],
        "active": True,
    }


def _switch(directory: Directory, user: str, number: int) -> None:
    change = {"op": "replace", "path": "active", "value": bool(number % 2)}
    directory.ask("PATCH", f"/Users/{user}", 200, {"schemas": [SCHEMAS["patch"]], "Operations": [change]})


def _find(directory: Directory, number: int) -> None:
    found_ones = _list(directory, f'?filter=userName eq "new{number:04}@suurvirta.example"')
    if found_ones["totalResults"] != 1:
        raise RuntimeError("somebody was not found")


def _list(directory: Directory, query: str) -> dict[str, Any]:
    return directory.ask("GET", f"/Users{query}", 200)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _peak_begins() -> float:
    """Begin to look for the most memory anew; what is in use now, in MB."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return _peak()


def _peak() -> float:
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


def tell(rows: Sequence[Row]) -> str:
    lines = [
        f"On {os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}.",
        "",
        "| what | measured | target |",
        "| --- | ---: | ---: |",
    ]
    for row in rows:
        target = "" if row.reason == COMPARED else f"{'≥' if row.at_least else '≤'} {row.target:g}"
        lines.append(f"| {row.name} | {row.value:g} {row.unit} | {target} |")
    over = [f"- {row.name}: {row.value:g} {row.unit}" for row in rows if not row.holds]
    return "\n".join([*lines, "", *(["Over the target in this run:", "", *over] if over else ["Every target holds."])])
