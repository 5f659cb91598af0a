"""`python -m local.mail.sink DIRECTORY SMTP_PORT PAGE_PORT` takes mails until it is told to stop."""

import signal
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from local.mail.mailbox import Mail, Mailbox
from local.mail.pages import make_handler
from local.ports import LOOPBACK, claim_port, find_free_port

LARGEST_MAIL = 30 * 1024 * 1024


class MailSink:
    """An SMTP server and a page in threads of this process."""

    def __init__(self, directory: Path, smtp_port: int | None = None, page_port: int | None = None) -> None:
        self.smtp_port = smtp_port or find_free_port()
        self.page_port = page_port or find_free_port()
        self._mailbox = Mailbox(directory)
        self._controller: Controller | None = None
        self._pages: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """The address for SMTP_URL."""
        return f"smtp://{LOOPBACK}:{self.smtp_port}"

    @property
    def page(self) -> str:
        """The address of the page that lists the mails."""
        return f"http://localhost:{self.page_port}/"

    def list_mails(self) -> list[Mail]:
        """Return all mails, the newest first."""
        return self._mailbox.list_mails()

    def start(self) -> None:
        """Listen on both ports; raise LocalError when one of them is taken."""
        claim_port(self.smtp_port, "the mail sink", "choose another with --smtp-port")
        claim_port(self.page_port, "the mail sink's page", "choose another with --mail-port")
        self._controller = Controller(_Receiver(self._mailbox), LOOPBACK, self.smtp_port, data_size_limit=LARGEST_MAIL)
        self._controller.start()
        self._pages = ThreadingHTTPServer((LOOPBACK, self.page_port), make_handler(self._mailbox))
        threading.Thread(target=self._pages.serve_forever, daemon=True, name="mail pages").start()

    def stop(self) -> None:
        """Close both ports; the mails stay in their directory."""
        if self._controller:
            self._controller.stop()
        if self._pages:
            self._pages.shutdown()
            self._pages.server_close()


class _Receiver:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        self._mailbox.put(envelope.rcpt_tos, content if isinstance(content, bytes) else content.encode())
        return "250 Kept"


def main() -> None:
    """Run the sink until SIGTERM or SIGINT."""
    directory, smtp_port, page_port = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    sink = MailSink(directory, smtp_port, page_port)
    sink.start()
    told_to_stop.wait()
    sink.stop()


if __name__ == "__main__":
    main()
