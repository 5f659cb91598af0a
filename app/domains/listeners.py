"""What is done about domains when an organisation ends."""

from app.closing.events import on_organisation_erased
from app.domains.actions import forget_domains


def subscribe() -> None:
    """Listen; once, however often it is called."""
    if forget_domains not in on_organisation_erased:
        on_organisation_erased.append(forget_domains)
