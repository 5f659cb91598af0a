"""Tells whoever listens that an organisation is erased, in control, so that they forget what they know of it there."""

from collections.abc import Callable
from uuid import UUID

on_organisation_erased: list[Callable[[UUID], None]] = []


def organisation_erased(tenant_id: UUID) -> None:
    """Call every listener, in the unit of work of the last step."""
    for listener in on_organisation_erased:
        listener(tenant_id)
