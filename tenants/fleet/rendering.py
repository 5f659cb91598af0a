"""From the tenant tree to SQL: rendered once, run in any schema as one string."""

import functools
import io
import re

from alembic import command
from sqlalchemy import Connection, MetaData, text

from tenants.fleet.trees import config_of
from tenants.migration_environment import EVERYTHING, ROLE_MARK

__all__ = ["ROLE_MARK", "grant_lines", "render_tenant", "run_in_schema"]


@functools.cache
def render_tenant(start: str, end: str) -> str:
    """Render the way between two tenant revisions to SQL; ``base`` is an empty schema.

    Each table is granted to the role where it is made, as its revision says; ``ROLE_MARK`` stands for the role.
    """
    out = io.StringIO()
    config = config_of("tenant")
    config.output_buffer = out
    command.upgrade(config, f"{start}:{end}", sql=True)
    return re.sub(r"^--.*$", "", out.getvalue(), flags=re.MULTILINE)


def run_in_schema(connection: Connection, schema: str, script: str) -> None:
    """Run a rendered script as one string, with only ``schema`` on the path."""
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": f"{schema},ext"})
    connection.exec_driver_sql(script.replace("%", "%%"))


def grant_lines(metadata: MetaData, role: str, rights: str | None = None) -> list[str]:
    """List the grants of a role by table. Append-only tables say so in ``info['grants']``."""
    return [
        f"GRANT {rights or table.info.get('grants', EVERYTHING)} ON {table.name} TO {role}"
        for table in metadata.sorted_tables
    ]
