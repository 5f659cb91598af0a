"""One's own sign-ins: nobody else sees them, and ending one ends just that."""

import re

from tests.factories.browsers import Browser

PAGE = "/me/sign-ins"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
HANDLE = re.compile(r'name="handle" value="([^"]+)"')


def on(browser: Browser, user_agent: str) -> Browser:
    browser.client.environ_base["HTTP_USER_AGENT"] = user_agent
    return browser


def test_everybody_sees_their_own_sign_ins_and_no_session_id(cast, two):
    browser, account = cast.employee(two.a)
    other = cast.signed_in(two.a, account.id)
    cast.signed_in(two.a)
    page = browser.get(PAGE)
    assert page.text.count('name="handle"') == 1
    assert browser.cookie() not in page.text
    assert other.cookie() not in page.text
    assert "127.0.0.1" not in page.text
    assert "nowhere else" in cast.signed_in(two.b).get(PAGE).text


def test_one_is_ended_and_the_others_go_on(cast, two):
    browser, there, third = (cast.signed_in(two.a) for _ in range(3))
    handle = there._session()["handle"]
    assert browser.post(f"{PAGE}/end", {"handle": handle}).status_code == 303
    assert [each.get(PAGE).status_code for each in (browser, there, third)] == [200, 303, 200]


def test_nobody_ends_anothers(cast, two):
    owner, (member, _) = cast.signed_in(two.a), cast.employee(two.a)
    member.post(f"{PAGE}/end", {"handle": owner._session()["handle"]})
    member.post(f"{PAGE}/end-others")
    assert owner.get(PAGE).status_code == member.get(PAGE).status_code == 200


def test_all_but_this_one_end_for_good(cast, two):
    browser, there = cast.signed_in(two.a), cast.signed_in(two.a)
    assert "1 other sign-in ended" in browser.follow(browser.post(f"{PAGE}/end-others")).text
    assert [each.get(PAGE).status_code for each in (browser, there)] == [200, 303]
    assert cast.signed_in(two.a).get(PAGE).status_code == 200


def test_ending_this_one_is_signing_out(cast, two):
    browser = cast.signed_in(two.a)
    assert browser.post(f"{PAGE}/end", {"handle": browser._session()["handle"]}).location == "/sign-in"
    assert browser.get(PAGE).status_code == 303


def test_devices_are_named_in_two_words():
    from app.web.devices import device_of

    assert device_of(WINDOWS) == "firefox-windows"
    assert device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1") == (
        "safari-iphone"
    )
    assert device_of("<script>") == "other-other"
