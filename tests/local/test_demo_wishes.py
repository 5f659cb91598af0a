"""bin/kamu demo wishes: counts go out, nobody meets their own superior or department."""

import json
from dataclasses import replace
from random import Random

import pytest
from click.testing import CliRunner

from app import kamu as tree
from app.matching.queries.basis import read_basis
from app.people.models import Person
from local.cast import HALF
from local.demo import load_half
from local.volunteers import draw, list_everybody
from tenants.unit_of_work import tenant_work
from tests.cast import NOON


@pytest.fixture
def wishes(app):
    def run(slug, seed, *, code=0):
        result = CliRunner().invoke(
            tree.kamu, ["demo", "wishes", slug, "--seed", str(seed), "--json"], obj=app.app_context
        )
        assert result.exit_code == code, (result.output, result.exception)
        return json.loads(result.stdout)

    return run


def test_nobody_is_matched_with_their_own_superior_or_department(wishes, app):
    load_half(now=NOON)
    for seed in (1, 2):
        told = wishes(HALF.slug, seed)["data"]
        assert told["counts"]["wanting"] == 10
        assert told["counts"]["offering"] == 6
        assert told["counts"]["matched"] > 0
        assert told["counts"]["matched"] + told["counts"]["unmatched"] == 10
        assert sum(told["unmatched_why"].values()) == told["counts"]["unmatched"]
        assert set(told["breaches"].values()) == {0}


def test_the_same_seed_draws_the_same_and_prints_counts_alone(app):
    tenant = load_half(now=NOON)
    with tenant_work(tenant):
        people = list_everybody()
    words = ["demo", "wishes", HALF.slug, "--seed", "7"]
    first, second = (CliRunner().invoke(tree.kamu, words, obj=app.app_context) for _ in range(2))
    assert first.output == second.output
    for person in people:
        assert person.family_name not in first.output
        assert person.email not in first.output


def test_it_is_refused_where_people_are_real(wishes, app, monkeypatch):
    tenant = load_half(now=NOON)
    monkeypatch.setitem(app.config, "KAMU", replace(app.config["KAMU"], env="production"))
    assert wishes(HALF.slug, 1, code=1)["error"]["code"] == "not_local"
    with tenant_work(tenant):
        assert read_basis(now=NOON).kaveris == ()


def test_without_people_it_says_what_to_do_first(wishes, cast):
    cast.organisation("alpha")
    assert wishes("alpha", 1, code=1)["error"]["code"] == "nobody_there"


def test_about_a_third_want_a_kamu_and_a_fifth_offer():
    drawn = draw([Person(email=f"{number}@alpha.example") for number in range(100)], Random(3))
    assert sum(choice.want.wants_kamu for choice in drawn.choices.values()) == 33
    assert sum(choice.want.offers_kamu for choice in drawn.choices.values()) == 20
