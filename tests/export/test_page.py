"""The owner's page of exports."""

import hashlib
from datetime import timedelta

from sqlalchemy import update

from app.access.permissions import Permission
from app.access.roles import ROLES, Role
from app.export.models import OrganisationExport
from app.files.models import StoredFile
from tenants.unit_of_work import session, tenant_work
from tests.cast import Cast
from tests.export.conftest import Life, export_of, take

PAGE = "/set-up/export"


def test_the_page_says_what_is_in_it_and_what_is_not(cast: Cast, life: Life):
    page = cast.signed_in(life.organisation).get(PAGE).text
    for words in ("people.csv", "What is not in it", "Put it together"):
        assert words in page


def test_progress_survives_a_reload_and_ends_in_a_download(cast: Cast, life: Life):
    browser = cast.signed_in(life.organisation)
    browser.post(PAGE)
    for _ in range(2):
        assert "is being put together" in browser.get(PAGE).text
    assert 'hx-get="' in browser.get(PAGE, headers={"HX-Request": "true"}).text
    cast.run_jobs()
    assert browser.get(PAGE, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    ready = export_of(cast, life.organisation)
    assert f"{PAGE}/{ready.id}/file" in browser.get(PAGE).text
    assert hashlib.sha256(browser.get(f"{PAGE}/{ready.id}/file").data).hexdigest() == ready.sha256


def test_only_owners_ask_and_download(cast: Cast, life: Life):
    assert [role for role in Role if Permission.EXPORT_ORGANISATION in ROLES[role]] == [Role.OWNER]
    take(cast, life.organisation)
    account = cast.account(life.organisation.ref, "other@alpha.example", Role.PROGRAMME_LEAD)
    browser = cast.signed_in(life.organisation, account.id)
    assert browser.get(PAGE).status_code == 403
    assert browser.get(f"{PAGE}/{export_of(cast, life.organisation).id}/file").status_code == 403


def test_after_seven_days_it_is_gone_and_the_page_still_tells_who_asked(cast: Cast, life: Life):
    take(cast, life.organisation)
    with tenant_work(life.organisation.ref):
        session().execute(update(StoredFile).values(expires_at=StoredFile.created_at))
    browser = cast.signed_in(life.organisation)
    assert browser.get(f"{PAGE}/{export_of(cast, life.organisation).id}/file").status_code == 404
    browser.post(PAGE)
    cast.run_jobs()
    page = browser.get(PAGE).text
    assert "Deleted after seven days" in page
    assert "by Meri" in page


def test_one_that_stands_still_for_an_hour_can_be_asked_for_again(cast: Cast, life: Life):
    browser = cast.signed_in(life.organisation)
    browser.post(PAGE)
    with tenant_work(life.organisation.ref):
        an_hour = timedelta(minutes=61)
        session().execute(update(OrganisationExport).values(asked_at=OrganisationExport.asked_at - an_hour))
    assert "could not be put together" in browser.get(PAGE).text
    assert browser.post(PAGE).status_code == 303
    cast.run_jobs()
    assert "Your file is ready" in browser.get(PAGE).text
