"""An organisation that somebody waits for is brought to head before the others."""

import threading
import time

import structlog
from sqlalchemy import Engine, exists, select

from tenants.context import TenantRef
from tenants.fleet import ledger
from tenants.fleet.linting import refuse_unfit
from tenants.fleet.steps import Outcome, bring
from tenants.fleet.trees import head_revision, is_known
from tenants.models import ControlOutbox

JOB = "tenants.bring_to_head"
# Whoever waits asks again and again; once in this time is enough for one process.
SECONDS_BETWEEN = 10.0
_asked: dict[str, float] = {}
_lock = threading.Lock()
_log = structlog.get_logger("kamu.fleet")


class SchemaNotMigrated(RuntimeError):
    """A schema that was to be brought to head was busy, or a revision failed on it."""


def ask_for_priority(tenant: TenantRef) -> None:
    """Have an organisation's schema brought to head next, because somebody waits for a page of it.

    Outside any unit of work. Asked again while it waits, or after it failed for good, it asks for nothing more.
    """
    from tenants.outbox import later
    from tenants.unit_of_work import control_work

    if not _is_due(tenant.schema):
        return
    with control_work() as control:
        about = ControlOutbox.args["schema"].astext == tenant.schema
        if not control.scalar(select(exists().where(ControlOutbox.job == JOB, about))):
            later("tenants.bring_to_head", schema=tenant.schema)


def _is_due(schema: str) -> bool:
    now = time.monotonic()
    with _lock:
        if now - _asked.get(schema, -SECONDS_BETWEEN) < SECONDS_BETWEEN:
            return False
        _asked[schema] = now
        return True


def bring_to_head(engine: Engine, name: str) -> bool:
    """Bring one schema of the fleet to head, outside any run; returns whether it is there.

    Not where the last run stopped at this head: what was wrong there would go from one organisation to the next by
    being visited. Not where a newer application has been.

    Raises:
        RevisionUnfit: a pending revision breaks a rule.
        SchemaNotMigrated: it was busy or failed; try again.

    """
    head = head_revision("tenant")
    schema = next(iter(ledger.list_fleet(engine, only=[name])), None)
    with engine.connect() as connection:
        last = ledger.find_last_run(connection)
    if schema is None or not is_known(schema.revision):
        return False
    if last and last.head == head and last.state == "stopped":
        _log.error("priority_refused", schema=name, reason="the last run stopped")
        return False
    refuse_unfit({schema.revision}, head)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        step = bring(connection, schema, head)
    with engine.begin() as connection:
        ledger.note_revision(connection, [name], step.revision)
        ledger.note_slots(connection, [name], step.revision)
    if step.outcome in {Outcome.BUSY, Outcome.FAILED}:
        raise SchemaNotMigrated(step.error)
    return step.outcome is Outcome.DONE
