"""The set-up step: suggestions to confirm, one decision, nobody's progress."""

import pytest

from app.access.roles import Role
from app.training.queries import has_plan, list_help_contacts
from tenants.unit_of_work import tenant_work
from tests.cast import Cast
from tests.factories.training import offer_training

FILLED = {"name_0": "Occupational health", "detail_0": "Call 3100", "name_3": "Crisis helpline", "detail_3": "09 1234"}


def test_the_step_suggests_where_help_is_and_keeps_nothing_until_somebody_confirms(cast: Cast):
    organisation = cast.organisation("alpha")
    page = cast.signed_in(organisation).get("/set-up/training").text
    assert 'value="Shop steward"' in page
    assert "Nothing is saved yet" in page
    with tenant_work(organisation.ref):
        assert list(list_help_contacts()) == []


def test_what_is_filled_in_is_kept_in_its_order_and_empty_rows_are_not(cast: Cast):
    organisation = cast.organisation("alpha")
    owner = cast.signed_in(organisation)
    assert owner.post("/set-up/training/help", FILLED).status_code == 303
    with tenant_work(organisation.ref):
        kept = [(row.name, row.detail) for row in list_help_contacts()]
    assert kept == [("Occupational health", "Call 3100"), ("Crisis helpline", "09 1234")]
    assert 'value="Call 3100"' in owner.get("/set-up/training").text


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"name_0": "Shop steward"}, "Say how to reach them"), ({"detail_0": "Call 3100"}, "Say who this is")],
)
def test_a_half_filled_row_is_asked_about(cast: Cast, sent: dict, said: str):
    organisation = cast.organisation("alpha")
    answer = cast.signed_in(organisation).post("/set-up/training/help", sent)
    assert answer.status_code == 422
    assert said in answer.text
    with tenant_work(organisation.ref):
        assert list(list_help_contacts()) == []


def test_the_training_is_not_offered_before_it_says_where_help_is(cast: Cast):
    organisation = cast.organisation("alpha")
    owner = cast.signed_in(organisation)
    assert "Say first where help is" in owner.follow(owner.post("/set-up/training/offer")).text
    with tenant_work(organisation.ref):
        assert not has_plan()


def test_offering_it_is_decided_once_and_again_changes_nothing(cast: Cast):
    organisation = cast.organisation("alpha")
    owner = cast.signed_in(organisation)
    owner.post("/set-up/training/help", FILLED)
    for _ in range(2):
        page = owner.follow(owner.post("/set-up/training/offer")).text
    assert "The training is offered." in page
    with tenant_work(organisation.ref):
        assert has_plan()


def test_a_second_decision_leaves_the_first_as_it_is(cast: Cast):
    organisation = cast.organisation("alpha")
    assert offer_training(organisation).id == offer_training(organisation).id


def test_the_step_says_how_little_time_it_takes(cast: Cast):
    page = cast.signed_in(cast.organisation("alpha")).get("/set-up/training").text
    assert "minutes for each person" in page


def test_the_module_is_read_whole_as_people_will_see_it(cast: Cast):
    organisation = cast.organisation("alpha")
    offer_training(organisation)
    page = cast.signed_in(organisation).get("/set-up/training/module").text
    for words in ("What a Kamu is", "Closing reflection", "Call 3100, on working days"):
        assert words in page


@pytest.mark.parametrize("role", [Role.IT_CONTACT, Role.BILLING_CONTACT, Role.EMPLOYEE_REPRESENTATIVE])
def test_other_contacts_do_not_arrange_training(cast: Cast, role: Role):
    organisation = cast.organisation("alpha")
    account = cast.account(organisation.ref, "oiva@alpha.example", role)
    assert cast.signed_in(organisation, account.id).get("/set-up/training").status_code == 403


def test_a_programme_lead_does(cast: Cast):
    organisation = cast.organisation("alpha")
    account = cast.account(organisation.ref, "oiva@alpha.example", Role.PROGRAMME_LEAD)
    assert cast.signed_in(organisation, account.id).get("/set-up/training").status_code == 200
