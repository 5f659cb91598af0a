from flask import url_for
from flask_babel import force_locale, ngettext
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


def send_arrivals(account: Account, waiting: int, tenant: TenantRef) -> None:
    """Mail somebody who decides that others ask to come in; who they are stands on the page only.

    Raises OSError, smtplib.SMTPException.
    """
    language = account.language or DEFAULT_LANGUAGE
    with force_locale(language):
        subject = ngettext(
            "Somebody asks to come in to Kamu at %(organisation)s",
            "%(num)s people ask to come in to Kamu at %(organisation)s",
            waiting,
            organisation=tenant.name,
        )
    send(
        to=account.email,
        subject=subject,
        template="arrivals",
        language=language,
        organisation=tenant.name,
        link=url_for("sign_in.arrivals", organisation=tenant.slug, _external=True),
    )
