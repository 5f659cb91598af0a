"""Work of the way from sign-up to launch. Each may run twice; plane and organisation come from the envelope."""

from datetime import datetime
from smtplib import SMTPRecipientsRefused
from uuid import UUID

from app.clock import now
from app.people.policies import NO_ADDRESS
from app.people.queries import get_person
from app.sign_in.actions import mark_bounced, mark_sent
from app.sign_in.queries import get_invitation
from onboarding import emails
from onboarding.actions import launch_kamu, open_place, report_progress
from onboarding.queries.sign_ups import find_sign_up


def send_confirmation(*, sign_up_id: str, again: bool = False) -> None:
    """Control: mail the confirmation link, once unless asked for again; nothing when the wish is no longer open."""
    sign_up = find_sign_up(UUID(sign_up_id))
    if sign_up is None or not sign_up.awaits_confirmation(now()) or (sign_up.mails and not again):
        return
    emails.send_confirmation(sign_up)
    sign_up.mails += 1
    sign_up.mailed_at = now()


def build_organisation(*, sign_up_id: str) -> None:
    """Control: confirmed → built."""
    open_place.build_organisation(sign_up_id=UUID(sign_up_id), now=now())


def seat_owner(*, sign_up_id: str) -> None:
    """Tenant: the owner's account and the link to go in with."""
    open_place.seat_owner(sign_up_id=UUID(sign_up_id), now=now())


def note_seat(*, sign_up_id: str, login_link_id: str) -> None:
    """Control: built → seated."""
    open_place.note_seat(sign_up_id=UUID(sign_up_id), login_link_id=UUID(login_link_id), now=now())


def open_organisation(*, sign_up_id: str) -> None:
    """Control: seated → open."""
    open_place.open_organisation(sign_up_id=UUID(sign_up_id), now=now())


def launch_if_due() -> None:
    """Tenant: launch when the planned morning has come."""
    launch_kamu.launch_if_due(now=now())


def invite_people() -> None:
    """Tenant: invite the next handful, and come again."""
    launch_kamu.invite_people(now=now())


def renew_invitations() -> None:
    """Tenant: invite the next handful again whose invitations are too old, and come again."""
    launch_kamu.renew_invitations(now=now())


def send_invitation(*, invitation_id: str) -> None:
    """Tenant: mail one invitation, once. An address that the server refuses for good counts as come back."""
    invitation = get_invitation(UUID(invitation_id))
    if invitation.sent_at or invitation.bounced_at:
        return
    person = get_person(invitation.person_id)
    if person.email.endswith(NO_ADDRESS):
        mark_bounced(invitation_id=invitation.id, now=now())
        return
    try:
        emails.send_invitation(
            emails.invitation_words(),
            to=person.email,
            given_name=person.given_name,
            language=person.language,
            invitation_id=invitation.id,
        )
    except SMTPRecipientsRefused:
        mark_bounced(invitation_id=invitation.id, now=now())
        return
    mark_sent(invitation_id=invitation.id, now=now())


def record_progress(
    *,
    tenant_id: str,
    steps: dict[str, str],
    people_range: str | None,
    launch_on: str | None,
    launched_at: str | None,
    as_of: str,
) -> None:
    """Control: keep what an organisation reported, unless something newer is known."""
    report_progress.record_progress(
        tenant_id=UUID(tenant_id),
        steps=steps,
        people_range=people_range,
        launch_on=datetime.fromisoformat(launch_on) if launch_on else None,
        launched_at=datetime.fromisoformat(launched_at) if launched_at else None,
        as_of=datetime.fromisoformat(as_of),
    )
