"""Writes the lists that a reviewer reads first, from the code itself; a test compares them with what is committed.

``python -m local.reference`` writes ``docs/routes.md``, ``docs/permissions.md`` and ``docs/schema.md``.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import MetaData
from werkzeug.routing import Rule

from app.access.guard import is_by_token, is_for_programs, is_public, needs_fresh, permissions_of_view
from app.access.permissions import Permission
from app.access.roles import ROLES
from app.web.areas import area_of_endpoint
from local.postgres import DatabaseUrls
from local.settings import settings_for
from tenants.models import ControlBase, KeysBase, TenantBase
from wsgi import create_app

DOCS = Path(__file__).resolve().parent.parent / "docs"
AREAS = (
    ("start", "Start host"),
    ("organisation", "An organisation's host"),
    ("staff", "Staff host"),
    ("", "Every host"),
)
PLANES: tuple[tuple[str, MetaData], ...] = (
    ("control", ControlBase.metadata),
    ("tenant (one schema per organisation)", TenantBase.metadata),
    ("keys", KeysBase.metadata),
)


def main() -> None:
    """Write the three lists."""
    with tempfile.TemporaryDirectory() as nowhere:
        url = f"postgresql+psycopg://nobody@127.0.0.1:1/{Path(nowhere).name}"
        app = create_app(settings_for(DatabaseUrls(url, url, url, url), redis_url="redis://127.0.0.1:1/0"))
    for name, text in lists(app).items():
        (DOCS / name).write_text(text, encoding="utf-8")


def lists(app: Flask) -> dict[str, str]:
    """Return file name → text of each list."""
    with app.app_context():
        return {
            "routes.md": "\n".join(_routes(app)) + "\n",
            "permissions.md": "\n".join(_permissions()) + "\n",
            "schema.md": "\n".join(_schema()) + "\n",
        }


def _routes(app: Flask) -> Iterator[str]:
    yield "# Routes\n\nEvery route, and who may use it. Written by `python -m local.reference`, checked by a test."
    yield "\nConfirmed: only with a sign-in of the last quarter hour, or one confirmed in it."
    for area, title in AREAS:
        yield f"\n## {title}\n\n| route | methods | open to |\n| --- | --- | --- |"
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
            if str(area_of_endpoint(rule.endpoint) or "") == area:
                methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
                yield f"| `{rule.rule}` | {methods} | {_open_to(app, rule)} |"


def _open_to(app: Flask, rule: Rule) -> str:
    view = app.view_functions[rule.endpoint]
    if is_public(view):
        return "programs that prove who they are" if is_for_programs(view) else "everybody"
    allowed = " or ".join(sorted(permission.name for permission in permissions_of_view(view)))
    if is_by_token(view):
        return f"{allowed}, by token"
    return f"{allowed}, confirmed" if needs_fresh(view, changes="GET" not in (rule.methods or ())) else allowed


def _permissions() -> Iterator[str]:
    yield "# Permissions\n\nWho may do what. Written by `python -m local.reference`, checked by a test."
    yield "\n| permission | " + " | ".join(role.value.replace("_", " ") for role in ROLES) + " |"
    yield "| --- " * (len(ROLES) + 1) + "|"
    for permission in Permission:
        cells = ("yes" if permission in allowed else "" for allowed in ROLES.values())
        yield f"| {permission.value} | " + " | ".join(cells) + " |"


def _schema() -> Iterator[str]:
    yield "# Schema\n\nEvery table and column by plane. Written by `python -m local.reference`, checked by a test."
    for title, metadata in PLANES:
        yield f"\n## {title}\n\n| table | columns |\n| --- | --- |"
        for table in sorted(metadata.tables.values(), key=lambda table: table.name):
            yield f"| {table.name} | " + ", ".join(column.name for column in table.columns) + " |"


if __name__ == "__main__":
    main()
