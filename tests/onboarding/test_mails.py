"""The mails of this part: in whose language, with which link, and whom they never name."""

import re

import pytest

from tests.factories.launches import connected, launched, people, ready, today
from tests.factories.policies import time_decided


def test_each_person_reads_the_mail_in_their_own_language(cast, two):
    connected(two.a)
    time_decided(two.a)
    people(two.a, 1, language="fi")
    people(two.a, 1, language=None)
    launched(cast, two.a)
    assert sorted(re.search(r'<html lang="(..)"', mail.html)[1] for mail in cast.mails()) == ["en", "fi"]


def test_the_mail_carries_a_link_to_the_persons_own_invitation_on_the_organisations_host(cast, two):
    (email,) = ready(two.a, 1)
    launched(cast, two.a)
    (mail,) = cast.mails(email)
    paths = re.findall(r"http://alpha\.kamu\.localhost:8000(/invitations/\S+)", mail.text)
    assert len(paths) == 1
    assert cast.browser(two.a).get(paths[0]).status_code == 200


def test_the_mail_names_nobody_but_the_organisation_and_whoever_runs_kamu(cast, two):
    connected(two.a)
    time_decided(two.a)
    (email,) = people(two.a, 1, given_name="Rauha")
    people(two.a, 1, given_name="Otso", family_name="Kivela")
    launched(cast, two.a)
    (mail,) = cast.mails(email)
    assert "Hello Rauha" in mail.text
    assert "Alpha" in mail.subject
    assert "owner@alpha.example" in mail.text
    assert "Otso" not in mail.text + mail.html + mail.subject


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_mail_can_be_read_before_it_is_sent_in_each_language(cast, two, language):
    page = cast.signed_in(two.a).get(f"/set-up/launch?language={language}").text
    assert f'<pre class="plain-mail" lang="{language}">' in page
    assert "Ilta" in page


def test_own_words_are_text_and_never_markup(cast, two):
    (email,) = ready(two.a, 1)
    owner = cast.signed_in(two.a)
    owner.post("/set-up/launch/draft", {"on": today().isoformat(), "greeting": "<b>bold</b>"})
    assert "<b>bold</b>" not in owner.get("/set-up/launch").text.replace("&lt;b&gt;", "")
    owner.post("/set-up/launch/plan", {"on": today().isoformat()})
    cast.run_jobs()
    (mail,) = cast.mails(email)
    assert "&lt;b&gt;bold&lt;/b&gt;" in mail.html


def test_the_text_part_keeps_the_greeting_apart(cast, two):
    (email,) = ready(two.a, 1)
    owner = cast.signed_in(two.a)
    owner.post("/set-up/launch/draft", {"on": today().isoformat(), "greeting": "Warmly, Meri"})
    owner.post("/set-up/launch/plan", {"on": today().isoformat()})
    cast.run_jobs()
    (mail,) = cast.mails(email)
    assert "Hello Ilta,\n\nWarmly, Meri\n\nKamu is one" in mail.text.replace("\r\n", "\n")
