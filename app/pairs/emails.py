"""The one mail about pairs: something changed, open Kamu to see. It names nobody and is the same for both."""

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app.access.models import Account
from app.mailer import send
from app.people.models import Person
from app.people.policies import NO_ADDRESS
from tenants.context import TenantRef

DEFAULT_LANGUAGE = "en"


def send_change(person: Person, account: Account, tenant: TenantRef) -> None:
    """Mail to where the directory reaches somebody that something changed. Raises OSError, smtplib.SMTPException."""
    if person.email.endswith(NO_ADDRESS):
        return
    language = account.language or DEFAULT_LANGUAGE
    with force_locale(language):
        subject = _("Something has changed in Kamu")
    send(
        to=person.email,
        subject=subject,
        template="pair_changed",
        language=language,
        organisation=tenant.name,
        link=url_for("today.today", organisation=tenant.slug, _external=True),
    )
