"""One's own page: what is kept, where it came from, who can change it; and all of it in one file."""

import io
import json
import zipfile
from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from app.access.queries import find_account
from app.access.roles import Role
from app.choices.actions import add_veto
from app.goals.actions import add_goal, follow_up
from app.goals.models import How
from app.matching.models import Ask
from app.pairs.actions import add_note
from tenants.database import db
from tenants.unit_of_work import session, tenant_work
from tests.cast import NOON, Cast
from tests.factories.browsers import Browser
from tests.factories.pairs import make_two, member
from tests.factories.training import train

GOAL, FOLLOW_UP, NOTE, WRITTEN = (
    "Say no once a week",
    "It went well on Tuesday",
    "Ask about Friday",
    "I waited for once",
)


@pytest.fixture
def life(cast: Cast) -> SimpleNamespace:
    """Lumi, who has done everything that one can do, and Rauha, her Kamu."""
    organisation = cast.organisation("alpha")
    duo = make_two(cast, organisation)
    lumi, rauha, halla = duo.kaveri, duo.kamu, member(cast, organisation, "Halla", places=2)
    train(organisation, lumi.id, text=WRITTEN)
    with tenant_work(organisation.ref):
        goal = add_goal(owner_id=lumi.id, line=GOAL, look_back_on=date(2026, 12, 20), now=NOON)
        follow_up(
            goal_id=goal.id, owner_id=lumi.id, how=How.WELL, line=FOLLOW_UP, look_back_on=date(2027, 1, 20), now=NOON
        )
        add_note(pair_id=duo.id, person_id=lumi.id, kind="agenda", text=NOTE, now=NOON)
        add_note(pair_id=duo.id, person_id=rauha.id, kind="note", text="Rauha writes here", now=NOON)
        add_veto(person_id=lumi.id, other_id=halla.id, now=NOON)
        session().add(
            Ask(kaveri_id=lumi.id, kamu_id=halla.id, state="closed", asked_at=NOON, lapses_at=NOON, closed_at=NOON)
        )
    return SimpleNamespace(organisation=organisation, duo=duo, lumi=lumi, rauha=rauha, halla=halla)


def _file(browser: Browser) -> tuple[dict, str]:
    answer = browser.get("/me/file")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        return json.loads(packed.read("kamu.json")), packed.read("kamu.txt").decode()


def test_the_page_says_what_is_kept_and_that_it_came_from_the_organisation(cast: Cast):
    organisation = cast.organisation("alpha")
    boss = cast.person(organisation.ref, "aarni@alpha.example", given_name="Aarni", family_name="Salo")
    person = cast.person(
        organisation.ref, "ilta@alpha.example", job_title="Designer", unit="Fjord", supervisor_id=boss.id
    )
    account = cast.account(organisation.ref, "ilta@alpha.example", Role.MEMBER, person=person)
    page = cast.signed_in(organisation, account.id).get("/me").text
    for words in ("Designer", "Fjord", "Aarni Salo", "Came from your organisation", "owner@alpha.example"):
        assert words in page


def test_who_can_change_the_directory_is_the_programme_lead_where_there_is_one(cast: Cast):
    organisation = cast.organisation("alpha")
    cast.account(organisation.ref, "oiva@alpha.example", Role.PROGRAMME_LEAD, name="Oiva")
    browser, _ = cast.employee(organisation)
    page = browser.get("/me").text
    assert "mailto:oiva@alpha.example" in page
    assert "owner@alpha.example" not in page


def test_somebody_new_reads_that_nothing_is_kept(cast: Cast):
    browser, _ = cast.employee(cast.organisation("alpha"))
    assert browser.get("/me").text.count("None so far.") == 2


def test_what_one_did_is_counted_and_not_written_out(life):
    page = life.lumi.browser.get("/me").text
    for words in ("1 goal", "1 follow-up", "1 pair", "1 note of yours", "1 colleague.", "1 time."):
        assert words in page
    for private in (GOAL, FOLLOW_UP, NOTE, WRITTEN, "Halla"):
        assert private not in page


def test_name_and_language_are_corrected_at_once(cast: Cast):
    organisation = cast.organisation("alpha")
    browser, account = cast.employee(organisation)
    page = browser.follow(browser.post("/me", {"name": "  Ilta K. ", "language": "fi"})).text
    assert '<html lang="fi">' in page
    with tenant_work(organisation.ref):
        kept = find_account(account.id)
        assert (kept.name, kept.language) == ("Ilta K.", "fi")


def test_a_name_is_asked_for_in_words(cast: Cast):
    browser, _ = cast.employee(cast.organisation("alpha"))
    answer = browser.post("/me", {"name": " ", "language": "fi"})
    assert answer.status_code == 422
    assert "Write a name" in answer.text


def test_the_file_holds_all_that_is_ones_own_in_both_forms(life):
    data, text = _file(life.lumi.browser)
    for private in (GOAL, FOLLOW_UP, NOTE, WRITTEN, "Halla Koski", "Rauha Koski"):
        assert private in json.dumps(data), private
        assert private in text, private
    assert data["training"]["completed_at"]
    assert data["organisation"] == "Alpha"
    assert "Certificate: Kamu training, completed on 21 November 2026." in text


def test_the_file_holds_nothing_that_another_wrote(life):
    data, text = _file(life.lumi.browser)
    assert "Rauha writes here" not in json.dumps(data) + text


def test_nobody_finds_in_their_file_that_somebody_would_rather_not_meet_them_or_asked_them(life):
    data, text = _file(life.halla.browser)
    assert "Lumi" not in json.dumps(data) + text


def test_the_file_does_not_tell_a_no_from_a_silence(life):
    data, _ = _file(life.lumi.browser)
    assert [set(each) for each in data["asked"]] == [{"kamu", "asked_at"}]


def test_a_kamu_takes_along_the_pair_and_nothing_of_the_kaveris_goals(life):
    data, text = _file(life.rauha.browser)
    assert [(each["with"], each["i_am"]) for each in data["pairs"]] == [("Lumi Koski", "kamu")]
    assert GOAL not in json.dumps(data) + text


def test_a_file_of_somebody_new_is_whole_too(cast: Cast):
    browser, _ = cast.employee(cast.organisation("alpha"))
    data, text = _file(browser)
    assert data["goals"] == []
    assert "Nothing is kept." in text


def test_the_text_speaks_the_readers_language(life):
    life.lumi.browser.post("/language", {"language": "sv"})
    assert "21 november 2026" in _file(life.lumi.browser)[1]


def test_an_owner_without_a_place_in_the_directory_has_no_such_page(cast: Cast):
    assert cast.signed_in(cast.organisation("alpha")).get("/me").status_code == 403


def test_the_page_asks_the_database_little_however_much_there_is(life):
    asked: list[str] = []
    engines = list(db.engines.values())

    def count(_conn, _cursor, statement: str, *_: object) -> None:
        asked.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    life.lumi.browser.get("/me")
    for engine in engines:
        event.remove(engine, "before_cursor_execute", count)
    assert len(asked) <= 12, "\n".join(asked)
