"""Building one blank schema with a role of its own."""

import base64
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection

from tenants.fleet.ledger import note_revision
from tenants.fleet.rendering import ROLE_MARK, render_tenant, run_in_schema
from tenants.fleet.trees import head_revision


@dataclass(frozen=True, slots=True)
class BuiltSchema:
    """A schema without a row in it, the role that may use it, and how far it is."""

    schema: str
    role: str
    revision: str


def build_schema(connection: Connection, revision: str | None = None) -> BuiltSchema:
    """Build one blank schema at ``revision``, or at head, with its role and grants.

    On the DDL login. Its names are new and opaque; the search path of the transaction is left on it.
    """
    word = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    built = BuiltSchema(f"t_{word}", f"r_{word}", revision or head_revision("tenant"))
    connection.exec_driver_sql(
        f"CREATE ROLE {built.role} NOLOGIN; GRANT {built.role} TO app_rt WITH INHERIT FALSE, SET TRUE; "
        f"CREATE SCHEMA {built.schema}; GRANT USAGE ON SCHEMA {built.schema} TO {built.role}"
    )
    script = render_tenant("base", built.revision).replace(ROLE_MARK, built.role)
    run_in_schema(connection, built.schema, script)
    note_revision(connection, [built.schema], built.revision)
    return built
