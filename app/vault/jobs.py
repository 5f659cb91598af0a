"""What the vault does after a transaction. Each may run twice."""

from uuid import UUID

from app.vault import actions


def destroy_space(*, space: str) -> None:
    """Tenant: destroy the key of a space whose rows are gone."""
    actions.destroy_space(UUID(space))
