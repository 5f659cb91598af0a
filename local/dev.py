"""`bin/dev`: start everything, say where to click, end everything."""

import errno
import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import IO, NoReturn

from local import environment
from local.cast import describe_ways_in
from local.errors import LocalError
from local.options import Options, keep_port, read_options
from local.stack import Stack


def main() -> int:
    """Run until Ctrl-C or until one of the programs ends; return the exit code."""
    _let_signals_interrupt()
    try:
        options = read_options(sys.argv[1:])
        with _only_one(options):
            return _run(options)
    except LocalError as reason:
        print(f"\n{reason.message}", file=sys.stderr)
        return 1
    except OSError as failure:
        if failure.errno != errno.ENOSPC:
            raise
        print("\nThe disk is full: make room and start again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(options: Options) -> int:
    began = time.monotonic()
    if options.reset:
        _forget(options.directory)
    stack = Stack(options, lambda line: print(f"  {line}", flush=True))
    try:
        stack.start(environment.outside_servers(os.environ))
        keep_port(options)
        print(f"\nKamu runs ({time.monotonic() - began:.1f} s).\n\n{describe_ways_in(options)}", flush=True)
        stack.watch()
    except KeyboardInterrupt:
        print("\nEnding everything that was started.", flush=True)
    finally:
        _ignore_signals()
        stack.stop()
    return 0


def _only_one(options: Options) -> IO[str]:
    options.directory.mkdir(parents=True, exist_ok=True)
    lock = (options.directory / "lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        pid = lock.read()
        lock.close()
        raise LocalError(f"bin/dev already runs on this data (pid {pid}): end it before starting another.") from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _forget(directory: Path) -> None:
    for entry in directory.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != "lock":
            entry.unlink()


def _let_signals_interrupt() -> None:
    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
