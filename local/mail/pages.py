"""The sink's pages: the list of mails, one mail, and the same list as JSON for tests."""

import json
import re
from dataclasses import asdict
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from local.mail.mailbox import Mail, Mailbox

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:; frame-src 'self'"
STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
ol { list-style: none; padding: 0; }
li { border-top: 1px solid #8886; padding: .75rem 0; }
a { color: light-dark(#344372, #bed2f6); }
time, .to { color: light-dark(#3f4960, #b8c1d2); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; border: 1px solid #8886; padding: 1rem; }
iframe { width: 100%; height: 44rem; border: 1px solid #8886; background: #fff; }
"""
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


def make_handler(mailbox: Mailbox) -> type[BaseHTTPRequestHandler]:
    """Return a request handler that shows `mailbox`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/":
                self._answer(_page("Mails", _list(mailbox.list_mails())))
            elif self.path == "/mails.json":
                mails = [asdict(mail) for mail in mailbox.list_mails()]
                self._answer(json.dumps(mails, default=str), "application/json")
            else:
                self._show(mailbox.find_mail(self.path.removeprefix("/mails/")))

        def _show(self, mail: Mail | None) -> None:
            if mail:
                self._answer(_page(mail.subject, _mail(mail)))
            else:
                body = _page("Not here", '<p>There is no such mail. <a href="/">All mails</a></p>')
                self._answer(body, status=HTTPStatus.NOT_FOUND)

        def _answer(self, body: str, kind: str = "text/html", status: HTTPStatus = HTTPStatus.OK) -> None:
            content = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing: addresses of mails are no use in a log."""

    return Handler


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>'
        f"{escape(title)} · Kamu mail sink</title><style>{STYLE}</style>"
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def _list(mails: list[Mail]) -> str:
    if not mails:
        return "<p>No mail yet. Every mail that Kamu sends on this machine ends up here. Reload to see it.</p>"
    return f"<ol>{''.join(_line(mail) for mail in mails)}</ol>"


def _line(mail: Mail) -> str:
    return (
        f'<li><a href="/mails/{mail.id}">{escape(mail.subject)}</a><br>'
        f'<span class="to">to {escape(", ".join(mail.to))}</span> '
        f"<time>{mail.received_at:%Y-%m-%d %H:%M:%S} UTC</time></li>"
    )


def _mail(mail: Mail) -> str:
    head = (
        f'<p><a href="/">All mails</a></p><p class="to">From {escape(mail.sender)}<br>'
        f"To {escape(', '.join(mail.to))}<br>{mail.received_at:%Y-%m-%d %H:%M:%S} UTC</p>"
    )
    parts = [f"<h2>As text</h2><pre>{_with_links(mail.text)}</pre>"] if mail.text else []
    if mail.html:
        # The mail's own scripts never run; its links leave the frame.
        source = escape('<base target="_top">' + mail.html)
        sandbox = "allow-top-navigation-by-user-activation allow-popups"
        frame = f'<iframe title="The mail as HTML" sandbox="{sandbox}" srcdoc="{source}"></iframe>'
        parts.append(f"<h2>As HTML</h2>{frame}")
    return head + "".join(parts)


def _with_links(text: str) -> str:
    pieces, end = [], 0
    for match in LINK.finditer(text):
        address = escape(match.group())
        pieces += [escape(text[end : match.start()]), f'<a href="{address}">{address}</a>']
        end = match.end()
    return "".join([*pieces, escape(text[end:])])
