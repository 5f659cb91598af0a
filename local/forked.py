"""Processes forked from one that has imported Kamu: importing it in each would take longer than all the rest."""

import ctypes
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from local.processes import Child

PR_SET_PDEATHSIG = 1


class ForkedProcess:
    """What `Child` needs of a process, for one that was forked."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._exit_code: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        if self._exit_code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._exit_code = os.waitstatus_to_exitcode(status) if pid else None
        return self._exit_code

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; raise TimeoutExpired after `timeout` seconds."""
        deadline = time.monotonic() + (timeout or float("inf"))
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("forked", timeout or 0)
            time.sleep(0.02)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal while it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)


class ForkedChild(Child):
    """A child that runs a function of this program, with an environment and a log of its own."""

    def __init__(self, name: str, program: Callable[[], object], log: Path) -> None:
        super().__init__(name, [], log)
        self._program = program

    def fork(self, environment: Mapping[str, str]) -> None:
        """Start the function in a child process. Call it only while this process has one thread."""
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self._process = ForkedProcess(pid)
            return
        code = 1
        try:
            _settle(self.log, environment, parent)
            code = _run(self._program)
        finally:
            # Nothing of the parent may run here: its handlers would end the servers.
            os._exit(code)


def _settle(log: Path, environment: Mapping[str, str], parent: int) -> None:
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    silence = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((silence, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(environment)


def _run(program: Callable[[], object]) -> int:
    try:
        program()
    except SystemExit as end:
        return _exit_code(end)
    except BaseException:  # noqa: BLE001 - the last frame of a process: whatever it is, the log shall hold it
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _exit_code(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    print(end.code, file=sys.stderr)
    return 1
