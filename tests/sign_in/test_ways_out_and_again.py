"""Signing in anew, Kamu's own registration, and the end of a sign-in: what a provider says is checked each time."""

import time
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from app import clock
from app.outbound import AddressRefused
from app.sign_in.errors import (
    CallFailed,
    ClaimMissing,
    ClaimWrong,
    ProviderError,
    RegistrationNotOffered,
    RegistrationRefused,
    TokenReplayed,
    TokenUnreadable,
)
from app.sign_in.gateway import (
    Addresses,
    Ended,
    begin_trip,
    finish_login,
    login_url,
    logout_url,
    read_logout_token,
    register,
)
from app.sign_in.gateway.login import asking_anew
from tests.factories.sign_in import client_of
from tests.sign_in.hostile_provider import CLIENT_ID, CLIENT_SECRET

ADDRESSES = Addresses("https://a/callback", "https://a/signed-out", "https://a/back-channel")


def log_in(client, provider, **changes):
    trip = begin_trip(client, purpose="again", browser="mine", now=clock.now(), fresh=True)
    provider.extra |= changes
    return finish_login(client, trip, provider.visit(login_url(client, trip)), now=clock.now())


def test_signing_in_anew_asks_for_it_and_wants_the_time(client, provider):
    trip = begin_trip(client, purpose="again", browser="mine", now=clock.now(), fresh=True)
    asked = parse_qs(urlsplit(login_url(client, trip)).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["60"])
    assert log_in(client, provider).subject == "subject-1"


def test_google_is_asked_in_words_that_it_knows():
    assert asking_anew("https://accounts.google.com")["prompt"] == "select_account"
    assert asking_anew("https://login.example.com")["prompt"] == "login"


@pytest.mark.parametrize("moment", [1, "never"])
def test_a_sign_in_from_before_is_not_anew(client, provider, moment):
    with pytest.raises(ClaimWrong, match="auth_time"):
        log_in(client, provider, auth_time=moment)


def test_a_provider_that_does_not_say_when_is_not_believed(client, provider):
    provider.attack = "missing auth_time"
    with pytest.raises(ClaimMissing, match="auth_time"):
        log_in(client, provider)


def test_an_ordinary_sign_in_needs_no_time(client, provider):
    trip = begin_trip(client, purpose="sign-in", browser="mine", now=clock.now())
    url = login_url(client, trip)
    assert "prompt" not in url
    assert "auth_time" not in finish_login(client, trip, provider.visit(url), now=clock.now()).claims


def test_the_way_out_names_kamu_and_where_to_come_back_to(client, provider):
    url = urlsplit(logout_url(client, back="https://a/signed-out"))
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{provider.issuer}/logout"
    asked = {"realm": ["one"], "client_id": [CLIENT_ID], "post_logout_redirect_uri": ["https://a/signed-out"]}
    assert parse_qs(url.query) == asked


@pytest.mark.parametrize("attack", ["no way out", "way out is a script"])
def test_a_provider_without_a_way_out_has_none(client, provider, attack):
    provider.attack = attack
    assert logout_url(client, back="https://a/") is None


def hear(client, token):
    return read_logout_token(token, client=client, now=clock.now())


def test_word_of_an_end_is_heard_once(client, provider):
    token = provider.logout_token(sid="there")
    assert hear(client, token) == Ended("subject-1", "there")
    with pytest.raises(TokenReplayed):
        hear(client, token)


def test_the_same_word_to_another_connection_counts_there(client, provider):
    token = provider.logout_token()
    hear(client, token)
    assert hear(client_of(provider), token).subject == "subject-1"


@pytest.mark.parametrize("kind", ["logout+jwt", "JWT", "application/logout+jwt"])
def test_a_logout_token_may_be_called_so(client, provider, kind):
    provider.header = {"typ": kind}
    assert hear(client, provider.logout_token(sub=None, sid="there")) == Ended(None, "there")


def test_another_kind_of_token_is_none(client, provider):
    provider.header = {"typ": "at+jwt"}
    with pytest.raises(TokenUnreadable):
        hear(client, provider.logout_token())


EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.mark.parametrize(
    ("changes", "claim"),
    [
        ({"nonce": "n"}, "nonce"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "another"}, "aud"),
        ({"aud": [CLIENT_ID, "another"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"iat": 1}, "iat"),
        ({"iat": 9e11}, "iat"),
        ({"iat": True}, "iat"),
        ({"iat": None}, "iat"),
        ({"exp": 1}, "exp"),
        ({"jti": None}, "jti"),
        ({"jti": ""}, "jti"),
        ({"jti": 7}, "jti"),
        ({"events": None}, "events"),
        ({"events": {}}, "events"),
        ({"events": [EVENT]}, "events"),
        ({"events": {EVENT: True}}, "events"),
        ({"sub": None}, "sid"),
        ({"sub": None, "sid": ["there"]}, "sid"),
        ({"sub": 7}, "sub"),
    ],
)
def test_a_logout_token_with_one_thing_wrong_is_refused(client, provider, changes, claim):
    with pytest.raises((ClaimMissing, ClaimWrong), match=claim):
        hear(client, provider.logout_token(**changes))


@pytest.mark.parametrize("attack", ["alg none", "signed by a stranger", "HS256 with the public key", "kid unknown"])
def test_a_logout_token_that_nobody_signed_is_refused(client, provider, attack):
    provider.attack = attack
    with pytest.raises(ProviderError):
        hear(client, provider.logout_token())


def test_an_id_token_is_no_logout_token(client, provider):
    with pytest.raises(ClaimMissing):
        hear(client, provider.sign({"iss": provider.issuer, "aud": CLIENT_ID, "iat": time.time(), "sub": "s"}))


def test_kamu_registers_itself(outside, provider):
    provider.registration[1]["client_secret_expires_at"] = datetime(2040, 2, 3, tzinfo=UTC).timestamp()
    found = register(provider.issuer, ADDRESSES, initial_token="let-me-in")
    assert (found.client_id, found.client_secret, found.ends_on) == (CLIENT_ID, CLIENT_SECRET, date(2040, 2, 3))
    (asked,) = provider.registered
    assert asked["authorization"] == "Bearer let-me-in"
    assert (asked["redirect_uris"], asked["backchannel_logout_uri"]) == (["https://a/callback"], ADDRESSES.back_channel)


@pytest.mark.parametrize("ends", [0, None, "soon", 1e300, float("inf"), True])
def test_a_secret_without_an_end_has_none(outside, provider, ends):
    provider.registration[1]["client_secret_expires_at"] = ends
    assert register(provider.issuer, ADDRESSES).ends_on is None


@pytest.mark.parametrize(
    "answer",
    [(401, {}), (400, {"error": "x"}), (201, {}), (201, {"client_id": "a"}), (201, {"client_id": "a", "client_secret": ""}),
     (201, {"client_id": 7, "client_secret": "b"}), (201, {"client_id": "a\n", "client_secret": "b"}),
     (200, {"client_id": "a", "client_secret": "b" * 2001})],
)  # fmt: skip
def test_a_registration_that_is_of_no_use_is_refused(outside, provider, answer):
    provider.registration = answer
    with pytest.raises(RegistrationRefused):
        register(provider.issuer, ADDRESSES)


@pytest.mark.parametrize("answer", [(201, []), (500, {}), (302, {})])
def test_a_registration_without_an_answer_fails(outside, provider, answer):
    provider.registration = answer
    with pytest.raises(CallFailed, match="registration"):
        register(provider.issuer, ADDRESSES)


@pytest.mark.parametrize("attack", ["no registration", "registration inside"])
def test_where_none_is_offered_nothing_is_sent(outside, provider, attack):
    provider.attack = attack
    with pytest.raises(RegistrationNotOffered):
        register(provider.issuer, ADDRESSES)
    assert provider.registered == []


def test_a_registration_address_inside_is_never_called(outside, provider):
    outside.config["KAMU"].outbound_loopback = False
    try:
        with pytest.raises(CallFailed) as failed:
            register("https://127.0.0.1", ADDRESSES)
    finally:
        outside.config["KAMU"].outbound_loopback = True
    assert isinstance(failed.value.__cause__, AddressRefused)
