from datetime import datetime

from flask import url_for
from flask_babel import force_locale, format_datetime
from flask_babel import gettext as _

from app.links import seal
from app.mailer import send
from app.support.models import Staff, StaffInvitation

FALLBACK_LANGUAGE = "en"
_MOMENTS = {"fi": "d.M.y 'klo' H.mm zzz", "sv": "d MMMM y 'kl.' HH.mm zzz"}


def enrolment_link(invitation: StaffInvitation) -> str:
    """Return the address of the page on which the invitation is used."""
    token = seal("staff-invitation", invitation.id)
    return url_for("support.enrolment", token=token, _external=True)


def send_invitation(staff: Staff, invitation: StaffInvitation) -> None:
    """Mail the link with which a member of staff adds a passkey."""
    language = staff.language or FALLBACK_LANGUAGE
    with force_locale(language):
        subject = _("Your way in to Kamu’s staff pages")
    send(
        to=staff.email,
        subject=subject,
        template="staff_invitation",
        language=language,
        name=staff.name,
        link=enrolment_link(invitation),
    )


def tell_passkeys_changed(staff: Staff, *, change: str, when: datetime) -> None:
    """Mail that a passkey was added or removed (`change`), so that nobody else does it unseen."""
    language = staff.language or FALLBACK_LANGUAGE
    with force_locale(language):
        subject = _("A passkey was added") if change == "added" else _("A passkey was removed")
        moment = format_datetime(when, _MOMENTS.get(language, "d MMMM y, HH:mm zzz"))
    send(
        to=staff.email,
        subject=subject,
        template="staff_passkeys_changed",
        language=language,
        name=staff.name,
        change=change,
        when=moment,
        link=url_for("support.passkeys", _external=True),
    )
