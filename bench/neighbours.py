"""One organisation's pages while another takes in fifty thousand people."""

import multiprocessing
import os
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Flask

from app.access.actor import SYSTEM
from app.people.actions import queue_import, upload_file
from app.people.queries import get_import
from app.queue import NICENESS
from bench.readers import Reader
from tenants.context import TenantRef
from tenants.database import db
from tenants.outbox import HEAVY_QUEUE, drain
from tenants.unit_of_work import tenant_work

FILES, ROWS = 3, 16_667  # A file holds twenty thousand at most.
MOST_WAITS = 4_000


def upload(tenant: TenantRef, now: datetime) -> list[UUID]:
    """Have the files wait in the organisation that takes them in."""
    waiting = []
    for number in range(FILES):
        lines = [f"{number}-{row},Ilta,Koski,i{number}.{row}@many.example,Unit {row % 400}" for row in range(ROWS)]
        data = "\n".join(["Number,Given name,Family name,E-mail,Unit", *lines]).encode()
        with tenant_work(tenant):
            waiting.append(upload_file(data=data, file_name=f"{number}.csv", by=SYSTEM, now=now).id)
    return waiting


def wait_beside_an_import(
    app: Flask, tenant: TenantRef, imports: Sequence[UUID], reader: Reader, page: str
) -> list[float]:
    """Milliseconds of each page while a worker of its own, as nice as workers are, takes everything in."""
    worker = multiprocessing.get_context("fork").Process(target=_work, args=(app, tenant, imports))
    worker.start()
    waits = []
    while worker.is_alive():
        waits.append(reader.wait(page))
    worker.join()
    if worker.exitcode:
        raise RuntimeError("the import did not come to its end")
    return waits


def _work(app: Flask, tenant: TenantRef, imports: Sequence[UUID]) -> None:
    os.nice(NICENESS)
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)
        from app.clock import now

        for import_id in imports:
            with tenant_work(tenant):
                queue_import(get_import(import_id), now=now())
            drain(tenant, HEAVY_QUEUE)
            with tenant_work(tenant):
                if get_import(import_id).state != "taken_in":
                    raise RuntimeError("a file was not taken in")
