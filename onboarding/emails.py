"""The two mails of this part: the confirmation of a sign-up, and the invitation of a launch."""

from dataclasses import dataclass
from email.message import EmailMessage
from uuid import UUID

from flask import render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.access.queries import list_accounts_with
from app.access.roles import Role
from app.links import seal
from app.mailer import compose, deliver, send
from app.settings import settings
from onboarding.models import Launch, SignUp
from onboarding.queries.launch import find_launch
from tenants.errors import NotHere
from tenants.unit_of_work import current

DEFAULT_LANGUAGE = "en"


def send_confirmation(sign_up: SignUp) -> None:
    """Mail the confirmation link of a sign-up."""
    with force_locale(sign_up.language):
        subject = _("Confirm the place for %(organisation)s", organisation=sign_up.organisation)
    send(
        to=sign_up.email,
        subject=subject,
        template="confirmation",
        language=sign_up.language,
        organisation=sign_up.organisation,
        host=settings().organisation_host(sign_up.slug),
        link=url_for("sign_up.confirmation", token=seal("confirmation", sign_up.id), _external=True),
    )


@dataclass(frozen=True, slots=True)
class InvitationWords:
    """What every invitation of an organisation has in common. `contact_…` is whoever runs Kamu there."""

    organisation: str
    slug: str
    greeting: str | None
    contact_name: str
    contact_email: str


@dataclass(frozen=True, slots=True)
class Preview:
    """An invitation as it will be, sent to nobody."""

    language: str
    subject: str
    text: str
    html: Markup


def invitation_words(launch: Launch | None = None) -> InvitationWords:
    """Collect what the invitations of the current organisation say. Raises NotHere when nobody runs Kamu there."""
    tenant, launch = current().tenant, launch or find_launch()
    runners = list_accounts_with(Role.PROGRAMME_LEAD) or list_accounts_with(Role.OWNER)
    if tenant is None or not runners:
        raise NotHere("no organisation, or nobody runs Kamu in it")
    return InvitationWords(
        organisation=tenant.name,
        slug=tenant.slug,
        greeting=launch.greeting if launch else None,
        contact_name=runners[0].name,
        contact_email=runners[0].email,
    )


def send_invitation(
    words: InvitationWords, *, to: str, given_name: str, language: str | None, invitation_id: UUID
) -> None:
    """Mail one person's invitation. Raises OSError or smtplib.SMTPException when the server does not take it."""
    link = url_for(
        "sign_in.invitation", organisation=words.slug, token=seal("invitation", invitation_id), _external=True
    )
    language = language or DEFAULT_LANGUAGE
    deliver(settings(), _invitation(words, to=to, given_name=given_name, language=language, link=link))


def preview_invitation(words: InvitationWords, *, given_name: str, language: str) -> Preview:
    """Show an invitation before it is sent; its link leads nowhere."""
    link = f"{settings().scheme}://{settings().organisation_host(words.slug)}/invitations/…"
    mail = _invitation(words, to=words.contact_email, given_name=given_name, language=language, link=link)
    body = mail.get_body(("plain",))
    with force_locale(language):
        html = render_template("onboarding/invitation_preview.html", words=words, given_name=given_name)
    text = str(body.get_content()) if body else ""
    return Preview(language=language, subject=str(mail["Subject"]), text=text, html=Markup(html))  # noqa: S704


def _invitation(words: InvitationWords, *, to: str, given_name: str, language: str, link: str) -> EmailMessage:
    with force_locale(language):
        subject = _("An invitation to Kamu at %(organisation)s", organisation=words.organisation)
    return compose(
        to=to,
        subject=subject,
        template="invitation",
        language=language,
        words=words,
        given_name=given_name,
        link=link,
    )
