"""Ending a process, or stopping it for a while, at a named point of the product."""

import os
import re
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Engine, text

from app.queue import WorkerApp
from local.mail.mailbox import Mail
from tenants import faults
from tenants.database import db
from tenants.faults import Fault
from tenants.resolution import forget_tenants
from tests.cast import Cast

REACHED_NOTHING, FAILED = 0, 1
SECONDS = 60


@dataclass
class Stage:
    """Where a piece of work is played: an app with its servers, and somebody who sees everything afterwards."""

    app: Flask
    cast: Cast
    superuser: Engine
    fixture: Callable[[str], Any] = dict[str, Any]().__getitem__

    def rows(self, query: str, **values: object) -> list:
        with self.superuser.connect() as connection:
            return list(connection.execute(text(query), values))

    def count(self, what: str, **values: object) -> int:
        """Count rows of a table, or of anything that can stand after FROM."""
        return self.rows(f"SELECT count(*) FROM {what}", **values)[0][0]

    def message_id(self, mail: Mail) -> str:
        """The name that the mail's own programs know it by."""
        content = (self.cast.sink._mailbox.directory / f"{mail.id}.eml").read_text()
        return re.search(r"^Message-ID: *(\S+)", content, re.MULTILINE)[1]

    def outboxes(self) -> list[str]:
        """The control plane's outbox and every organisation's."""
        return ["control.outbox", *(f"{row[0]}.outbox" for row in self.rows("SELECT schema_name FROM control.tenant"))]

    def count_waiting(self) -> int:
        """Count the rows that are to be done soon, or that were given up."""
        soon = "due_at < now() + interval '10 minutes'"
        return sum(self.count(f"{outbox} WHERE {soon}") for outbox in self.outboxes())

    def make_due(self) -> None:
        """Let the pauses after a failure be over."""
        with self.superuser.begin() as connection:
            for outbox in self.outboxes():
                connection.execute(text(f"UPDATE {outbox} SET due_at = now() WHERE attempts > 0"))


def count_points(work: Callable[[], object]) -> list[Fault]:
    """Do ``work`` here and note the points it passes."""
    passed: list[Fault] = []
    faults.arm(passed.append)
    try:
        work()
    finally:
        faults.disarm()
    return passed


def die_at(stage: Stage, fault: Fault, work: Callable[[], object], *, time_round: int = 1) -> None:
    """Do ``work`` in a process of its own that is killed when it is at ``fault`` (for the n-th time).

    Returns when PostgreSQL has noticed: nothing of the process is left, and no lock of it.
    """
    die_in(stage, work, at(fault, time_round, end_this_process), f"{fault} was not reached")


def end_this_process() -> None:
    """End as when memory runs out: at once, without a last word."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_in(stage: Stage, work: Callable[[], object], hook: Callable[[Fault], None], otherwise: str) -> None:
    """Do ``work`` in a process of its own that is killed on the way."""
    before = _backends(stage)
    code = _end_of(_fork(stage, work, hook))
    assert code == -signal.SIGKILL, f"{otherwise}: the process ended with {code}"
    _wait_until(lambda: _backends(stage) <= before, "the end of the dead process's transactions")


def stand_at(
    stage: Stage, fault: Fault, work: Callable[[], object], meanwhile: Callable[[], object], *, time_round: int = 1
) -> int:
    """Do ``work`` in a process of its own that stands still at ``fault`` while ``meanwhile`` happens; its exit code."""
    (here, says), (listens, go) = os.pipe(), os.pipe()

    def stand() -> None:
        os.write(says, b".")
        os.read(listens, 1)

    pid = _fork(stage, work, at(fault, time_round, stand))
    os.close(says)
    assert os.read(here, 1), f"{fault} was not reached"
    meanwhile()
    os.write(go, b".")
    for each in (here, listens, go):
        os.close(each)
    return _end_of(pid)


def at(fault: Fault, time_round: int, act: Callable[[], object]) -> Callable[[Fault], None]:
    """Make a hook that acts when ``fault`` is reached for the n-th time, and not again."""
    left = time_round

    def hook(reached: Fault) -> None:
        nonlocal left
        if reached is fault:
            left -= 1
            if left == 0:
                act()

    return hook


def _fork(stage: Stage, work: Callable[[], object], hook: Callable[[Fault], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = FAILED
    try:
        # Two processes must not share a connection: the parent's are let go of, and not closed.
        for engine in db.engines.values():
            engine.dispose(close=False)
        WorkerApp.pid = os.getpid()
        stage.superuser.dispose(close=False)
        forget_tenants()
        faults.arm(hook)
        work()
        code = REACHED_NOTHING
    except BaseException:
        traceback.print_exc()
    finally:
        # Nothing of the parent may run here: its fixtures would end the servers.
        os._exit(code)


def _end_of(pid: int) -> int:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise AssertionError(f"the process did not end within {SECONDS} seconds")


def _backends(stage: Stage) -> set[int]:
    query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    return {row[0] for row in stage.rows(query)}


def _wait_until(look: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not look():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)
