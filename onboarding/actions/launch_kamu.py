"""Planning a launch, taking it back, launching, and inviting everybody once."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.access.actor import SYSTEM, Actor
from app.billing.actions.count_seats import begin_seats
from app.sign_in.actions import invite_person
from app.sign_in.models import INVITATION_LIVES
from app.sign_in.queries import list_invitations_of
from onboarding.actions.report_progress import report_progress
from onboarding.errors import AlreadyLaunched, DateHasPassed, LaunchRefused
from onboarding.models import Launch
from onboarding.policies import first_mail_at
from onboarding.queries.facts import read_facts
from onboarding.queries.launch import find_launch, get_launch_to_change, list_people_to_invite, list_people_to_renew
from tenants.context import Status
from tenants.errors import NotHere
from tenants.models import Tenant, TenantProgress
from tenants.outbox import later, later_in_tenant
from tenants.unit_of_work import session

INVITED_AT_A_TIME = 50


def write_greeting(*, greeting: str | None) -> Launch:
    """Keep the organisation's own words for the invitation. Raises AlreadyLaunched."""
    launch = _not_yet_launched()
    launch.greeting = greeting or None
    return launch


def plan_launch(*, on: date, now: datetime) -> Launch:
    """Set the day, or launch at once when the day is today.

    Raises AlreadyLaunched, DateHasPassed, LaunchRefused (naming the steps that are missing).
    """
    launch = _not_yet_launched()
    if on < now.date():
        raise DateHasPassed
    missing = read_facts().missing
    if missing:
        raise LaunchRefused(missing)
    launch.planned_for = on
    if on == now.date():
        _begin(launch, now)
    else:
        report_progress(now=now)
    return launch


def cancel_launch(*, now: datetime) -> None:
    """Take the day back; the greeting stays. Raises AlreadyLaunched."""
    _not_yet_launched().planned_for = None
    report_progress(now=now)


def launch_if_due(*, now: datetime) -> bool:
    """Launch when the planned morning has come and nothing is missing; returns whether it did."""
    launch = find_launch()
    if launch is None or launch.launched_at or launch.planned_for is None:
        return False
    if now < first_mail_at(launch.planned_for) or read_facts().missing:
        return False
    _begin(get_launch_to_change(), now)
    return True


def ask_due_organisations(*, now: datetime) -> None:
    """From the control plane: ask each open organisation whose planned morning has come to launch."""
    due = (
        select(Tenant.id)
        .join(TenantProgress, TenantProgress.tenant_id == Tenant.id)
        .where(Tenant.status == Status.OPEN.value)
        .where(TenantProgress.launch_on <= now, TenantProgress.launched_at.is_(None))
    )
    for tenant_id in session().scalars(due):
        later_in_tenant(tenant_id, "onboarding.launch_if_due")


def invite_newcomers() -> None:
    """Invite those who came to the directory after the launch. Raises LaunchRefused before it."""
    launch = find_launch()
    if launch is None or not launch.launched_at:
        raise LaunchRefused(("launch",))
    later("onboarding.invite_people")


def invite_people(*, by: Actor = SYSTEM, now: datetime) -> list[UUID]:
    """Invite the next handful of people whom nobody has invited, a mail job each, and come again.

    Twice the same changes nothing: whoever has an invitation is not in the list any more.
    """
    launch = find_launch()
    if launch is None or not launch.launched_at:
        return []
    people = list_people_to_invite(now.date(), at_most=INVITED_AT_A_TIME)
    for person_id in people:
        invitation = invite_person(person_id=person_id, by=by, now=now)
        later("onboarding.send_invitation", invitation_id=str(invitation.id))
    if len(people) == INVITED_AT_A_TIME:
        later("onboarding.invite_people")
    return people


def renew_invitations(*, now: datetime) -> list[UUID]:
    """Invite the next handful again whose invitations are too old, a mail job each, and come again.

    Twice the same changes nothing: whoever has a live invitation is not in the list any more.
    """
    people = list_people_to_renew(now, at_most=INVITED_AT_A_TIME)
    for person_id in people:
        invitation = invite_person(person_id=person_id, by=SYSTEM, now=now)
        later("onboarding.send_invitation", invitation_id=str(invitation.id))
    if len(people) == INVITED_AT_A_TIME:
        later("onboarding.renew_invitations")
    return people


def ask_to_renew() -> None:
    """Have everybody invited again whose invitation is too old; whom that concerns is shown to nobody."""
    later("onboarding.renew_invitations")


def send_again(*, person_id: UUID, now: datetime) -> None:
    """Try the mail once more that came back. Raises NotHere when none did."""
    bounced = [each for each in list_invitations_of(person_id) if each.bounced_at and not each.sent_at]
    if not bounced:
        raise NotHere(person_id)
    bounced[0].bounced_at = None
    bounced[0].expires_at = now + INVITATION_LIVES
    later("onboarding.send_invitation", invitation_id=str(bounced[0].id))


def _not_yet_launched() -> Launch:
    launch = get_launch_to_change()
    if launch.launched_at:
        raise AlreadyLaunched
    return launch


def _begin(launch: Launch, now: datetime) -> None:
    if launch.launched_at:
        return
    launch.launched_at = now
    later("onboarding.invite_people")
    begin_seats(now=now)
    report_progress(now=now)
