"""Who asks too often waits a while, is told how long, and keeps nobody else waiting."""

import pytest
import redis
from flask import Flask

from app.access.guard import is_public
from app.access.roles import Role
from app.valkey import valkey
from app.web.limits import _site
from app.web.rates import RATES, UNCOUNTED, Rate
from tests.cast import Cast
from tests.scim.directories import DirectoryClient

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def ask(browser, number, address="192.0.2.7"):
    form = {"email": f"nobody{number}@alpha.example"}
    return browser.post("/sign-in/links", form, environ_overrides={"REMOTE_ADDR": address})


def count_up_to(number, rate):
    """Have the counters of a rate stand where they would after so many requests."""
    keys = list(valkey().scan_iter(f"LIMITS*{rate}*"))
    assert keys
    for key in keys:
        valkey().set(key, number, keepttl=True)


def test_whoever_asks_too_often_is_told_how_long_to_wait_and_nobody_else_waits(cast: Cast, two):
    browser = cast.browser(two.a)
    assert ask(browser, 1).status_code == 303
    count_up_to(59, "links-asked")
    assert ask(browser, 60).status_code == 303
    refused = ask(browser, 61)
    assert refused.status_code == 429
    assert 840 <= int(refused.headers["Retry-After"]) <= 901
    assert "Try again in 15 minutes." in refused.text
    assert ask(browser, 62, "192.0.2.8").status_code == 303, "another address"
    assert ask(cast.browser(two.b), 63).status_code == 303, "another organisation"


def test_the_counters_name_no_address_and_nobody(cast: Cast, two):
    ask(cast.browser(two.a), 1, "192.0.2.77")
    keys = b" ".join(valkey().scan_iter("LIMITS*"))
    assert b"links-asked" in keys
    assert b"192.0.2.77" not in keys
    assert str(two.a.ref.id).encode() not in keys


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("2001:db8:1:2::3", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_of_ipv6_all_addresses_of_a_site_count_as_one(address, site):
    assert _site(address) == site


def test_one_account_that_exports_too_often_keeps_no_other_from_it(cast: Cast, two):
    other = cast.account(two.a.ref, "second@alpha.example", Role.OWNER)
    first, second = cast.signed_in(two.a), cast.signed_in(two.a, other.id)
    assert first.post("/set-up/export").status_code == 303
    count_up_to(20, "exports")
    assert first.post("/set-up/export").status_code == 429
    assert second.post("/set-up/export").status_code == 303


def test_a_directory_that_hurries_is_told_to_wait_in_its_own_words(cast: Cast, two, app: Flask):
    directory = DirectoryClient(app, two.a)
    directory.get("/Users")
    count_up_to(6000, "provisioning")
    refused = directory.ask("GET", "/Users")
    assert (refused.status_code, refused.mimetype) == (429, "application/scim+json")
    assert 0 < int(refused.headers["Retry-After"]) <= 301
    assert DirectoryClient(app, two.b).ask("GET", "/Users").status_code == 200


@pytest.mark.parametrize(("opens", "status"), [(True, 303), (False, 503)])
def test_when_nobody_can_count_each_rate_does_as_it_says(cast: Cast, two, app: Flask, monkeypatch, opens, status):
    def away(*_: object, **__: object):
        raise redis.ConnectionError

    browser = cast.browser(two.a)
    browser.token()
    counter = app.extensions["kamu_counters"][False]
    monkeypatch.setattr(counter.limiter, "hit", away)
    monkeypatch.setattr(counter, "_swallow_errors", opens)
    assert ask(browser, 1).status_code == status


def test_every_form_that_is_open_to_everybody_is_counted(app: Flask):
    open_forms = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) & UNSAFE and is_public(app.view_functions[rule.endpoint])
    }
    assert open_forms - set(RATES) == UNCOUNTED


def test_the_table_names_what_there_is(app: Flask):
    assert set(RATES) <= set(app.view_functions)
    assert app.extensions["kamu_counted"] == set(RATES)


def test_what_keeps_from_guessing_is_closed_when_nobody_can_count():
    closed = {name for name, rate in RATES.items() if not rate.opens}
    assert {"sign_in.ask_link", "sign_in.open_link", "sign_up.ask", "support.sign_in_with_passkey"} <= closed
    assert all(isinstance(rate, Rate) and (rate.by_address or rate.by_account) for rate in RATES.values())
