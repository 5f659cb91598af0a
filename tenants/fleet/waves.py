"""Every organisation's schema, from its own revision to head: a few first, then more and more of them.

Run again, it resumes: what is done is read from the schemas, never from the ledger.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, text

from tenants.fleet import ledger
from tenants.fleet.ledger import Schema, list_behind
from tenants.fleet.linting import RevisionUnfit, refuse_unfit
from tenants.fleet.runs import Orders, Run, Tell, Wave
from tenants.fleet.trees import head_revision, is_known

GROWTH = 4
_RUN_LOCK = 4212


class RunUnderWay(RuntimeError):
    """Another run over the organisations has not ended."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What one run over the fleet did: schemas brought to head, those at head already, those that failed.

    ``waiting`` wait for a backfill. ``left`` were not tried because the run stopped. ``ahead`` belong to a newer
    application, and this one does not work with them.
    """

    head: str
    done: int
    untouched: int
    failed: tuple[str, ...]
    waiting: tuple[str, ...] = ()
    left: int = 0
    ahead: int = 0

    @property
    def is_whole(self) -> bool:
        """Tell whether this application serves every schema now."""
        return not (self.failed or self.waiting or self.left or self.ahead)


def plan_waves(schemas: Sequence[Schema], canaries: int) -> list[Wave]:
    """Put schemas in the order of a run: a few blank ones, a few organisations, then growing waves of the rest."""
    blank = tuple(schema for schema in schemas if schema.is_blank)
    taken = tuple(schema for schema in schemas if not schema.is_blank)
    waves = [Wave(blank[:canaries], are_canaries=True), Wave(taken[:canaries], are_canaries=True)]
    rest, size = blank[canaries:] + taken[canaries:], canaries
    while rest:
        size *= GROWTH
        waves.append(Wave(rest[:size], are_canaries=False))
        rest = rest[size:]
    return [wave for wave in waves if wave.schemas]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do: over how many schemas from which revision, in which waves, and what forbids it."""

    head: str
    untouched: int
    starts: dict[str, int]
    waves: list[Wave]
    problems: list[str]


def plan_run(engine: Engine, orders: Orders) -> Plan:
    """Tell what ``migrate_tenants`` would do now; nothing is written."""
    head = head_revision("tenant")
    fleet = ledger.list_fleet(engine)
    behind = list_behind(fleet, head)
    starts = Counter(schema.revision for schema in behind)
    try:
        refuse_unfit(starts, head)
    except RevisionUnfit as unfit:
        problems = unfit.problems
    else:
        problems = []
    waves = plan_waves(behind, orders.canaries)
    return Plan(head, len(fleet) - len(behind), dict(sorted(starts.items())), waves, problems)


def migrate_tenants(engine: Engine, orders: Orders | None = None, tell: Tell | None = None) -> Migrated:
    """Bring every schema, claimed or waiting in the pool, from its own revision to head.

    Raises:
        RevisionUnfit: a pending revision breaks a rule; nothing has been touched.
        RunUnderWay: another run has not ended.

    """
    head, orders = head_revision("tenant"), orders or Orders()
    fleet = _look(engine, head)
    behind = list_behind(fleet, head)
    ahead = sum(not is_known(schema.revision) and not schema.serves(head) for schema in fleet)
    untouched = len(fleet) - len(behind)
    if not behind:
        return Migrated(head, 0, untouched, (), ahead=ahead)
    refuse_unfit({schema.revision for schema in behind}, head)
    with _only_run(engine), Run(engine, fleet, head, orders, tell or _tell_nobody) as run:
        if run.go_over(plan_waves(behind, orders.canaries)):
            # Whoever signed up meanwhile, was handed out while the run came by, or was not where the mirror had it.
            run.go_over([Wave(tuple(run.look_again()), are_canaries=False)])
    untouched += run.found_done
    return Migrated(head, run.done, untouched, tuple(run.failed), tuple(run.waiting), left=run.left, ahead=ahead)


def _tell_nobody(*_: int) -> None:
    """Nobody waits for news."""


def _look(engine: Engine, head: str) -> list[Schema]:
    """List the fleet, and set right what the mirror has wrong of those that it does not have behind ``head``."""
    fleet = ledger.list_fleet(engine, head=head)
    wrong: dict[str, list[str]] = {}
    for schema in fleet:
        if is_known(schema.revision) and not schema.is_mirrored:
            wrong.setdefault(schema.revision, []).append(schema.name)
    if wrong:
        with engine.begin() as connection:
            for revision, names in wrong.items():
                ledger.note_revision(connection, names, revision)
                ledger.note_slots(connection, names, revision)
    return fleet


@contextmanager
def _only_run(engine: Engine) -> Iterator[None]:
    """Hold the lock of runs until the end; it goes with its transaction, however the process ends."""
    with engine.connect() as connection, connection.begin():
        if not connection.scalar(text(f"SELECT pg_try_advisory_xact_lock({_RUN_LOCK})")):
            raise RunUnderWay
        yield
