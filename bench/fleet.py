"""Additive migrations over every organisation, beside one ALTER for each in a raw loop."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import psycopg

from tenants.database import DDL, db
from tenants.fleet import linting, migrate_tenants, rendering, trees, ways
from tenants.fleet.runs import Orders

REVISION = """\"\"\"A column more\"\"\"
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "{this}", "{before}", None, None
expands = True
def upgrade() -> None:
    op.add_column("person", sa.Column("{this}", sa.Text()))
"""


class Tree:
    """A copy of the tree, which the product takes for its own, and to which columns are added."""

    def __init__(self, place: Path) -> None:
        self._versions, self._head = place / "tenant" / "versions", trees.head_revision("tenant")

    def add_column(self, name: str) -> None:
        (self._versions / f"{name}.py").write_text(REVISION.format(this=name, before=self._head), encoding="utf-8")
        self._head = name
        _forget()


@contextmanager
def copied_tree() -> Iterator[Tree]:
    with tempfile.TemporaryDirectory(prefix="kamu-bench-tree-") as place:
        for name in ("control", "tenant", "keys"):
            shutil.copytree(trees.TREES / name, Path(place) / name)
        with patch.object(trees, "TREES", Path(place)):
            yield Tree(Path(place))
    _forget()


def _forget() -> None:
    for cached in (trees.head_revision, trees.list_revisions, rendering.render_tenant, ways.find_way, ways.leg_of):
        cached.cache_clear()
    linting.lint.cache_clear()


def look_over() -> float:
    """Seconds for what a run does once, however many there are: it holds its step to the rules, by squawk too."""
    start = trees.list_revisions()[-2].id
    return timed(lambda: linting.refuse_unfit({start}, trees.head_revision("tenant")))


def migrate(workers: int) -> float:
    """Seconds for all organisations; raises when one was left behind."""
    return timed(lambda: _whole(workers))


def _whole(workers: int) -> None:
    done = migrate_tenants(db.engines[DDL], Orders(workers=workers))
    if not done.is_whole:
        raise RuntimeError(f"the migration did not reach everybody: {done}")


def alter_each(url: str, schemas: list[str], column: str) -> float:
    """Seconds of a loop that does nothing but one ALTER for each, committed at once."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        return timed(
            lambda: [connection.execute(f"ALTER TABLE {each}.person ADD COLUMN {column} text") for each in schemas]
        )


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
