"""The chain from a confirmed wish to an open organisation: each step safe to take twice."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from app.access.actions import add_account
from app.access.queries import find_account_by_email
from app.access.roles import Role
from app.sign_in.actions import make_login_link
from onboarding.actions.report_progress import report_progress
from onboarding.models import ASKED, BUILT, CONFIRMED, LINK_LIVES, OPEN, SEATED, SignUp
from onboarding.queries.sign_ups import get_sign_up, has_organisation, list_stuck_sign_ups
from tenants.errors import NoSlotReady
from tenants.faults import Fault, fault_point
from tenants.models import new_id
from tenants.outbox import later, later_in_control, later_in_tenant
from tenants.provisioning import claim, open_tenant
from tenants.unit_of_work import reading_control, session

STUCK_AFTER = timedelta(minutes=2)
REFILL_TAKES = timedelta(seconds=2)


def build_organisation(*, sign_up_id: UUID, now: datetime) -> None:
    """Confirmed → built: give the wish a schema and a role of its own.

    When an operator gave the address name away meanwhile, the wish goes back to "asked", and its
    page asks for another name.
    """
    sign_up = get_sign_up(sign_up_id, locked=True)
    if sign_up.state != CONFIRMED:
        return
    if has_organisation(sign_up.slug):
        sign_up.move_to(ASKED, now)
        sign_up.expires_at = now + LINK_LIVES
        return
    try:
        tenant = claim(tenant_id=new_id(), slug=sign_up.slug, name=sign_up.organisation)
    except NoSlotReady:
        later("tenants.fill_pool")
        later("onboarding.build_organisation", delay=REFILL_TAKES, sign_up_id=str(sign_up.id))
        return
    sign_up.tenant_id = tenant.id
    sign_up.move_to(BUILT, now)
    later_in_tenant(tenant.id, "onboarding.seat_owner", sign_up_id=str(sign_up.id))
    fault_point(Fault.SIGN_UP_BUILT)


def seat_owner(*, sign_up_id: UUID, now: datetime) -> None:
    """Built → seated, the organisation's half: the owner's account and a one-use link to go in with."""
    with reading_control() as control:
        sign_up = control.get(SignUp, sign_up_id)
    if sign_up is None or sign_up.state != BUILT:
        return
    account = find_account_by_email(sign_up.email) or add_account(
        email=sign_up.email,
        name=name_from_email(sign_up.email),
        language=sign_up.language,
        roles=(Role.OWNER,),
        now=now,
    )
    report_progress(now=now)
    link = make_login_link(account_id=account.id, browser=None, now=now)
    later_in_control("onboarding.note_seat", sign_up_id=str(sign_up.id), login_link_id=str(link.id))
    fault_point(Fault.SIGN_UP_SEATED)


def note_seat(*, sign_up_id: UUID, login_link_id: UUID, now: datetime) -> None:
    """Built → seated, the control plane's half."""
    sign_up = get_sign_up(sign_up_id, locked=True)
    if sign_up.state != BUILT:
        return
    sign_up.login_link_id = login_link_id
    sign_up.move_to(SEATED, now)
    later("onboarding.open_organisation", sign_up_id=str(sign_up.id))


def open_organisation(*, sign_up_id: UUID, now: datetime) -> None:
    """Seated → open: from here on the organisation's host answers."""
    sign_up = get_sign_up(sign_up_id, locked=True)
    if sign_up.state != SEATED or sign_up.tenant_id is None:
        return
    open_tenant(tenant_id=sign_up.tenant_id, now=now)
    sign_up.move_to(OPEN, now)
    fault_point(Fault.SIGN_UP_OPENED)


def resume_sign_ups(*, now: datetime) -> int:
    """Ask again for the next step of each sign-up that stands still; returns how many there were."""
    stuck = list_stuck_sign_ups(now=now, after=STUCK_AFTER)
    for sign_up in stuck:
        _ask_for_next_step(sign_up)
        sign_up.moved_at = now
    return len(stuck)


def _ask_for_next_step(sign_up: SignUp) -> None:
    row = str(sign_up.id)
    if sign_up.state == CONFIRMED:
        later("onboarding.build_organisation", sign_up_id=row)
    elif sign_up.state == BUILT and sign_up.tenant_id:
        later_in_tenant(sign_up.tenant_id, "onboarding.seat_owner", sign_up_id=row)
    elif sign_up.state == SEATED:
        later("onboarding.open_organisation", sign_up_id=row)


def sweep_sign_ups(*, now: datetime) -> None:
    """Forget wishes that nobody confirmed within their 24 hours."""
    old = (SignUp.state == ASKED, SignUp.expires_at <= now, SignUp.asked_at <= now - LINK_LIVES)
    session().execute(delete(SignUp).where(*old))


def forget_sign_up(tenant_id: UUID) -> None:
    """Control: forget how an organisation that is erased came here, and by whose address."""
    session().execute(delete(SignUp).where(SignUp.tenant_id == tenant_id))


def name_from_email(email: str) -> str:
    """What to call somebody of whom only the address is known: the part before the @, as a name is written."""
    words = email.partition("@")[0].partition("+")[0].replace("_", ".").replace("-", ".").split(".")
    named = " ".join(word.capitalize() for word in words if word)
    return named or email
