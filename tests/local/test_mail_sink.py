"""The mail sink keeps every mail and shows it with links that can be followed."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from local.mail.sink import MailSink


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[MailSink]:
    sink = MailSink(tmp_path / "mails")
    sink.start()
    yield sink
    sink.stop()


def test_without_mails_the_page_says_so(sink: MailSink) -> None:
    assert "No mail yet" in requests.get(sink.page, timeout=5).text


def test_a_mail_is_listed_and_shown_in_both_forms(sink: MailSink) -> None:
    _send(sink, subject="Tervetuloa, Šárka", html="<p><a href='http://kamu.localhost:8000/x'>Open</a></p>")
    mail = sink.list_mails()[0]
    assert (mail.to, mail.subject) == (("sarka@saarnikoski.example",), "Tervetuloa, Šárka")
    assert "Tervetuloa, Šárka" in requests.get(sink.page, timeout=5).text
    page = requests.get(f"{sink.page}mails/{mail.id}", timeout=5).text
    assert '<a href="http://kamu.localhost:8000/start?a=1&amp;b=2">' in page
    assert 'sandbox="allow-top-navigation-by-user-activation allow-popups"' in page


def test_a_mail_cannot_run_a_script_on_the_page(sink: MailSink) -> None:
    _send(sink, subject="<script>alert(1)</script>", html='"><script>alert(2)</script>')
    mail = sink.list_mails()[0]
    answer = requests.get(f"{sink.page}mails/{mail.id}", timeout=5)
    assert "<script>" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_tests_read_the_same_list_as_json(sink: MailSink) -> None:
    _send(sink, subject="First")
    _send(sink, subject="Second")
    mails = requests.get(f"{sink.page}mails.json", timeout=5).json()
    assert [mail["subject"] for mail in mails] == ["Second", "First"]


@pytest.mark.parametrize("path", ["mails/1", "mails/../../etc/passwd", "elsewhere"])
def test_what_is_not_there_is_said_to_be_so(sink: MailSink, path: str) -> None:
    assert requests.get(sink.page + path, timeout=5).status_code == 404


def test_mails_outlive_the_sink(tmp_path: Path) -> None:
    first = MailSink(tmp_path)
    first.start()
    _send(first, subject="Kept")
    first.stop()
    assert [mail.subject for mail in MailSink(tmp_path).list_mails()] == ["Kept"]


def _send(sink: MailSink, *, subject: str, html: str = "") -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "kamu@kamu.example", "sarka@saarnikoski.example", subject
    mail.set_content("Begin here: http://kamu.localhost:8000/start?a=1&b=2.\n")
    if html:
        mail.add_alternative(html, subtype="html")
    address = urlsplit(sink.url)
    with smtplib.SMTP(address.hostname or "", address.port or 0, timeout=5) as server:
        server.send_message(mail)
