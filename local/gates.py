"""`bin/test`: every gate of the project in order, each with its time; the tests come last."""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from local.environment import SERVERS
from local.options import ROOT

SOURCES = ("app", "tenants", "onboarding", "local", "wsgi.py")
TEMPLATES = ("app", "onboarding")
BIN = Path(sys.executable).parent
EVIDENCE = ROOT / "docs" / "evidence" / "bin-test-deep.txt"
PYTEST = (
    "pytest",
    "-n=2",
    "--dist=loadfile",  # the journeys and the killed servers set up once, not once a worker
    "--no-loadscope-reorder",  # tests/conftest.py puts the slowest files first
    "--durations=20",
    "--cov",
    "--cov-branch",
    "--cov-report=term:skip-covered",
)


@dataclass(frozen=True)
class Gate:
    """One command that must end with 0."""

    name: str
    command: tuple[str, ...]


GATES = (
    Gate("formatting", ("ruff", "format", "--check", "--quiet", ".")),
    Gate("rules of style", ("ruff", "check", "--quiet", ".")),
    Gate("types", ("mypy",)),
    Gate("direction of imports", ("lint-imports",)),
    Gate("templates", ("djlint", "--lint", "--quiet", *TEMPLATES)),
    Gate("spelling", ("codespell",)),
    Gate("dead code", ("vulture", *SOURCES, "--min-confidence", "80")),
    Gate("requirements", ("deptry", ".")),
    Gate("style sheets", ("node", "node_modules/stylelint/bin/stylelint.mjs", "app/static/css/*.css")),
)


def main() -> int:
    """Run all gates; return 0 only when every one held."""
    parser = argparse.ArgumentParser("bin/test", description="Run all gates of the project.")
    parser.add_argument("--deep", action="store_true", help="the full numbers, kept in docs/evidence/")
    deep = parser.parse_args().deep
    if not deep:
        return _run_all({}, sys.stdout)
    EVIDENCE.parent.mkdir(parents=True, exist_ok=True)
    with EVIDENCE.open("w", encoding="utf-8") as kept:
        return _run_all({"KAMU_DEEP": "1"}, sys.stdout, kept)


def _run_all(settings: dict[str, str], *outputs: TextIO) -> int:
    _install_node_modules()
    failed = [gate.name for gate in GATES if not _run(gate, settings, outputs)]
    _say(outputs, f"\n{len(GATES) - len(failed)} of {len(GATES)} gates hold; the tests follow.")
    if not _run(Gate("tests", PYTEST), settings, outputs):
        failed.append("tests")
    if failed:
        _say(outputs, f"\nDid not hold: {', '.join(failed)}.")
    return 1 if failed else 0


def _run(gate: Gate, settings: dict[str, str], outputs: Sequence[TextIO]) -> bool:
    _say(outputs, f"\n== {gate.name}: {' '.join(gate.command)}")
    began = time.monotonic()
    program, *words = gate.command
    with subprocess.Popen(
        [str(BIN / program), *words],
        cwd=ROOT,
        env=_environment() | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            _say(outputs, line.rstrip("\n"))
    holds = process.returncode == 0
    _say(outputs, f"-- {gate.name} {'hold' if holds else 'DO NOT HOLD'}, {time.monotonic() - began:.1f} s")
    return holds


def _install_node_modules() -> None:
    """Install what package-lock.json pins, when it changed since the last time."""
    stamp = ROOT / "node_modules" / ".lock-sha256"
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    print("Installing the npm packages (once, and when package-lock.json changes)", flush=True)
    command = [str(BIN / "npm"), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), check=False, timeout=600)
    if done.returncode:
        sys.exit("npm could not install the packages of package-lock.json.")
    stamp.write_text(wanted, encoding="utf-8")


def _environment() -> dict[str, str]:
    # A person's own servers are no place for tests.
    own = {k: v for k, v in os.environ.items() if k not in SERVERS and not k.startswith("KAMU_")}
    return own | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}", "PYTHONUNBUFFERED": "1"}


def _say(outputs: Sequence[TextIO], line: str) -> None:
    for output in outputs:
        print(line, file=output, flush=True)


if __name__ == "__main__":
    sys.exit(main())
