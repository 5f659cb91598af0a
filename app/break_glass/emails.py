from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from flask_babel import force_locale, format_datetime
from flask_babel import gettext as _

from app.access.models import Account
from app.mailer import send
from tenants.context import TenantRef

DEFAULT_LANGUAGE = "en"
_MOMENTS = {"fi": "d.M.y 'klo' H.mm zzz", "sv": "d MMMM y 'kl.' HH.mm zzz"}


def tell_changed(account: Account, tenant: TenantRef, *, change: str, when: datetime) -> None:
    """Mail somebody that their passkeys or codes changed, so that nobody else does it unseen.

    Raises OSError, smtplib.SMTPException.
    """
    language = account.language or DEFAULT_LANGUAGE
    with force_locale(language):
        subject = _subject(change)
    send(
        to=account.email,
        subject=subject,
        template="rescue_changed",
        language=language,
        name=account.name,
        organisation=tenant.name,
        change=change,
        when=_moment(when, language),
        link=url_for("break_glass.enrolment", organisation=tenant.slug, _external=True),
    )


def tell_owners(owners: Iterable[Account], tenant: TenantRef, *, rescued: Account, way: str, when: datetime) -> None:
    """Mail every owner that one of them came in by the rescue. Raises OSError, smtplib.SMTPException."""
    for owner in owners:
        language = owner.language or DEFAULT_LANGUAGE
        with force_locale(language):
            subject = _("The rescue was used at %(organisation)s", organisation=tenant.name)
        send(
            to=owner.email,
            subject=subject,
            template="rescue_used",
            language=language,
            name=owner.name,
            organisation=tenant.name,
            who=rescued.name,
            address=rescued.email,
            way=way,
            when=_moment(when, language),
            link=url_for("sign_in.connection", organisation=tenant.slug, _external=True),
        )


def _subject(change: str) -> str:
    if change == "codes":
        return _("New codes for the rescue were made")
    return _("A passkey was added") if change == "added" else _("A passkey was removed")


def _moment(when: datetime, language: str) -> str:
    with force_locale(language):
        return format_datetime(when, _MOMENTS.get(language, "d MMMM y, HH:mm zzz"))
