"""Mails kept as files, newest first."""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

KEPT = 500


@dataclass(frozen=True)
class Mail:
    """One mail as the sink received it. `to` are the addresses it was delivered to."""

    id: str
    to: tuple[str, ...]
    sender: str
    subject: str
    received_at: datetime
    text: str
    html: str


class Mailbox:
    """A directory of mails; the 500 newest are kept."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._lock = threading.Lock()

    def put(self, recipients: list[str], content: bytes) -> None:
        """Keep a mail that was delivered to `recipients`."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        envelope = "".join(f"X-Delivered-To: {address}\r\n" for address in recipients)
        with self._lock:
            file = self.directory / f"{time.time_ns():020d}.eml"
            file.write_bytes(envelope.encode() + content)
            for old in sorted(self.directory.glob("*.eml"))[:-KEPT]:
                old.unlink()

    def list_mails(self) -> list[Mail]:
        """Return all mails, the newest first."""
        return [_read(file) for file in sorted(self.directory.glob("*.eml"), reverse=True)]

    def find_mail(self, mail_id: str) -> Mail | None:
        """Return the mail with that id, or None."""
        file = self.directory / f"{mail_id}.eml"
        return _read(file) if mail_id.isdigit() and file.exists() else None


def _read(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    return Mail(
        id=file.stem,
        to=tuple(str(address) for address in message.get_all("X-Delivered-To", [])),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or "(no subject)"),
        received_at=datetime.fromtimestamp(int(file.stem) / 1e9, UTC),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body else ""
