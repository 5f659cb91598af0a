"""`bin/bench [NAME] [--deep] [--json FILE] [--docs]`: measure, print each value beside its limit.

It ends with 1 when one does not hold.

A bench is a module of this package with `TITLE`, `measure()`, which yields rows, and `tell(rows)`, which puts them into
Markdown. Name it in BENCHES.
"""

import argparse
import importlib
import json
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from bench.rows import Row

BENCHES = ("pages", "matching", "tenancy", "identity")
DOCS = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("bin/bench", description="Measure Kamu on servers of its own.")
    parser.add_argument("name", nargs="?", choices=BENCHES, help="what to measure; everything when left out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep every row there")
    parser.add_argument("--docs", action="store_true", help="write the result into docs/benchmarks.md")
    parser.add_argument("--deep", action="store_true", help="with the largest numbers, where there are any")
    asked = parser.parse_args(words)
    os.environ |= {"KAMU_DEEP": "1"} if asked.deep else {}
    rows: list[Row] = []
    for name in [asked.name] if asked.name else BENCHES:
        bench = importlib.import_module(f"bench.{name}")
        found = run(bench)
        rows += found
        if asked.docs:
            DOCS.write_text(replace_section(DOCS.read_text(encoding="utf-8"), bench, found), encoding="utf-8")
    if asked.json:
        asked.json.write_text(
            json.dumps([row.as_json() for row in rows], indent=1, ensure_ascii=False), encoding="utf-8"
        )
    return conclude(rows)


def run(bench: ModuleType) -> list[Row]:
    began, rows = time.monotonic(), []
    for row in bench.measure():
        print(row, flush=True)
        rows.append(row)
    print(f"{bench.TITLE}: {len(rows)} values in {time.monotonic() - began:.0f} s", flush=True)
    return rows


def conclude(rows: Sequence[Row]) -> int:
    """Say which rows do not hold; return the exit code."""
    failed = [row for row in rows if not row.holds]
    for row in failed:
        print(f"does not hold: {row}", file=sys.stderr)
    print(f"{len(rows) - len(failed)} of {len(rows)} values hold.")
    return 1 if failed or not rows else 0


def replace_section(text: str, bench: ModuleType, rows: Sequence[Row]) -> str:
    """Put what a bench found in the place of its section, or at the end."""
    heading = f"## {bench.TITLE}\n"
    before, found, after = text.partition(heading)
    rest = after[after.index("\n## ") + 1 :] if "\n## " in after else ""
    body = (
        f"{heading}\nMeasured on {datetime.now(UTC):%Y-%m-%d} by `bin/bench {bench.__name__.rpartition('.')[2]}`.\n\n"
    )
    return (
        (before if found else text.rstrip() + "\n\n") + body + bench.tell(rows).rstrip() + "\n" + (rest and f"\n{rest}")
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
