"""Migrations over all planes and organisations, and the head script that new organisations are built from.

Three Alembic trees: ``migrations/control``, ``migrations/tenant``, ``migrations/keys``. Control and keys are run by
Alembic itself. The tenant tree is rendered to SQL once and run per schema as one string in one transaction.
"""

from tenants.fleet.building import BuiltSchema, build_schema
from tenants.fleet.drift import describe, fingerprint
from tenants.fleet.planes import migrate_all, prepare, upgrade_tree
from tenants.fleet.priority import ask_for_priority, bring_to_head
from tenants.fleet.rendering import ROLE_MARK, grant_lines, render_tenant, run_in_schema
from tenants.fleet.trees import TREES, config_of, head_revision
from tenants.fleet.waves import Migrated, migrate_tenants

__all__ = [
    "ROLE_MARK",
    "TREES",
    "BuiltSchema",
    "Migrated",
    "ask_for_priority",
    "bring_to_head",
    "build_schema",
    "config_of",
    "describe",
    "fingerprint",
    "grant_lines",
    "head_revision",
    "migrate_all",
    "migrate_tenants",
    "prepare",
    "render_tenant",
    "run_in_schema",
    "upgrade_tree",
]
