"""What must hold of a tenant revision before it is run over anybody: squawk's rules, and those of Citus."""

import functools
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tenants.fleet import citus
from tenants.fleet.trees import BASE, Revision, list_between
from tenants.fleet.ways import SCHEMA_MARK, leg_of, split
from tenants.migration_environment import VERSION_TABLE

SQUAWK = Path(sys.executable).parent / "squawk"
# A leg is run once, as one string, which sets its own limits of time. To widen a varchar rewrites nothing, and a table
# of none but short columns has no second one for long values.
SETTLED = (
    "prefer-robust-stmts",
    "prefer-text-field",
    "require-lock-timeout",
    "require-statement-timeout",
    "require-timeout-settings",
)


class RevisionUnfit(ValueError):
    """A pending revision breaks a rule. Nothing has been touched."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def refuse_unfit(starts: Iterable[str], head: str) -> None:
    """Raise ``RevisionUnfit`` when a revision on the way from one of ``starts`` to ``head`` breaks a rule."""
    pending = {revision for start in starts for revision in list_between(start, head)}
    problems = [problem for revision in sorted(pending, key=lambda one: one.id) for problem in lint(revision)]
    if problems:
        raise RevisionUnfit(problems)


@functools.cache
def lint(revision: Revision) -> tuple[str, ...]:
    """List what is wrong with a revision as it would be run over a schema in use."""
    leg = leg_of(revision)
    statements = [one for one in split(leg.script) if not one.startswith(f"CREATE TABLE {VERSION_TABLE}")]
    apart = [one.replace(f"{SCHEMA_MARK}.", "") for one in leg.indexes]
    found = citus.list_broken(statements + apart)
    found += [f"CONCURRENTLY stands in a transaction: {one}" for one in statements if " CONCURRENTLY " in one]
    found += _ask_squawk(statements, revision.accepts)
    found += [problem for one in apart for problem in _ask_squawk([one], revision.accepts, is_apart=True)]
    if revision.expands and revision.before == BASE:
        found.append("nothing is before the first revision")
    return tuple(f"revision {revision.id}, {problem}" for problem in found)


def _ask_squawk(statements: list[str], accepted: Iterable[str], *, is_apart: bool = False) -> list[str]:
    words = [str(SQUAWK), "--reporter=json", "--stdin-filepath=revision.sql"]
    words += [f"--exclude={','.join((*SETTLED, *accepted))}"]
    words += [] if is_apart else ["--assume-in-transaction"]
    script = ";\n".join([*statements, ""])
    told = subprocess.run(words, input=script, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    if not told.stdout and told.returncode:
        raise RuntimeError(told.stderr.strip())
    return [f"{one['rule_name']}: {one['message']}" for one in json.loads(told.stdout or "[]")]
