"""What tenancy costs: each value beside the same thing without it, both measured in one run.

500 organisations, 2,000 with `--deep`, and a PostgreSQL that waits for its disk as in life. Each has twenty people; the
page is its directory, as its owner sees it.
"""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles

import psycopg
from flask import Flask
from sqlalchemy import create_engine, text

from app import clock
from bench import fleet, neighbours
from bench.house import open_house, settle
from bench.organisations import PAGE, found, tenant_of
from bench.plain import without_tenancy
from bench.readers import Reader
from bench.rows import ANY, Row
from tenants.database import DDL, db
from tenants.fleet import ROLE_MARK, head_revision, render_tenant
from tenants.models import new_id
from tenants.provisioning import build_slots, claim
from tenants.unit_of_work import control_work

TITLE = "Tenancy"
SIZE, DEEP_SIZE = 500, 2_000
COMPARED = "for comparison only"
CLAIMS, BUILDS, ROUNDS, REQUESTS = 30, 40, 10, 60


def measure() -> Iterator[Row]:
    size, now = DEEP_SIZE if os.environ.get("KAMU_DEEP") else SIZE, clock.now()
    with open_house(fast=False) as app, app.app_context():
        yield from _building()
        yield from _sizes(app, size)
        readers = [found(app, number, now) for number in range(size)]
        yield _claiming()
        settle(app)
        yield from _pages(readers)
        yield from _memory(app, readers)
        yield from _migrations()
        yield _neighbours(app, readers, now)


def _building() -> Iterator[Row]:
    """Building inline, beside the same statements sent raw on one connection."""
    script, ours, raw = render_tenant("base", head_revision("tenant")), [], []
    with psycopg.connect(_ddl_url(), autocommit=False) as connection:
        for number in range(BUILDS):
            ours.append(fleet.timed(lambda: build_slots(1)))
            raw.append(fleet.timed(lambda number=number: _build_raw(connection, script, number)))
    yield Row("an inline build of one organisation", round(median(ours) * 1000, 1), "ms", ANY, COMPARED)
    yield Row("an inline build ÷ the same DDL sent raw", _ratio(ours, raw), "times", 1.3)


def _build_raw(connection: psycopg.Connection, script: str, number: int) -> None:
    schema, role = f"raw_{number}", f"raw_role_{number}"
    connection.execute(
        f"CREATE ROLE {role} NOLOGIN; GRANT {role} TO app_rt WITH INHERIT FALSE, SET TRUE; CREATE SCHEMA {schema}; "
        f"GRANT USAGE ON SCHEMA {schema} TO {role}; SET LOCAL search_path TO {schema}, ext; "
        + script.replace(ROLE_MARK, role)
    )
    connection.commit()


def _sizes(app: Flask, size: int) -> Iterator[Row]:
    """Fill the pool, and see by how much the database grows."""
    engine = create_engine(app.extensions["bench_superuser"])
    with engine.connect() as connection:
        before = connection.scalar(text("SELECT pg_database_size(current_database())"))
        build_slots(size + CLAIMS - BUILDS)
        after = connection.scalar(text("SELECT pg_database_size(current_database())"))
        schema = connection.scalar(text("SELECT schema_name FROM control.tenant_slot LIMIT 1"))
        relations = connection.scalar(text(RELATIONS), {"schema": schema})
    engine.dispose()
    yield Row("relations of one organisation", relations, "relations", 200)
    grown = (after - before) / (size + CLAIMS - BUILDS) / 2**20
    yield Row("an empty organisation, its rows in the catalogue included", round(grown, 2), "MB", 1.6)


RELATIONS = """
SELECT count(*) FROM pg_class c WHERE relnamespace = CAST(:schema AS regnamespace) OR oid IN (
  SELECT unnest(ARRAY[t.reltoastrelid, i.indexrelid]) FROM pg_class t JOIN pg_index i ON i.indrelid = t.reltoastrelid
  WHERE t.relnamespace = CAST(:schema AS regnamespace))
"""


def _claiming() -> Row:
    took = [fleet.timed(lambda number=number: _claim(number)) for number in range(CLAIMS)]
    return Row("a claim of a warm slot", round(median(took) * 1000, 1), "ms", 15)


def _claim(number: int) -> None:
    with control_work():
        claim(tenant_id=new_id(), slug=f"claimed-{number}", name="Somebody")


def _pages(readers: Sequence[Reader]) -> Iterator[Row]:
    """A page with tenancy, without it, and rotating over all organisations, in turns."""
    one = readers[0]
    tenant = tenant_of(one)
    alone, plain, rotating = [], [], []
    order = Random(4).sample(list(readers), len(readers))
    for each in order:
        each.wait(PAGE)
    gc.collect()
    for number in range(ROUNDS):
        alone += _waits(lambda: one.wait(PAGE), REQUESTS)
        with without_tenancy(tenant):
            plain += _waits(lambda: one.wait(PAGE), REQUESTS)
        some = order[number::ROUNDS][:200]
        rotating += [each.wait(PAGE) for each in some]
    yield Row("the page without tenancy", round(median(plain), 1), "ms", ANY, COMPARED)
    yield Row("the page ÷ the same without tenancy", _ratio(alone, plain), "times", 1.1)
    yield Row(f"the page, rotating over {len(readers)} organisations ÷ without", _ratio(rotating, plain), "times", 1.15)


def _waits(wait: Callable[[], float], times: int) -> list[float]:
    wait()  # Whoever comes back after the others finds other caches.
    return [wait() for _ in range(times)]


def _memory(app: Flask, readers: Sequence[Reader]) -> Iterator[Row]:
    """What the largest backend keeps for itself, while one organisation after another is served."""
    for engine in db.engines.values():
        engine.dispose()
    first = _most_memory(app, readers, 500)
    second = _most_memory(app, readers[500:] or readers, 500)
    yield Row("a backend's memory after 500 organisations", round(first, 1), "MB", 80)
    yield Row("the same after 500 more ÷ before", round(second / first, 2), "times", 1.1)


def _most_memory(app: Flask, readers: Sequence[Reader], count: int) -> float:
    most, engine = 0.0, create_engine(app.extensions["bench_superuser"])
    with engine.connect() as connection:
        for number, reader in enumerate(readers[:count]):
            reader.wait(PAGE)
            if number % 10 == 9:
                pids = connection.scalars(text("SELECT pid FROM pg_stat_activity WHERE usename = 'app_rt'"))
                most = max(most, *(_own_megabytes(pid) for pid in pids))
    engine.dispose()
    return most


def _own_megabytes(pid: int) -> float:
    """Memory of a process alone: what it shares with others, buffers above all, is not its own."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    return int(told.partition("Anonymous:")[2].split()[0]) / 1024


def _migrations() -> Iterator[Row]:
    """One column more for everybody: a raw loop before, between and after the two runs."""
    with psycopg.connect(_ddl_url()) as connection:
        names = "SELECT schema_name FROM control.tenant UNION ALL SELECT schema_name FROM control.tenant_slot"
        schemas = [row[0] for row in connection.execute(names)]
    with fleet.copied_tree() as tree:
        raw = [fleet.alter_each(_ddl_url(), schemas, "raw_1")]
        took, once = {}, []
        for workers in (1, 2):
            tree.add_column(f"bench_{workers}")
            once.append(fleet.look_over())
            took[workers] = fleet.migrate(workers)
            raw.append(fleet.alter_each(_ddl_url(), schemas, f"raw_{workers + 1}"))
        nothing = fleet.migrate(1)
    loop = median(raw)
    yield Row(f"one ALTER for each of {len(schemas)} in a raw loop", round(loop, 2), "s", ANY, COMPARED)
    yield Row("before a migration, once: its step held to the rules", round(max(once), 2), "s", 1)
    yield Row("an additive migration by one worker ÷ the raw loop", round(took[1] / loop, 2), "times", 1.5)
    yield Row("the same by two workers ÷ the raw loop", round(took[2] / loop, 2), "times", 1.0)
    yield Row("a migration that finds everybody at head", round(nothing, 2), "s", 1 if len(schemas) < 1000 else 4)


def _neighbours(app: Flask, readers: Sequence[Reader], now: datetime) -> Row:
    """The same page with nobody beside it, and with an import of fifty thousand people."""
    one, busy = readers[0], tenant_of(readers[1])
    imports = neighbours.upload(busy, now)
    beside = neighbours.wait_beside_an_import(app, busy, imports, one, PAGE)
    quiet = [one.wait(PAGE) for _ in range(max(200, min(len(beside), neighbours.MOST_WAITS)))]
    told = f"p99 of a page, {_p99(quiet):.0f} ms, while another takes in 50,000 people ÷ without"
    return Row(told, round(_p99(beside) / _p99(quiet), 2), "times", 2)


def _p99(waits: Sequence[float]) -> float:
    return quantiles(waits, n=100)[98]


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return round(median(ours) / median(theirs), 2)


def _ddl_url() -> str:
    return db.engines[DDL].url.render_as_string(hide_password=False).replace("+psycopg", "")


def tell(rows: Sequence[Row]) -> str:
    lines = ["| what | measured | target |", "| --- | ---: | ---: |"]
    for row in rows:
        target = "" if row.reason == COMPARED else f"≤ {row.target:g}"
        lines.append(f"| {row.name} | {row.value:g} {row.unit} | {target} |")
    over = [f"- {row.name}: {row.value:g} {row.unit}" for row in rows if not row.holds]
    return "\n".join([*lines, "", *(["Over the target in this run:", "", *over] if over else ["Every target holds."])])
