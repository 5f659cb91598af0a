"""The three trees of migrations, and what a tenant revision says about itself.

Besides ``upgrade`` a tenant revision may say:

- ``expands = True``: an application of the revision before works with it. While old and new processes run side by
  side, and when the release has to be taken back, both serve.
- ``concurrently = ["ix_…"]``: these indexes of its ``upgrade`` are built, or dropped, without holding up anybody's
  writing: each by itself, before the revision's own transaction.
- ``backfills = ["feature.function"]``: work over an organisation's rows that begins with the revision.
- ``requires = ["feature.function"]``: backfills that must have ended before it.
- ``accepts = {"rule-of-squawk": "why it is right here"}``.
"""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory

TREES = Path(__file__).parents[2] / "migrations"
BASE = "base"


@dataclass(frozen=True, slots=True)
class Revision:
    """One step of the tenant tree; ``before`` is the revision it follows, or ``BASE``."""

    id: str
    before: str
    says: str
    expands: bool
    concurrently: tuple[str, ...]
    backfills: tuple[str, ...]
    requires: tuple[str, ...]
    accepts: tuple[str, ...]


def config_of(tree: str, url: str | None = None) -> Config:
    """Return Alembic's settings for one tree; no ini file, nothing read from the working directory."""
    config = Config()
    config.set_main_option("script_location", str(TREES / tree))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    config.attributes["tree"] = tree
    return config


@functools.cache
def head_revision(tree: str) -> str:
    """Name the head of a tree; a tree has one, or this raises."""
    head = ScriptDirectory.from_config(config_of(tree)).get_current_head()
    if head is None:
        raise LookupError(f"the {tree} tree has no revision")
    return head


@functools.cache
def list_revisions() -> tuple[Revision, ...]:
    """List the tenant tree's revisions, oldest first."""
    steps = ScriptDirectory.from_config(config_of("tenant")).walk_revisions()
    return tuple(_read(step) for step in steps)[::-1]


def _read(step: Any) -> Revision:
    def said(name: str, otherwise: Any) -> Any:
        return getattr(step.module, name, otherwise)

    return Revision(
        id=step.revision,
        before=step.down_revision or BASE,
        says=step.doc,
        expands=bool(said("expands", False)),
        concurrently=tuple(said("concurrently", ())),
        backfills=tuple(said("backfills", ())),
        requires=tuple(said("requires", ())),
        accepts=tuple(said("accepts", ())),
    )


def is_known(revision: str) -> bool:
    """Tell whether ``revision`` is in this application's tenant tree; a newer application's is not."""
    return revision == BASE or any(one.id == revision for one in list_revisions())


def list_between(start: str, end: str) -> tuple[Revision, ...]:
    """List the revisions after ``start`` up to ``end``."""
    ids = [BASE, *(revision.id for revision in list_revisions())]
    return list_revisions()[ids.index(start) : ids.index(end)]


def list_served(revision: str) -> list[str]:
    """Name the older revisions at whose head an application works with a schema at ``revision``."""
    served: list[str] = []
    for one in reversed(list_between(BASE, revision)):
        if not one.expands or one.before == BASE:
            break
        served.append(one.before)
    return served
