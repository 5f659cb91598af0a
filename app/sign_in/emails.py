from flask import url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.access.models import Account
from app.links import seal
from app.mailer import send
from app.sign_in.models import Connection, LoginLink
from app.web.language import day_in_words
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


def send_secret_ending(account: Account, connection: Connection, days: int, tenant: TenantRef) -> None:
    """Mail an owner or IT contact that a client secret ends. Raises OSError, smtplib.SMTPException."""
    language = account.language or DEFAULT_LANGUAGE
    if connection.secret_ends_on is None:
        return
    with force_locale(language):
        subject = ngettext(
            "The secret of your sign-in ends in %(num)s day",
            "The secret of your sign-in ends in %(num)s days",
            days,
        )
        day, provider = day_in_words(connection.secret_ends_on), connection.name or _("your provider")
    send(
        to=account.email,
        subject=subject,
        template="secret_ending",
        language=language,
        organisation=tenant.name,
        provider=provider,
        day=day,
        link=url_for("sign_in.connection", organisation=tenant.slug, _external=True),
    )
