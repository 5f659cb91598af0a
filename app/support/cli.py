"""``bin/kamu staff``: Nitor's people and their way in."""

import click
from email_validator import EmailNotValidError, validate_email

from app import clock
from app.support.actions import end_staff, invite_staff
from app.support.emails import enrolment_link
from app.support.errors import UnknownStaff
from app.support.models import Staff
from app.support.queries.staff import list_staff
from tenants.command import Answer, Refused, answers
from tenants.unit_of_work import control_work


@click.command("invite")
@click.argument("email")
@click.option("--name", help="What the person is called; the part before the @ when left out.")
@click.option("--language", type=click.Choice(["en", "fi", "sv"]), help="For pages and mails.")
@answers()
def invite(email: str, name: str | None, language: str | None) -> Answer:
    """Give a member of staff a link to add a passkey with: once, within 24 hours. It is mailed as well."""
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError as error:
        raise Refused("email_ill_formed", f"“{email}” is not an e-mail address.") from error
    with control_work():
        invitation = invite_staff(email=email, name=name, language=language, now=clock.now())
    link = enrolment_link(invitation)
    data = {"email": email.strip().lower(), "link": link, "expires_at": invitation.expires_at.isoformat()}
    return Answer(data, f"{link}\nWorks once, for 24 hours. Earlier links of {email} no longer work.")


@click.command("end")
@click.argument("email")
@answers(UnknownStaff)
def end(email: str) -> Answer:
    """Take somebody's way in away, at once. Their passkeys are deleted."""
    with control_work():
        staff = end_staff(email=email, now=clock.now())
    return Answer({"email": staff.email}, f"{staff.email} can no longer sign in.")


@click.command("list")
@answers()
def list_everybody() -> Answer:
    """List staff with their number of passkeys."""
    with control_work():
        rows = [_row(staff, passkeys) for staff, passkeys in list_staff()]
    lines = [f"{row['email']:<32} {row['passkeys']} passkeys  {row['name']}" for row in rows]
    return Answer({"staff": rows}, "\n".join(lines) or "Nobody is staff yet.")


def _row(staff: Staff, passkeys: int) -> dict[str, str | int | bool]:
    return {
        "email": staff.email,
        "name": staff.name,
        "passkeys": passkeys,
        "ended": staff.ended_at is not None,
    }
