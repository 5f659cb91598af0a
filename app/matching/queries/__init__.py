"""Reads of rules, candidates and asks."""

from app.matching.queries.rules import has_rules

__all__ = ["has_rules"]
