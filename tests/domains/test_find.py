"""On the start host nobody learns which organisations there are, but from a mail to their own address."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from app import clock
from app.domains import actions
from app.domains.models import PlaceSearch
from tenants.unit_of_work import control_work


@pytest.fixture
def somewhere(cast):
    """Two organisations of one domain, one of them suspended later; a third of another."""
    organisations = {slug: cast.organisation(slug) for slug in ("alpha", "beta", "gamma")}
    for slug, name in {"alpha": "shared.example", "beta": "shared.example", "gamma": "gamma.example"}.items():
        with control_work():
            tenant_id = organisations[slug].ref.id
            actions.mirror_domains(tenant_id=tenant_id, verified={name: clock.now()})
    return organisations


def ask(browser, email):
    return browser.post("/find", {"email": email})


def test_the_mail_names_the_organisations_of_the_domain_and_no_other(cast, somewhere):
    browser = cast.browser()
    assert "Look at your mail" in browser.follow(ask(browser, "Aino@Shared.example")).text
    cast.run_jobs()
    (mail,) = cast.mails("aino@shared.example")
    assert "Alpha: https://alpha.kamu.localhost/sign-in" in mail.text.replace(":8000", "").replace("http:", "https:")
    assert "Beta" in mail.text
    assert "Gamma" not in mail.text


def test_an_unknown_domain_gets_the_same_answer_and_a_mail(cast, somewhere):
    browser = cast.browser()
    known, unknown = ask(browser, "aino@gamma.example"), ask(browser, "aino@nowhere.example")
    assert (known.status_code, known.location, known.data) == (unknown.status_code, unknown.location, unknown.data)
    cast.run_jobs()
    (mail,) = cast.mails("aino@nowhere.example")
    assert "We know of none for nowhere.example" in mail.text


def test_every_address_costs_the_same_statements(cast, somewhere):
    browser, seen = cast.browser(), []

    def note(_c, _cursor, statement, *_):
        seen.append(statement)

    browser.get("/find")
    costs = []
    event.listen(Engine, "before_cursor_execute", note)
    try:
        for email in ("aino@gamma.example", "aino@nowhere.example", "owner@alpha.example"):
            seen.clear()
            ask(browser, email)
            costs.append(list(seen))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert costs[0] == costs[1] == costs[2]
    assert not any("email_domain" in statement for statement in costs[0])


def test_nobody_fills_a_strangers_mailbox(cast, somewhere):
    browser = cast.browser()
    for _ in range(5):
        assert ask(browser, "aino@gamma.example").status_code == 303
    ask(browser, "eero@gamma.example")
    cast.run_jobs()
    assert len(cast.mails("aino@gamma.example")) == 3
    assert len(cast.mails("eero@gamma.example")) == 1
    with control_work():
        actions.forget_searches(now=clock.now() + timedelta(hours=23))
    with control_work() as control:
        assert control.query(PlaceSearch).count() == 6
        actions.forget_searches(now=clock.now() + timedelta(hours=25))
        assert control.query(PlaceSearch).count() == 0


def test_what_is_no_address_is_said_so(cast):
    browser = cast.browser()
    assert "we send you yours" in browser.get("/find").text
    answer = ask(browser, "nobody")
    assert (answer.status_code, "does not look like an e-mail address" in answer.text) == (422, True)


def test_an_organisation_that_ended_is_forgotten(somewhere):
    with control_work():
        actions.forget_domains(somewhere["alpha"].ref.id)
    with control_work():
        from app.domains.queries import list_organisations_of

        assert list_organisations_of("shared.example") == [("Beta", "beta")]
