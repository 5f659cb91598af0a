"""A run over the fleet while it goes on: workers, tries, the mirror, and when it is too much."""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import Connection, Engine, text

from tenants.faults import Fault, fault_point
from tenants.fleet import ledger
from tenants.fleet.ledger import Schema, batches, list_behind
from tenants.fleet.steps import LOCK_TIMEOUT, Outcome, Step, bring

ERROR_RATE = 0.05
# How many schemas the mirror may be behind by.
A_BATCH = 100

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Orders:
    """How a run goes about it: how many go first, how many at a time, and how patient it is with busy ones."""

    canaries: int = 1
    workers: int = 1
    tries: int = 5
    seconds_between: float = 1.0
    lock_timeout: str = LOCK_TIMEOUT


@dataclass(frozen=True, slots=True)
class Wave:
    """Schemas that are tried before it is decided whether to go on; among canaries one failure is too many."""

    schemas: tuple[Schema, ...]
    are_canaries: bool


class Run:
    """What came of each schema so far, and the workers' connections; as a context it ends in the ledger."""

    def __init__(self, engine: Engine, fleet: Sequence[Schema], head: str, orders: Orders, tell: Tell) -> None:
        self.done, self.found_done, self.failed, self.waiting = 0, 0, list[str](), list[str]()
        self._engine, self._head, self._orders, self._tell = engine, head, orders, tell
        behind = {schema.name for schema in list_behind(fleet, head)}
        self._total, self._settled = len(behind), {schema.name for schema in fleet} - behind
        self._tried: set[str] = set()
        self._own = threading.local()
        self._closing = ExitStack()
        self._workers = ThreadPoolExecutor(orders.workers)

    def __enter__(self) -> Self:
        with self._engine.begin() as connection:
            self._id = ledger.begin_run(connection, head=self._head, workers=self._orders.workers, total=self._total)
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.shutdown()
        self._closing.close()
        state = "stopped" if self.failed or self.left else "done"
        with self._engine.begin() as connection:
            ledger.note_run(connection, self._id, done=self.done, failed=len(self.failed), state=state)

    @property
    def left(self) -> int:
        """Count the schemas that have not been tried."""
        return max(0, self._total - len(self._tried))

    def look_again(self) -> list[Schema]:
        """Look into the schemas that are new, or have not been tried after all; returns those that are behind."""
        with self._engine.connect() as connection:
            names = set(ledger.list_names(connection)) - self._tried - self._settled
        others = ledger.list_fleet(self._engine, only=sorted(names)) if names else []
        there = [schema.name for schema in others if schema.revision == self._head]
        if there:
            with self._engine.begin() as connection:
                ledger.note_revision(connection, there, self._head)
                ledger.note_slots(connection, there, self._head)
        self.found_done += len(there)
        self._tried |= set(there)
        return list_behind(others, self._head)

    def go_over(self, waves: Sequence[Wave]) -> bool:
        """Try one wave after another; returns whether it came to the end without too many failures."""
        for wave in waves:
            failed = len(self.failed)
            self._go_over_one(wave)
            if self._is_too_much(wave, len(self.failed) - failed):
                return False
        return True

    def _is_too_much(self, wave: Wave, failed: int) -> bool:
        return failed > (0 if wave.are_canaries else ERROR_RATE * len(wave.schemas))

    def _go_over_one(self, wave: Wave) -> None:
        """Try each schema, the busy ones again after a while; stop early where it is too much already."""
        todo, failed = list(wave.schemas), len(self.failed)
        for again in range(self._orders.tries):
            busy: list[Step] = []
            for some in batches(todo, A_BATCH):
                busy += self._try(some)
                if self._is_too_much(wave, len(self.failed) - failed):
                    return
            if not busy:
                return
            todo = [step.schema for step in busy]
            if again < self._orders.tries - 1:
                time.sleep(self._orders.seconds_between * 2**again * random.uniform(0.5, 1.5))  # noqa: S311  a pause
        with self._engine.begin() as connection:
            self._note(connection, [replace(step, outcome=Outcome.FAILED) for step in busy])

    def _try(self, schemas: Sequence[Schema]) -> list[Step]:
        """Try each once; returns those that were busy.

        Blank ones are held meanwhile, so that nobody is handed one; one that was handed out before is left for later.
        """
        with self._engine.begin() as connection:
            # The run's last word waits for the disk, for all that came before it.
            connection.execute(text("SET LOCAL synchronous_commit = off"))
            held = ledger.hold_blank(connection, [schema.name for schema in schemas if schema.is_blank])
            to_try = [schema for schema in schemas if not schema.is_blank or schema.name in held]
            steps = self._share_out(to_try)
            self._note(connection, [step for step in steps if step.outcome is not Outcome.BUSY])
        return [step for step in steps if step.outcome is Outcome.BUSY]

    def _share_out(self, schemas: Sequence[Schema]) -> list[Step]:
        todo = deque(schemas)
        if self._orders.workers == 1:
            return self._work_off(todo)
        shares = [self._workers.submit(self._work_off, todo) for _ in range(self._orders.workers)]
        return [step for share in shares for step in share.result()]

    def _work_off(self, todo: deque[Schema]) -> list[Step]:
        """Try what nobody else has taken, until nothing is left."""
        steps: list[Step] = []
        while True:
            try:
                schema = todo.popleft()
            except IndexError:
                return steps
            steps.append(self._bring(schema))

    def _bring(self, schema: Schema) -> Step:
        connection = self._connection()
        step = bring(connection, schema, self._head, lock_timeout=self._orders.lock_timeout)
        if getattr(connection.connection.driver_connection, "closed", True):
            connection.invalidate()
            del self._own.connection
        return step

    def _connection(self) -> Connection:
        """Return this thread's own connection; each statement sent on it is a transaction."""
        if not hasattr(self._own, "connection"):
            self._own.connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._closing.callback(self._own.connection.close)
        return self._own.connection

    def _note(self, connection: Connection, steps: Sequence[Step]) -> None:
        """Count what came of some schemas, mirror it, and tell whoever waits."""
        fault_point(Fault.LEDGER_BEHIND)
        self._tried |= {step.schema.name for step in steps if step.outcome is not Outcome.MOVED}
        names = {outcome: [step.schema.name for step in steps if step.outcome is outcome] for outcome in Outcome}
        self.done += len(names[Outcome.DONE])
        self.failed += names[Outcome.FAILED]
        self.waiting += names[Outcome.WAITING]
        ledger.note_revision(connection, names[Outcome.DONE], self._head)
        blank = [step.schema.name for step in steps if step.schema.is_blank and step.outcome is Outcome.DONE]
        if blank:
            ledger.note_slots(connection, blank, self._head)
        for step in steps:
            if step.outcome is Outcome.WAITING:
                ledger.note_revision(connection, [step.schema.name], step.revision)
            if step.outcome is Outcome.FAILED:
                ledger.note_error(connection, step.schema.name, step.revision, step.error or "")
        ledger.note_run(connection, self._id, done=self.done, failed=len(self.failed))
        self._tell(len(self._tried), self._total)
