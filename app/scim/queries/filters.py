"""Filters of SCIM as conditions in SQL; one that would have to read every row by hand is refused.

What is unassigned equals nothing but null, so each condition is true or false, never unknown.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import (
    AttributeBinding,
    AttrPath,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
    coerce_value,
)
from sqlalchemy import ColumnElement, and_, false, func, not_, or_

from app.scim.queries.columns import PARTS, Attribute, Key, Members, Text, UserName

Condition = ColumnElement[bool]
Compare = Callable[[ColumnElement[Any], Any], Condition]

_LISTS: Final = {"emails", "members"}
_ORDERED: Final[dict[str, Compare]] = {
    "eq": lambda column, value: column == value,
    "gt": lambda column, value: column > value,
    "ge": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "le": lambda column, value: column <= value,
}
_PARTLY: Final[dict[str, Compare]] = {
    "co": lambda column, value: column.contains(value, autoescape=True),
    "sw": lambda column, value: column.startswith(value, autoescape=True),
    "ew": lambda column, value: column.endswith(value, autoescape=True),
}


def condition_of(wanted: ScimFilter[Any], columns: dict[Key, Attribute]) -> Condition:
    """Return a filter, bound to one kind of resource, as a condition. Raises InvalidFilterException."""
    return _Conditions(columns, wanted).visit(wanted.ast)


class _Conditions(FilterVisitor[Condition]):
    """Walks a filter. Inside `emails[…]` and `members[…]` `within` is that attribute, and names are its parts."""

    def __init__(self, columns: dict[Key, Attribute], wanted: ScimFilter[Any], within: str = "") -> None:
        self.columns, self.wanted, self.within = columns, wanted, within

    def visit_not(self, node: Not) -> Condition:
        return not_(self.visit(node.expr))

    def visit_logical_expr(self, node: LogicalExpr) -> Condition:
        join = and_ if node.op == LogicalOperator.and_ else or_
        return join(*(self.visit(term) for term in node.terms))

    def visit_value_path(self, node: ValuePath) -> Condition:
        binding = self.wanted.resolve(node.attr_path, strict=False)
        if binding is None:
            return false()
        if binding.field_name not in _LISTS or self.within:
            raise _refused(node)
        inner = _Conditions(self.columns, self.wanted, within=binding.field_name).visit(node.val_filter)
        known = self.columns[binding.field_name, "value"]
        return known.any_of(inner) if isinstance(known, Members) else and_(_is_there(known), inner)

    def visit_present(self, node: Present) -> Condition:
        key = self._key(node.attr_path, node, comparing=False)
        if key is None:
            return false()
        there = [self.columns[part] for part in PARTS.get(key, (key,)) if part in self.columns]
        if not there:
            raise _refused(node)
        return or_(*(_is_there(each) for each in there))

    def visit_comparison(self, node: Comparison) -> Condition:
        key = self._key(node.attr_path, node, comparing=True)
        if key is None:
            return false()
        known = self.columns.get(key)
        if known is None:
            raise _refused(node)
        value = node.value if self.within else coerce_value(self._bound(node.attr_path), node.value, node.op)
        if isinstance(known, Members):
            same = _compared(Text(known.column, exact=True), node.op, value)
            return same if self.within else _any_member(known, node, value)
        return _compared(known, node.op, value)

    def _bound(self, path: AttrPath) -> AttributeBinding:
        binding = self.wanted.resolve_comparison(path)
        if binding is None:
            raise InvalidFilterException
        return binding

    def _key(self, path: AttrPath, node: FilterNode, *, comparing: bool) -> Key | None:
        """What the path names; None for what this kind of resource does not have."""
        if self.within:
            if path.sub_attr or path.attr.lower() not in {"value", "type", "primary"}:
                raise _refused(node)
            return self.within, path.attr.lower()
        resolve = self.wanted.resolve_comparison if comparing else self.wanted.resolve
        binding = resolve(path, strict=False)
        return (binding.field_name, binding.sub_field_name) if binding else None


def _is_there(known: Attribute) -> Condition:
    if isinstance(known, Members):
        return known.any_of(known.column.is_not(None))
    if isinstance(known, Text):
        return func.coalesce(known.column != "", false())
    return known.is_not(None)


def _any_member(known: Members, node: Comparison, value: Any) -> Condition:
    if node.op == "ne":
        return not_(known.any_of(known.column == str(value)))
    return known.any_of(_compared(Text(known.column, exact=True), node.op, value))


def _compared(known: Text | ColumnElement[Any], op: str, value: Any) -> Condition:
    column = known.column if isinstance(known, Text) else known
    if value is None:
        return {"eq": column.is_(None), "ne": column.is_not(None)}.get(op, false())
    if isinstance(known, Text):
        return _text_compared(known, op, str(value))
    if not isinstance(value, bool | datetime) or op in _PARTLY:
        raise InvalidFilterException
    if op == "ne":
        return column.is_distinct_from(value)
    return func.coalesce(_ORDERED[op](column, value), false())


def _text_compared(known: Text, op: str, value: str) -> Condition:
    column, value = known.comparable(), known.prepared(value)
    if op == "eq" and isinstance(known, UserName):
        return known.equals(value)
    if op == "ne":
        return column.is_distinct_from(value)
    if op == "eq" or op in _PARTLY:
        return func.coalesce({**_PARTLY, **_ORDERED}[op](column, value), false())
    return func.coalesce(_ORDERED[op](column.collate("C"), value), false())


def _refused(node: object) -> InvalidFilterException:
    return InvalidFilterException(detail=f"This filter is not supported: {type(node).__name__} on that attribute")
