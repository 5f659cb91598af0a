"""The three trees of migrations, and what a revision says about itself."""

import functools
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

TREES = Path(__file__).parents[2] / "migrations"


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
