"""Reads of the sign-up chain, in the control plane."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, or_, select

from onboarding.models import ASKED, BUILT, CONFIRMED, SEATED, SignUp
from tenants.errors import NotHere
from tenants.models import Tenant
from tenants.unit_of_work import session


def find_sign_up(sign_up_id: UUID) -> SignUp | None:
    """Find a sign-up, or None when it never was or has been swept."""
    return session().get(SignUp, sign_up_id)


def get_sign_up(sign_up_id: UUID, *, locked: bool = False) -> SignUp:
    """Return a sign-up; `locked` holds it for this transaction, so that a step is taken by one at a time."""
    found = session().get(SignUp, sign_up_id, with_for_update=locked, populate_existing=locked)
    if found is None:
        raise NotHere("no such sign-up")
    return found


def is_address_free(slug: str) -> bool:
    """Tell whether no organisation holds `slug` and nobody has confirmed a wish for it."""
    held = select(
        or_(
            exists().where(Tenant.slug == slug),
            exists().where(SignUp.slug == slug, SignUp.state != ASKED),
        )
    )
    return not session().scalar(held)


def has_organisation(slug: str) -> bool:
    """Tell whether an organisation, in whatever state, holds the address name `slug`."""
    return bool(session().scalar(select(exists().where(Tenant.slug == slug))))


def count_mails_to(email: str, *, since: datetime) -> int:
    """How many confirmation mails an address was meant to get since then, over all its sign-ups."""
    asked = select(func.coalesce(func.sum(func.greatest(SignUp.mails, 1)), 0))
    return session().scalar(asked.where(SignUp.email == email, SignUp.asked_at >= since)) or 0


def list_stuck_sign_ups(*, now: datetime, after: timedelta, at_most: int = 100) -> list[SignUp]:
    """Confirmed sign-ups that have not moved for `after` and are not open, longest waiting first."""
    stuck = (
        select(SignUp)
        .where(SignUp.state.in_((CONFIRMED, BUILT, SEATED)), SignUp.moved_at <= now - after)
        .order_by(SignUp.moved_at)
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    return list(session().scalars(stuck))
