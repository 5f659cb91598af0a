"""The one mail after leaving: a link to one's own file, to the address that the person left for it."""

from smtplib import SMTPRecipientsRefused

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app.access.models import Account
from app.links import seal
from app.mailer import send
from app.sign_in.models import LoginLink
from tenants.context import TenantRef

DEFAULT_LANGUAGE = "en"


def send_own_file(account: Account, address: str, link: LoginLink, tenant: TenantRef) -> bool:
    """Mail the link; returns False when the address is refused for good. Raises OSError, smtplib.SMTPException."""
    language = account.language or DEFAULT_LANGUAGE
    token = seal("own-file", link.id)
    with force_locale(language):
        subject = _("Your own things from Kamu at %(organisation)s", organisation=tenant.name)
    try:
        send(
            to=address,
            subject=subject,
            template="own_file",
            language=language,
            organisation=tenant.name,
            ends_at=link.expires_at,
            link=url_for("rights.own_file", organisation=tenant.slug, token=token, _external=True),
        )
    except SMTPRecipientsRefused:
        return False
    return True
