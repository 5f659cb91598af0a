"""A private address for one mail after the last day: nobody else reads it, the link works once, then all is gone."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.access.models import Account
from app.clock import now
from app.goals.actions import add_goal
from app.pairs.policies import local
from app.people.models import Person
from app.rights.schedule import see_leavers_off
from app.sign_in.models import LoginLink
from tenants.unit_of_work import session, tenant_work

ADDRESS = "ilta.home@elsewhere.example"


@pytest.fixture
def ilta(cast):
    """A member with a goal who has left a private address."""
    organisation = cast.organisation("alpha")
    browser, account = cast.employee(organisation)
    with tenant_work(organisation.ref):
        today = local(now()).date()
        add_goal(owner_id=account.person_id, line="Say no once a week", look_back_on=today, now=now())
    assert browser.post("/me/after-leaving", {"private_address": ADDRESS}).status_code == 303
    return organisation, browser, account


def _leave(cast, organisation, account, *, days_ago=1):
    with tenant_work(organisation.ref):
        session().get(Person, account.person_id).ends_on = local(now()).date() - timedelta(days=days_ago)
    see_leavers_off()
    cast.run_jobs()


def _link(cast):
    (mail,) = cast.mails(to=ADDRESS)
    return re.search(r"http\S+(/own-file/\S+)", mail.text)[1]


def test_only_the_person_reads_the_address(cast, ilta, superuser):
    organisation, browser, account = ilta
    assert ADDRESS in browser.get("/me/after-leaving").text
    owner = cast.signed_in(organisation)
    for path in ("/people", f"/people/{account.person_id}"):
        assert ADDRESS not in owner.get(path).text
    with superuser.connect() as connection:
        kept = connection.scalar(
            text(f"SELECT private_address FROM {organisation.ref.schema}.account WHERE person_id IS NOT NULL")
        )
    assert ADDRESS.encode() not in bytes(kept)
    browser.post("/me/after-leaving/removal")
    assert ADDRESS not in browser.get("/me/after-leaving").text
    _leave(cast, organisation, account)
    assert cast.mails() == []


def test_an_address_that_takes_no_mail_is_refused_beside_the_field(ilta):
    _, browser, _ = ilta
    answer = browser.post("/me/after-leaving", {"private_address": "home"})
    assert answer.status_code == 422
    assert "This is not an e-mail address." in answer.text


def test_after_the_last_day_one_mail_brings_ones_own_file_once_and_without_a_sign_in(cast, ilta):
    organisation, _, account = ilta
    _leave(cast, organisation, account, days_ago=0)
    assert cast.mails() == []
    _leave(cast, organisation, account)
    _leave(cast, organisation, account)
    path, stranger = _link(cast), cast.browser(organisation)
    assert "Take my things along" in stranger.get(path).text  # looking at it, as mail programs do, uses nothing up
    answer = stranger.post(path)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert json.loads(packed.read("kamu.json"))["goals"][0]["line"] == "Say no once a week"
    assert [each.status_code for each in (stranger.get(path), stranger.post(path))] == [410, 410]
    with tenant_work(organisation.ref):
        assert session().get(Account, account.id).private_address is None
    _leave(cast, organisation, account)
    assert len(cast.mails(to=ADDRESS)) == 1


def test_the_link_ends_after_thirty_days_opens_no_door_and_nothing_of_another_organisation(cast, ilta):
    organisation, _, account = ilta
    _leave(cast, organisation, account)
    path, stranger = _link(cast), cast.browser(organisation)
    assert cast.browser(cast.organisation("beta")).get(path).status_code == 404
    assert stranger.get(path.replace("/own-file/", "/sign-in/links/")).status_code != 200
    with tenant_work(organisation.ref):
        link = session().scalars(select(LoginLink)).one()
        link.created_at -= timedelta(days=31)
        link.expires_at -= timedelta(days=31)
    assert stranger.post(path).status_code == 410


def test_shredding_takes_the_address_away(cast, ilta):
    organisation, browser, account = ilta
    browser.post("/me/shred")
    _leave(cast, organisation, account)
    assert cast.mails(to=ADDRESS) == []
