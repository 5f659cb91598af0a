"""Mails about domains. They name no person."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app.access.models import Account
from app.domains.models import Domain, PlaceSearch
from app.domains.policies import domain_of
from app.mailer import send
from tenants.context import TenantRef

DEFAULT_LANGUAGE = "en"


def send_missing(account: Account, domain: Domain, tenant: TenantRef) -> None:
    """Mail that a domain's record is missing, or that the domain no longer counts.

    Raises OSError, smtplib.SMTPException.
    """
    language, lost = account.language or DEFAULT_LANGUAGE, domain.verified_at is None
    with force_locale(language):
        subject = _("%(domain)s no longer counts as yours", domain=domain.name) if lost else ""
        subject = subject or _("The record of %(domain)s is missing", domain=domain.name)
    send(
        to=account.email,
        subject=subject,
        template="domain_missing",
        language=language,
        lost=lost,
        organisation=tenant.name,
        link=url_for("domains.index", organisation=tenant.slug, _external=True),
    )


def send_places(search: PlaceSearch, places: Sequence[tuple[str, str]]) -> None:
    """Mail where Kamu is for the domain of an address, or that none is known.

    Raises OSError, smtplib.SMTPException.
    """
    with force_locale(search.language):
        subject = _("Where your organisation’s Kamu is")
    send(
        to=search.email,
        subject=subject,
        template="places",
        language=search.language,
        places=[(name, url_for("sign_in.door", organisation=slug, _external=True)) for name, slug in places],
        domain=domain_of(search.email),
        start=url_for("sign_up.start", _external=True),
    )
