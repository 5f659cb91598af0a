"""What a person chooses: kept, changed, and gone without a mark."""

import pytest
from sqlalchemy import select

from app.choices.actions import Choice, add_veto, clear_choices, remove_veto, save_choices
from app.choices.models import Participation, Veto
from app.choices.policies import Want
from app.choices.queries import find_participation, list_own_vetoes, list_vetoed_ids, search_colleagues
from tenants.errors import NotHere
from tenants.models import TenantBase, new_id
from tenants.unit_of_work import session, tenant_work
from tests.cast import NOON
from tests.factories.matching import Volunteers

EVERYTHING = {
    "want": "both",
    "topics": ["balance", "saying_no"],
    "languages": ["fi", "en"],
    "ways": ["walk"],
    "places": "2",
    "introduction": "I listen first.\r\nIf you want advice, ask me twice.",
    "lists_self": "y",
}


@pytest.fixture
def ilta(cast, two):
    """Her browser, and her id in the directory."""
    browser, account = cast.employee(two.a)
    browser.person_id = account.person_id
    return browser


def kept(two, ilta):
    with tenant_work(two.a.ref):
        return find_participation(ilta.person_id)


def test_everything_that_is_chosen_is_kept(two, ilta):
    assert ilta.post("/choices", EVERYTHING).status_code == 303
    row = kept(two, ilta)
    assert (row.wants_kamu, row.offers_kamu, row.places, row.lists_self) == (True, True, 2, True)
    assert (row.topics, row.languages, row.ways) == (["balance", "saying_no"], ["fi", "en"], ["walk"])
    assert row.introduction == "I listen first. If you want advice, ask me twice."


def test_a_mark_that_no_text_can_hold_is_dropped(two, ilta):
    assert ilta.post("/choices", EVERYTHING | {"introduction": "a\x00b\x00 "}).status_code == 303
    assert kept(two, ilta).introduction == "ab"
    assert ilta.post("/choices/rather-not/search", {"name": "ab\x00c"}).status_code == 200


def test_what_is_kept_stands_on_the_page(ilta):
    ilta.post("/choices", EVERYTHING)
    page = ilta.get("/choices").text
    assert "I listen first." in page
    assert page.count(" checked") == 1 + 2 + 2 + 1 + 1


def test_what_is_for_kamus_alone_is_not_kept_of_others(two, ilta):
    ilta.post("/choices", EVERYTHING | {"want": "kamu"})
    row = kept(two, ilta)
    assert (row.places, row.introduction, row.lists_self) == (0, "", False)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("want", "perhaps", "Not a valid choice"),
        ("topics", ["gossip"], "not a valid choice"),
        ("places", "6", "Not a valid choice"),
        ("introduction", "x" * 401, "at most 400 characters"),
    ],
)
def test_what_cannot_be_chosen_comes_back_with_the_rest_kept(two, ilta, field, value, sentence):
    answer = ilta.post("/choices", EVERYTHING | {field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert kept(two, ilta) is None


def test_the_places_begin_with_those_of_the_promise(ilta):
    page = ilta.get("/choices").text
    assert '<option selected value="3">3</option>' in page


def test_not_now_leaves_no_mark(two, ilta):
    before = everything(two.a)
    ilta.post("/choices", EVERYTHING)
    answer = ilta.follow(ilta.post("/choices", {"want": "not_now", "places": "0"}))
    assert "The door stays open" in answer.text
    assert everything(two.a) == before


@pytest.mark.parametrize(("want", "leads_to"), [("kamu", "/choices"), ("both", "/choices"), ("not_now", "/not-now")])
def test_the_welcome_keeps_the_one_answer_and_leads_on(two, ilta, want, leads_to):
    answer = ilta.post("/choices/want", {"want": want})
    assert answer.location.endswith(leads_to)
    row = kept(two, ilta)
    assert (row.wants_kamu if row else False) == (want != "not_now")


def test_another_answer_on_the_welcome_keeps_the_wishes(two, ilta):
    ilta.post("/choices", EVERYTHING | {"want": "be_one"})
    ilta.post("/choices/want", {"want": "both"})
    row = kept(two, ilta)
    assert (row.wants_kamu, row.offers_kamu, row.places, row.topics) == (True, True, 2, ["balance", "saying_no"])


def test_what_was_on_a_kaveris_mind_does_not_become_what_a_kamu_shows(two, ilta):
    ilta.post("/choices", EVERYTHING)
    ilta.post("/choices/want", {"want": "be_one"})
    row = kept(two, ilta)
    assert (row.places, row.languages, row.topics, row.ways) == (2, ["fi", "en"], [], [])


def test_the_page_says_of_a_kaveris_topics_what_is_true(ilta):
    saved = ilta.follow(ilta.post("/choices", EVERYTHING | {"want": "be_one"})).text
    assert "While you would like a Kamu, only you can read your topics and ways of meeting." in saved
    for untrue in ("Only you can see what you cho", "Only you can read your wishes"):
        assert untrue not in saved + ilta.get("/welcome").text


def test_no_answer_on_the_welcome_is_no_answer(two, ilta):
    assert "Choose one of the four" in ilta.follow(ilta.post("/choices/want", {})).text
    assert kept(two, ilta) is None


def test_volunteers_are_told_to_do_the_training_first(ilta):
    ilta.post("/choices/want", {"want": "be_one"})
    assert "First the Kamu training" in ilta.get("/choices").text
    ilta.post("/choices/want", {"want": "kamu"})
    assert "First the Kamu training" not in ilta.get("/choices").text


def test_roles_alone_choose_nothing(cast, two):
    assert cast.signed_in(two.a).get("/choices").status_code == 403


# Rather not with


@pytest.fixture
def aava(cast, two):
    return cast.person(two.a.ref, "aava@alpha.example", given_name="Aava", family_name="Lehto-Niemi", unit="Grid")


def test_a_colleague_is_found_by_the_beginning_of_a_name_and_put_on_the_list(two, ilta, aava):
    found = ilta.post("/choices/rather-not/search", {"name": "aa leh"})
    assert "Aava Lehto-Niemi" in found.text
    assert "Grid" in found.text
    added = ilta.follow(ilta.post("/choices/rather-not", {"person": aava.id}))
    assert "Only you can read it" in added.text
    assert "Aava Lehto-Niemi" in added.text
    ilta.post("/choices/rather-not/removal", {"person": aava.id})
    with tenant_work(two.a.ref):
        assert list_own_vetoes(ilta.person_id) == []


def test_the_search_is_no_way_to_read_the_directory(cast, two, ilta):
    for number in range(12):
        cast.person(two.a.ref, f"aino{number}@alpha.example", given_name="Aino", employee_number=f"77{number}")
    with tenant_work(two.a.ref):
        for name, found in {"a": 0, "": 0, "%": 0, "77": 0, "aino0@": 0, "_ino": 0, "ai": 8, "ilta": 0}.items():
            people = search_colleagues(ilta.person_id, search=name, today=NOON.date())
            assert len(people) == found, name


def test_a_name_that_was_searched_for_stands_in_no_address(ilta, aava):
    page = ilta.get("/choices/rather-not").text
    assert 'method="get"' not in page
    assert ilta.get("/choices/rather-not/search", check=False).status_code == 405


def test_only_its_author_learns_of_the_list(cast, two, ilta, aava):
    account = cast.account(two.a.ref, aava.email, "member", name="Aava", person=aava)
    hers = cast.signed_in(two.a, account.id)
    pages = ("/choices", "/choices/rather-not", "/suggestions", "/asks", "/kamus", "/welcome")
    before = [words_of(hers.get(path).text) for path in pages]
    ilta.post("/choices/rather-not", {"person": aava.id})
    assert [words_of(hers.get(path).text) for path in pages] == before
    owner = cast.signed_in(two.a)
    assert owner.get("/choices/rather-not").status_code == 403


def test_a_wish_is_kept_once_and_never_about_oneself_or_nobody(two, ilta, aava):
    with tenant_work(two.a.ref):
        for _ in range(2):
            add_veto(person_id=ilta.person_id, other_id=aava.id, now=NOON)
        assert list_vetoed_ids(ilta.person_id) == {aava.id}
        assert list_vetoed_ids(aava.id) == {ilta.person_id}
        assert list_own_vetoes(aava.id) == []
        for nobody in (ilta.person_id, new_id()):
            with pytest.raises(NotHere):
                add_veto(person_id=ilta.person_id, other_id=nobody, now=NOON)


@pytest.mark.parametrize("sent", [{}, {"person": "everybody"}])
def test_a_form_that_names_nobody_finds_nobody(ilta, sent):
    assert ilta.post("/choices/rather-not", sent).status_code == 404


def test_leaving_takes_choices_and_own_wishes_along_and_leaves_those_of_others(two, ilta, aava):
    with tenant_work(two.a.ref):
        save_choices(person_id=ilta.person_id, choice=Choice(Want.KAMU), now=NOON)
        add_veto(person_id=ilta.person_id, other_id=aava.id, now=NOON)
        add_veto(person_id=aava.id, other_id=ilta.person_id, now=NOON)
        clear_choices(person_id=ilta.person_id, now=NOON)
        assert session().scalars(select(Participation)).all() == []
        assert [row.person_id for row in session().scalars(select(Veto))] == [aava.id]
        remove_veto(person_id=aava.id, other_id=ilta.person_id)
        assert list_vetoed_ids(ilta.person_id) == set()


# Kamus who list themselves


def test_a_kamu_is_listed_who_wants_to_be_and_is_trained(two, ilta):
    some = Volunteers(two.a.ref)
    listed = {"lists_self": True, "introduction": "Two sentences."}
    some.kamu(given_name="Rauha", wishes=listed)
    some.kamu(given_name="Venla", wishes=listed, trained=False)
    some.kamu(given_name="Kuisma")
    page = ilta.get("/kamus").text
    assert "Rauha Koski" in page
    assert "“Two sentences.”" in page
    assert "Venla" not in page
    assert "Kuisma" not in page


def test_a_long_list_has_pages(two, ilta):
    some = Volunteers(two.a.ref)
    for number in range(25):
        some.kamu(given_name=f"Kamu{number:02}", supervisor_id=None, wishes={"lists_self": True})
    first, second = ilta.get("/kamus").text, ilta.get("/kamus?start=24").text
    assert ("Kamu23" in first, "Kamu24" in first) == (True, False)
    assert ("Kamu23" in second, "Kamu24" in second) == (False, True)
    assert "Earlier" in second


def everything(organisation):
    with tenant_work(organisation.ref) as opened:
        return {table.name: opened.execute(table.select()).all() for table in TenantBase.metadata.sorted_tables}


def words_of(page):
    """A page without the token of its forms."""
    return [line for line in page.splitlines() if "csrf_token" not in line]
