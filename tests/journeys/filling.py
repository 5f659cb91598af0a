"""Fills every table of an organisation with rows in which every text is a canary."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError

from tenants.context import TenantRef
from tenants.models import TenantBase, new_id
from tenants.unit_of_work import tenant_work

ONE_OF = re.compile(r"(\w+) IN \('([^']*)'")
FREE = (String, LargeBinary, JSONB)
LISTS = {"columns", "mapping", "left_out", "topics", "languages", "ways", "sections_read"}
# What lies in spaces is sealed by whoever writes it: tests/journeys/test_private_text.py writes there.
IN_SPACES = {"pair", "meeting", "note", "goal", "follow_up", "training_record"}
NOW = datetime.now(UTC)


def fill_every_table(tenant: TenantRef, canary: str) -> list[str]:
    """Add a row to each table outside the spaces; every text, JSON and byte column that may hold anything holds the canary.

    Returns the columns that do.
    """
    models = {mapper.local_table: mapper.class_ for mapper in TenantBase.registry.mappers}
    made: dict[str, dict[str, Any]] = {}
    marked: list[str] = []
    with tenant_work(tenant) as opened:
        for table in TenantBase.metadata.sorted_tables:
            if table.name in IN_SPACES:
                continue
            values = {column.name: _value(table, column, canary, made) for column in table.columns}
            try:
                with opened.begin_nested():
                    opened.add(models[table](**values))
            except IntegrityError:
                continue  # a table that holds one row: the product has written it already
            marked += [f"{table.name}.{name}" for name, value in values.items() if canary in str(value)]
            made[table.name] = values
    return marked


def tables_with_free_text() -> set[str]:
    """Tables outside the spaces with a column that may hold any text."""
    return {
        table.name
        for table in TenantBase.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, FREE) and not column.foreign_keys and _one_of(table, column) is None
        if table.name not in IN_SPACES
    }


def _value(table: Table, column: Column, canary: str, made: dict[str, dict[str, Any]]) -> Any:
    for key in column.foreign_keys:
        return made.get(key.column.table.name, {}).get(key.column.name)
    chosen = _one_of(table, column)
    return chosen if chosen is not None else _free_value(table, column, canary)


def _one_of(table: Table, column: Column) -> str | None:
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            for name, first in ONE_OF.findall(str(constraint.sqltext)):
                if name == column.name:
                    return first
    return None


def _free_value(table: Table, column: Column, canary: str) -> Any:
    text = f"{canary}-{table.name}-{column.name}"
    kinds: dict[type, Any] = {
        String: text[: getattr(column.type, "length", None)],
        LargeBinary: text.encode(),
        JSONB: _json(column, text),
        Uuid: new_id(),
        DateTime: NOW + timedelta(days=1 if "expires" in column.name else 0),
        Date: date(2026, 1, 1),
        Boolean: True,
        # Numbers that stand once begin at 1 in the product's own rows, parts of a file at 0.
        BigInteger: 999 if column.unique and column.name != "slot" else int(column.name != "place"),
        Integer: 1,
    }
    return next(value for kind, value in kinds.items() if isinstance(column.type, kind))


def _json(column: Column, text: str) -> Any:
    return [text] if column.name in LISTS else {text: 1 if column.name == "counts" else text}
