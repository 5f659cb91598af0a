from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app.access.models import Account
from app.links import seal
from app.mailer import send
from app.sign_in.models import LoginLink
from tenants.context import TenantRef

DEFAULT_LANGUAGE = "en"


def send_login_link(account: Account, link: LoginLink, tenant: TenantRef) -> None:
    """Mail the link that signs somebody in. Raises OSError, smtplib.SMTPException."""
    language = account.language or DEFAULT_LANGUAGE
    with force_locale(language):
        subject = _("Your sign-in link for Kamu at %(organisation)s", organisation=tenant.name)
    send(
        to=account.email,
        subject=subject,
        template="login_link",
        language=language,
        organisation=tenant.name,
        link=url_for("sign_in.link", organisation=tenant.slug, token=seal("login-link", link.id), _external=True),
    )
