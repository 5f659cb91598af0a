"""Mails about a closing. They name the organisation and dates, and no person."""

from datetime import datetime
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused
from uuid import UUID

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app.closing.models import Farewell
from app.mailer import compose, deliver
from app.mailer import send as send_mail
from app.settings import settings
from app.support.models import Staff
from app.web.language import day_in_words
from tenants.context import TenantRef
from tenants.unit_of_work import current

DEFAULT_LANGUAGE = "en"
REFUSED_FOR_GOOD = 500


def send(farewell: Farewell, *, due_at: datetime | None, own_things: bool) -> bool:
    """Mail the notice, the reminder, or that it is called off; returns False when the address is refused for good.

    Raises OSError, smtplib.SMTPException.
    """
    tenant = _tenant()
    link = url_for("rights.me" if own_things else "sign_in.door", organisation=tenant.slug, _external=True)
    with force_locale(farewell.language):
        subject = _subject(farewell.kind, tenant.name, due_at)
    template = "closing_called_off" if farewell.kind == "called_off" else "closing_notice"
    values = {"organisation": tenant.name, "due_at": due_at, "own_things": own_things, "link": link}
    return _deliver(farewell, subject, template, again=farewell.kind == "reminder", **values)


def send_receipt(
    farewell: Farewell, *, tenant: TenantRef, keys_destroyed_at: datetime, deleted_by: datetime, reference: str
) -> bool:
    """Mail that it is done: what, when, by which reference; returns False when the address is refused for good.

    Raises OSError, smtplib.SMTPException.
    """
    with force_locale(farewell.language):
        subject = _("Kamu at %(organisation)s is closed for good", organisation=tenant.name)
    return _deliver(
        farewell,
        subject,
        "closing_receipt",
        organisation=tenant.name,
        address=settings().organisation_host(tenant.slug),
        keys_destroyed_at=keys_destroyed_at,
        deleted_by=deleted_by,
        reference=reference,
    )


def send_to_staff(staff: Staff, *, closing_id: UUID, organisation: str) -> None:
    """Mail one of Nitor's staff that a closing waits for two of them. Raises OSError, smtplib.SMTPException."""
    language = staff.language or DEFAULT_LANGUAGE
    with force_locale(language):
        subject = _("%(organisation)s wants to end Kamu", organisation=organisation)
    link = url_for("closings.case", closing_id=closing_id, _external=True)
    values = {"organisation": organisation, "link": link}
    send_mail(to=staff.email, subject=subject, template="closing_asked", language=language, **values)


def _subject(kind: str, organisation: str, due_at: datetime | None) -> str:
    if kind == "called_off":
        return _("Kamu at %(organisation)s goes on", organisation=organisation)
    day = day_in_words(due_at) if due_at else ""
    if kind == "reminder":
        return _("A week left: Kamu at %(organisation)s closes on %(day)s", organisation=organisation, day=day)
    return _("Kamu at %(organisation)s closes on %(day)s", organisation=organisation, day=day)


def _deliver(farewell: Farewell, subject: str, template: str, **values: object) -> bool:
    """Hand the mail over under a name made of its row, so that should it go out twice, mail servers know it again."""
    mail = compose(
        to=farewell.email, subject=subject, template=template, language=farewell.language, name=farewell.name, **values
    )
    domain = parseaddr(settings().mail_from)[1].rpartition("@")[2]
    mail.replace_header("Message-ID", f"<{farewell.id}@{domain}>")
    try:
        deliver(settings(), mail)
    except SMTPRecipientsRefused as refused:
        if any(code < REFUSED_FOR_GOOD for code, _ in refused.recipients.values()):
            raise
        return False
    return True


def _tenant() -> TenantRef:
    tenant = current().tenant
    if tenant is None:
        raise LookupError("these mails are an organisation's own")
    return tenant
