"""Somebody whom nobody invited asks to come in; whoever may let them in hears of it at most once a day."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from app.sign_in.models import Identity
from app.sign_in.policies import LONGEST_ADDRESS
from app.sign_in.queries import find_identity, is_telling_of_arrivals
from tenants.outbox import later
from tenants.unit_of_work import session

LONGEST_NAME = 120
# Whoever sets this up tries it a few times in a row: one mail then, not one for each.
# What a login claimed is not kept for longer, decided on or not.
KEPT = timedelta(days=90)
BEFORE_TELLING = timedelta(minutes=10)


def ask_to_come_in(*, connection_id: UUID, subject: str, claims: Mapping[str, object], now: datetime) -> None:
    """Note that they ask, with what their login claims now; asking again changes only that."""
    identity = find_identity(connection_id, subject)
    if identity is None:
        identity = Identity(connection_id=connection_id, subject=subject, asked_at=now, created_at=now)
        session().add(identity)
        session().flush()  # flush: the job names the row by its id
        later("sign_in.forget_arrival", delay=KEPT, identity_id=str(identity.id))
    identity.claimed_name = _line(claims.get("name"), LONGEST_NAME) or _line(
        claims.get("preferred_username"), LONGEST_NAME
    )
    identity.claimed_email = _line(claims.get("email"), LONGEST_ADDRESS)
    if not is_telling_of_arrivals():
        later("sign_in.tell_of_arrivals", delay=BEFORE_TELLING)


def name_claimed(claims: Mapping[str, object], address: str) -> dict[str, str]:
    """Given and family name as a login says them, or else what stands before the @."""
    given = _line(claims.get("given_name"), LONGEST_NAME)
    family = _line(claims.get("family_name"), LONGEST_NAME)
    whole = _line(claims.get("name"), LONGEST_NAME)
    if not given:
        given, _, family = (whole or address.partition("@")[0]).partition(" ")
    return {"given_name": given, "family_name": family or ""}


def _line(value: object, most: int) -> str | None:
    """A text of one line that a page may show, cut to its length."""
    if not isinstance(value, str):
        return None
    return "".join(each for each in value if each.isprintable()).strip()[:most] or None
