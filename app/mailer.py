"""One way out for mails: a template for HTML, one for text, sent by SMTP. Called from jobs only.

Mails hold no private text and never the other person's name.
"""

import hashlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

import css_inline
from flask import render_template
from flask_babel import force_locale

from app.settings import Settings, settings
from tenants.outbox import row_in_hand

SECONDS_TO_ANSWER = 15


def send(*, to: str, subject: str, template: str, language: str, **context: object) -> None:
    """Render ``emails/<template>.html`` and ``.txt`` in ``language`` and hand the mail over.

    ``subject`` is already in the reader's language. Raises ``OSError`` or ``smtplib.SMTPException`` when the server
    does not take it; the job is then tried again.
    """
    deliver(settings(), compose(to=to, subject=subject, template=template, language=language, **context))


def compose(*, to: str, subject: str, template: str, language: str, **context: object) -> EmailMessage:
    """Build the mail without sending it, as a preview does."""
    with force_locale(language):
        text = render_template(f"emails/{template}.txt", subject=subject, **context)
        html = render_template(f"emails/{template}.html", subject=subject, **context)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings().mail_from, to, subject
    mail["Message-ID"] = _message_id(to, subject)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    inlined = css_inline.CSSInliner(load_remote_stylesheets=False).inline(html)
    mail.add_alternative(inlined, subtype="html")
    return mail


def _message_id(to: str, subject: str) -> str:
    """Name the mail. Sent again after its process was cut off, it bears the same name, so that programs show one."""
    domain, row = parseaddr(settings().mail_from)[1].rpartition("@")[2], row_in_hand()
    if row is None:
        return make_msgid(domain=domain)
    named = "\n".join([str(row), to, subject])
    return f"<{hashlib.sha256(named.encode()).hexdigest()[:32]}@{domain}>"


def deliver(config: Settings, mail: EmailMessage) -> None:
    """Hand one mail to the server of ``SMTP_URL``: ``smtp://`` (STARTTLS when offered) or ``smtps://``."""
    address = urlsplit(config.smtp_url)
    tls = ssl.create_default_context()
    host, port = address.hostname or "localhost", address.port or (465 if address.scheme == "smtps" else 587)
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS_TO_ANSWER, context=tls)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS_TO_ANSWER)
    with server:
        if address.scheme != "smtps" and _offers_tls(server, config):
            server.starttls(context=tls)
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(mail)


def _offers_tls(server: smtplib.SMTP, config: Settings) -> bool:
    """In production a server without STARTTLS is refused by ``starttls`` itself: mails hold sign-in links."""
    server.ehlo()
    return server.has_extn("starttls") or not config.is_local
