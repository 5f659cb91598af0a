"""``bin/kamu tenants migrate, status, drift, backfill``: what concerns all organisations at once."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy import Engine

from tenants.backfills import begin, fill_once, find_backfill, find_function
from tenants.command import Answer, Refused, answers
from tenants.context import Status, TenantRef
from tenants.database import DDL, db
from tenants.errors import UnknownJob
from tenants.fleet import ledger
from tenants.fleet.drift import Drift, find_drift
from tenants.fleet.linting import RevisionUnfit
from tenants.fleet.runs import Orders, Tell
from tenants.fleet.trees import head_revision, list_between
from tenants.fleet.waves import Migrated, Plan, RunUnderWay, migrate_tenants, plan_run
from tenants.fleet.ways import find_way
from tenants.provisioning import may_build
from tenants.resolution import list_tenants
from tenants.unit_of_work import JOB_STATEMENT_TIMEOUT_MS, tenant_work

MOST_WORKERS = 8
MOST_LINES = 5


@click.command("migrate")
@click.option("--canary", type=click.IntRange(1), default=1, show_default=True, help="How many go first.")
@click.option(
    "--workers", type=click.IntRange(1, MOST_WORKERS), default=1, show_default=True, help="How many at a time."
)
@click.option("--dry-run", is_flag=True, help="Only tell what would be done, with its SQL.")
@answers()
def migrate(canary: int, workers: int, *, dry_run: bool) -> Answer:
    """Bring every organisation's schema to the newest revision.

    A few first, then more and more; it stops when one of the first fails, or more than 5 % of a later wave. Run again,
    it resumes. Control and keys are brought along by `bin/kamu migrate`.
    """
    engine, orders = _ddl_engine(), Orders(canaries=canary, workers=workers)
    if dry_run:
        return _tell_plan(plan_run(engine, orders))
    with _progress("Migrating") as tell:
        return answer_run(lambda: migrate_tenants(engine, orders, tell))


def answer_run(go: Callable[[], Migrated]) -> Answer:
    """Run over the organisations and tell how it ended; refused unless this application serves every schema now."""
    try:
        return _tell_run(go())
    except RevisionUnfit as unfit:
        raise _unfit(unfit.problems) from unfit
    except RunUnderWay as other:
        message = "Another run is under way. Wait for its end; `tenants status` tells how far it is."
        raise Refused("run_under_way", message) from other


def _tell_run(run: Migrated) -> Answer:
    data = asdict(run) | {"failed": len(run.failed), "waiting": len(run.waiting)}
    parts = {
        "schemas_failed": (len(run.failed), "failed or stayed busy: `tenants status` names the errors"),
        "backfills_pending": (len(run.waiting), "wait for a backfill to end"),
        "schemas_left": (run.left, "were not tried"),
        "schemas_ahead": (run.ahead, "belong to a newer application"),
    }
    wrong = {code: f"{count} {words}" for code, (count, words) in parts.items() if count}
    if wrong:
        message = f"At {run.head}: {run.done} migrated, {'; '.join(wrong.values())}. Run it again to go on."
        raise Refused(next(iter(wrong)), message, data)
    return Answer(data, f"At {run.head}: {run.done} migrated, {run.untouched} were there already.")


def _unfit(problems: list[str]) -> Refused:
    message = "\n".join(["A pending revision breaks a rule; nothing has been touched.", *problems])
    return Refused("revision_unfit", message, {"problems": problems})


def _tell_plan(plan: Plan) -> Answer:
    ways = [_describe_way(start, count, plan.head) for start, count in plan.starts.items()]
    waves = [len(wave.schemas) for wave in plan.waves]
    if plan.problems:
        raise _unfit(plan.problems)
    lines = [f"Head is {plan.head}: {plan.untouched} schemas are there already."]
    for way in ways:
        steps = ", ".join(f"{step['id']} ({step['says']})" for step in way["revisions"])
        lines += [f"{way['schemas']} from {way['start']} by {steps}:", way["sql"]]
    lines += [f"In waves of {', '.join(map(str, waves))}."] if waves else []
    return Answer({"head": plan.head, "untouched": plan.untouched, "ways": ways, "waves": waves}, "\n".join(lines))


def _describe_way(start: str, count: int, head: str) -> dict[str, Any]:
    legs = find_way(start, head)
    sql = "\n".join(line for leg in legs for line in (*(f"{index};" for index in leg.indexes), leg.script.strip()))
    steps = [asdict(revision) for revision in list_between(start, head)]
    return {"start": start, "schemas": count, "revisions": steps, "sql": sql}


@click.command("status")
@answers()
def status() -> Answer:
    """Tell at which revision the organisations are, what failed, and which backfills go on."""
    head, engine = head_revision("tenant"), _ddl_engine()
    fleet = ledger.list_fleet(engine)
    unfilled = Counter(name for _, name in ledger.list_unfilled(engine, fleet))
    with engine.connect() as connection:
        run = ledger.find_last_run(connection)
    failed = [
        {"organisation": one.slug, "schema": one.name, "error": one.error, "failed_at": one.failed_at}
        for one in fleet
        if one.error
    ]
    data = {
        "head": head,
        "schemas": len(fleet),
        "revisions": dict(sorted(Counter(one.revision for one in fleet).items())),
        "not_served": sorted(one.slug or "" for one in fleet if not (one.is_blank or one.serves(head))),
        "mirror_behind": sum(one.mirrored != one.revision for one in fleet),
        "failed": failed,
        "backfills": dict(unfilled),
        "last_run": asdict(run) if run else None,
    }
    return Answer(data, "\n".join(_status_lines(data)))


def _status_lines(data: dict[str, Any]) -> Iterator[str]:
    yield f"Head is {data['head']}. {data['schemas']} schemas:"
    for revision, count in data["revisions"].items():
        yield f"  {count:>6} at {revision}"
    if data["not_served"]:
        yield f"This application does not serve {', '.join(data['not_served'])}."
    if data["mirror_behind"]:
        yield f"The control plane is behind for {data['mirror_behind']}; the next run sets it right."
    for one in data["failed"]:
        yield f"  {one['organisation'] or one['schema']}: {one['error']}, {one['failed_at']:%Y-%m-%d %H:%M}"
    for name, count in data["backfills"].items():
        yield f"The backfill {name} goes on in {count}."
    run = data["last_run"]
    if run:
        yield f"The last run, {run['started_at']:%Y-%m-%d %H:%M}: {run['state']}, {run['done']} of {run['total']}."


@click.command("drift")
@answers()
def drift() -> Answer:
    """Compare every organisation's schema with what its revision makes; refused when one differs.

    Tables, columns, constraints, indexes, grants: of all that a program could notice.
    """
    head, engine = head_revision("tenant"), _ddl_engine()
    with _progress("Comparing") as tell:
        count, found = find_drift(engine, tell)
    behind = sum(one.revision != head for one in ledger.list_fleet(engine))
    data = {"compared": count, "behind": behind, "drifted": [_drift_row(one) for one in found]}
    if found:
        lines = [f"{len(found)} of {count} schemas differ.", *(line for one in found for line in _drift_lines(one))]
        raise Refused("drifted", "\n".join(lines), data)
    if behind:
        raise Refused("behind", f"{behind} of {count} schemas are not at {head}; none differs otherwise.", data)
    return Answer(data, f"{count} schemas are as {head} makes them.")


def _drift_row(one: Drift) -> dict[str, Any]:
    return {
        "organisation": one.schema.slug,
        "schema": one.schema.name,
        "revision": one.schema.revision,
        "extra": one.extra,
        "missing": one.missing,
    }


def _drift_lines(one: Drift) -> Iterator[str]:
    yield f"{one.schema.slug or one.schema.name}, at {one.schema.revision}:"
    yield from (f"  + {line}" for line in one.extra[:MOST_LINES])
    yield from (f"  - {line}" for line in one.missing[:MOST_LINES])
    more = len(one.extra[MOST_LINES:]) + len(one.missing[MOST_LINES:])
    if more:
        yield f"  and {more} more"


@click.command("backfill")
@click.argument("name")
@click.option("--now", is_flag=True, help="Do it here and wait, instead of leaving it to the workers.")
@answers()
def backfill(name: str, *, now: bool) -> Answer:
    """Have the backfill NAME (feature.function) done in every organisation; begun before, it goes on where it was."""
    try:
        find_function(name)
    except UnknownJob as unknown:
        raise Refused("unknown_backfill", f"No feature has a backfill {name}.") from unknown
    tenants, begun = [tenant for tenant in list_tenants(Status.OPEN) if tenant.is_served], 0
    with _progress("Filling") as tell:
        for number, tenant in enumerate(tenants, 1):
            with tenant_work(tenant):
                begun += begin(name, is_asked_for=not now)
            while now and not _fill_once(tenant, name):
                pass
            tell(number, len(tenants))
    done = sum(_is_done(tenant, name) for tenant in tenants)
    data = {"organisations": len(tenants), "begun": begun, "done": done}
    return Answer(data, f"Done in {done} of {len(tenants)} organisations; begun now in {begun}.")


def _fill_once(tenant: TenantRef, name: str) -> bool:
    with tenant_work(tenant, timeout_ms=JOB_STATEMENT_TIMEOUT_MS):
        return fill_once(name)


def _is_done(tenant: TenantRef, name: str) -> bool:
    with tenant_work(tenant):
        found = find_backfill(name)
        return found is not None and found.done_at is not None


def _ddl_engine() -> Engine:
    if not may_build():
        raise Refused("no_ddl_login", "DATABASE_DDL_URL is not set, and this needs it.")
    return db.engines[DDL]


@contextmanager
def _progress(label: str) -> Iterator[Tell]:
    """Show on stderr how far it is: a bar where somebody watches."""
    with ExitStack() as shown:
        bars: list[Any] = []

        def tell(done: int, total: int) -> None:
            if not bars:
                bar = click.progressbar(length=total, label=label, file=sys.stderr, show_pos=True)
                bars.append(shown.enter_context(bar))
            bars[0].update(done - bars[0].pos)

        yield tell
