"""Child processes that end with the process that started them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from local.disk import FULL, is_full
from local.errors import LocalError

TAIL_BYTES = 4096


class Process(Protocol):
    """What a child needs of a running process; `subprocess.Popen` is one."""

    pid: int

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, or None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; raise TimeoutExpired after `timeout` seconds."""

    def send_signal(self, number: int, /) -> None:
        """Send a signal while it runs."""


class Child:
    """One started program: its log, whether it lives, how it is asked to end."""

    def __init__(self, name: str, command: Sequence[str], log: Path, *, stop_signal: int = signal.SIGTERM) -> None:
        self.name = name
        self.log = log
        self._command = list(command)
        self._stop_signal = stop_signal
        self._process: Process | None = None

    def start(
        self,
        *,
        prefix: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
    ) -> None:
        """Start the program in a session of its own, its output appended to the log.

        `prefix` are further words for setpriv (another user); the program gets its stop signal from
        the kernel as soon as the process that started it is gone, however that went.
        """
        dying = signal.Signals(self._stop_signal).name.removeprefix("SIG")
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", dying, *prefix, *self._command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=directory,
                start_new_session=True,
            )

    @property
    def pid(self) -> int | None:
        """The process id, or None before the start."""
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs and before the start."""
        return self._process.poll() if self._process else None

    @property
    def alive(self) -> bool:
        """Whether the program runs."""
        return self._process is not None and self._process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the stop signal and return at once."""
        if self._process and self.alive:
            self._process.send_signal(self._stop_signal)

    def stop(self, grace: float = 10.0) -> None:
        """Ask it to end, wait `grace` seconds, then end its whole session by force."""
        self.ask_to_stop()
        if self._process is None:
            return
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return once `ready()` is true; raise LocalError when the program ends or is too slow."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.alive:
                raise LocalError(self.describe_end())
            if ready():
                return
            time.sleep(0.05)
        raise LocalError(f"{self.name} was not ready after {seconds:.0f} seconds; its log is {self.log}.")

    def finish(self, seconds: float) -> None:
        """Wait for a program that does one thing; raise LocalError when it fails or is too slow."""
        if self._process is None:
            return
        try:
            failed = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()
            raise LocalError(f"{self.name} took more than {seconds:.0f} seconds; its log is {self.log}.") from None
        if failed:
            raise LocalError(self.describe_end())

    def describe_end(self) -> str:
        """Return one sentence on how the program ended and where its log is."""
        # A full disk fells one program by way of another, whose log need not name it.
        if FULL in read_tail(self.log) or is_full(self.log.parent):
            return f"{self.name} ended: the disk is full. Make room and start again; its log is {self.log}."
        code = self.exit_code
        how = f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with exit code {code}"
        return f"{self.name} {how}; its log is {self.log}."


def read_tail(log: Path) -> str:
    """Return the last 4 KiB of a log, or an empty text when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL_BYTES))
            return file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
