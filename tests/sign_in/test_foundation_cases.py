"""The OpenID Foundation's cases for relying parties, by their names: what passes, what is refused, and for what.

`oidcc-client-test-` is left out before each name. Where the Foundation lets a relying party choose, Kamu refuses.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from app.sign_in import errors
from app.sign_in.gateway import begin_trip, discover, finish_login, login_url, read_logout_token
from app.valkey import valkey
from tests.factories.sign_in import connect
from tests.sign_in.hostile_provider import CLIENT_ID, CLIENT_SECRET, HostileProvider

Prepare = Callable[[HostileProvider], object]


@dataclass(frozen=True)
class Case:
    """How the provider is prepared, the error that refuses it (None for what must pass), and its claim."""

    prepare: Prepare
    refused: type[errors.ProviderError] | None = None
    claim: str = ""


def attack(name: str) -> Prepare:
    return lambda provider: setattr(provider, "attack", name)


def more(**claims: object) -> Prepare:
    return lambda provider: provider.extra.update(claims)


def signed_by_es256_stranger(provider: HostileProvider) -> None:
    provider.use("ES256")
    provider.attack = "ES256 signed by a stranger"


def single_key_without_kid(provider: HostileProvider) -> None:
    provider.publish(None)


def several_keys_without_kid(provider: HostileProvider) -> None:
    provider.publish(None, None)


CASES: dict[str, Case] = {
    "": Case(attack("")),
    "client-secret-basic": Case(attack("")),
    "client-secret-post": Case(lambda provider: setattr(provider, "secret_methods", ["client_secret_post"])),
    "discovery-openid-config": Case(attack("")),
    "discovery-issuer-mismatch": Case(attack("discovery issuer mismatch"), errors.IssuerDiffers),
    "discovery-jwks-uri-keys": Case(attack("keys are not a list"), errors.KeyUnknown),
    "idtoken-sig-rs256": Case(lambda provider: provider.use("RS256")),
    "idtoken-sig-es256": Case(lambda provider: provider.use("ES256")),
    "idtoken-sig-ps256": Case(lambda provider: provider.use("PS256")),
    "idtoken-sig-eddsa": Case(lambda provider: provider.use("EdDSA")),
    "idtoken-sig-none": Case(attack("alg none"), errors.AlgorithmRefused),
    "idtoken-sig-hs256": Case(attack("HS256 with the client secret"), errors.AlgorithmRefused),
    "invalid-sig-rs256": Case(attack("signed by a stranger"), errors.SignatureWrong),
    "invalid-sig-es256": Case(signed_by_es256_stranger, errors.SignatureWrong),
    "invalid-sig-hs256": Case(attack("HS256 with the public key"), errors.AlgorithmRefused),
    "invalid-iss": Case(attack("wrong iss"), errors.ClaimWrong, "iss"),
    "invalid-aud": Case(attack("wrong aud"), errors.ClaimWrong, "aud"),
    "missing-iss": Case(attack("missing iss"), errors.ClaimMissing, "iss"),
    "missing-aud": Case(attack("missing aud"), errors.ClaimMissing, "aud"),
    "missing-iat": Case(attack("missing iat"), errors.ClaimMissing, "iat"),
    "missing-sub": Case(attack("missing sub"), errors.ClaimMissing, "sub"),
    "missing-nonce": Case(attack("missing nonce"), errors.ClaimMissing, "nonce"),
    "nonce-invalid": Case(attack("wrong nonce"), errors.ClaimWrong, "nonce"),
    "missing-athash": Case(more(at_hash=None)),
    "invalid-athash": Case(attack("wrong at_hash"), errors.ClaimWrong, "at_hash"),
    "kid-absent-single-jwks": Case(single_key_without_kid),
    "kid-absent-multiple-jwks": Case(several_keys_without_kid, errors.KeyAmbiguous),
    "scope-userinfo-claims": Case(attack("")),
    "userinfo-bearer-header": Case(attack("")),
    "userinfo-invalid-sub": Case(attack("userinfo sub differs"), errors.SubjectDiffers),
    # Not the Foundation's: RFC 9207, and what OAuth's security best current practice adds.
    "kamu-iss-parameter-wrong": Case(attack("iss parameter wrong"), errors.IssuerParameterWrong),
    "kamu-late-code": Case(attack("late code"), errors.TokenRefused),
    "kamu-azp-of-somebody-else": Case(attack("wrong azp"), errors.ClaimWrong, "azp"),
}


def now() -> datetime:
    return datetime.now(UTC)


def log_in(client, provider, *, fresh=False):
    trip = begin_trip(client, purpose="sign-in", browser="browser", now=now(), fresh=fresh)
    return finish_login(client, trip, provider.visit(login_url(client, trip)), now=now(), with_userinfo=True)


@pytest.mark.parametrize("name", CASES)
def test_a_case_of_the_foundation_ends_as_it_says(client, provider, name):
    case = CASES[name]
    case.prepare(provider)
    if case.refused is None:
        assert log_in(client, provider).claims["locale"] == "fi", "what userinfo told came along"
        return
    with pytest.raises(case.refused) as caught:
        log_in(client, provider)
    assert getattr(caught.value, "claim", "") == case.claim


def test_signing_key_rotation(client, provider):
    log_in(client, provider)
    provider.rotate()
    assert log_in(client, provider).subject == "subject-1"


def test_signing_key_rotation_just_before_signing(client, provider):
    trip = begin_trip(client, purpose="sign-in", browser="browser", now=now())
    back = provider.visit(login_url(client, trip))
    provider.rotate()
    assert finish_login(client, trip, back, now=now()).subject == "subject-1"


@pytest.mark.parametrize(
    ("told", "refused"),
    [({"auth_time": None}, errors.ClaimMissing), ({"auth_time": 1}, errors.ClaimWrong), ({"auth_time": "now"}, errors.ClaimWrong)],
)  # fmt: skip
def test_a_provider_that_does_not_ask_anew_confirms_nothing(client, provider, told, refused):
    """`prompt=login` is a wish; only `auth_time` says that it was heard."""
    provider.extra.update(told)
    with pytest.raises(refused):
        log_in(client, provider, fresh=True)
    provider.extra["auth_time"] = int(time.time())
    assert log_in(client, provider, fresh=True).subject == "subject-1"


EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUTS: dict[str, tuple[Prepare, dict[str, object], type[errors.ProviderError] | None]] = {
    "": (attack(""), {}, None),
    "sid-only": (attack(""), {"sub": None, "sid": "session-1"}, None),
    "alg-none": (attack("alg none"), {}, errors.AlgorithmRefused),
    "wrong-alg": (attack("HS256 with the client secret"), {}, errors.AlgorithmRefused),
    "wrong-key": (attack("signed by a stranger"), {}, errors.SignatureWrong),
    "no-event": (attack(""), {"events": None}, errors.ClaimMissing),
    "wrong-event": (attack(""), {"events": {"https://example.com/other": {}}}, errors.ClaimWrong),
    "event-is-text": (attack(""), {"events": EVENT}, errors.ClaimWrong),
    "with-nonce": (attack(""), {"nonce": "n"}, errors.ClaimWrong),
    "wrong-aud": (attack(""), {"aud": "somebody-else"}, errors.ClaimWrong),
    "aud-beside-us": (attack(""), {"aud": [CLIENT_ID, "somebody-else"]}, errors.ClaimWrong),
    "wrong-iss": (attack(""), {"iss": "https://evil.example"}, errors.ClaimWrong),
    "no-iat": (attack(""), {"iat": None}, errors.ClaimMissing),
    "no-jti": (attack(""), {"jti": None}, errors.ClaimMissing),
    "nobody": (attack(""), {"sub": None}, errors.ClaimMissing),
    "old": (attack(""), {"iat": 1}, errors.ClaimWrong),
    "expired": (attack(""), {"exp": 1}, errors.ClaimWrong),
    "of-the-future": (attack(""), {"iat": 4_000_000_000, "exp": 4_000_000_060}, errors.ClaimWrong),
}


@pytest.mark.parametrize("name", LOGOUTS)
def test_rp_backchannel_rpinitlogout(client, provider, name):
    prepare, changes, refused = LOGOUTS[name]
    prepare(provider)
    token = provider.logout_token(**changes)
    if refused:
        with pytest.raises(refused):
            read_logout_token(token, client=client, now=now())
        return
    ended = read_logout_token(token, client=client, now=now())
    assert (ended.subject, ended.session_id) in {("subject-1", None), (None, "session-1")}
    with pytest.raises(errors.TokenReplayed):
        read_logout_token(token, client=client, now=now())


def test_an_id_token_is_no_word_of_an_end(client, provider):
    claims = {"iss": provider.issuer, "aud": CLIENT_ID, "sub": "subject-1", "iat": int(time.time()), "jti": "1"}
    token = provider.sign({**claims, "exp": int(time.time()) + 60, "nonce": "n"})
    with pytest.raises(errors.ProviderError):
        read_logout_token(token, client=client, now=now())


# One of each kind of refusal, as people meet it.
SHOWN = ("discovery-issuer-mismatch", "invalid-sig-rs256", "invalid-aud", "kamu-late-code")


def forget_provider() -> None:
    for key in valkey().scan_iter("sign-in:*:metadata"):
        valkey().delete(key, *valkey().scan_iter("sign-in:*:keys*"))


def test_an_employee_is_told_what_to_do_and_an_admin_what_is_wrong(cast, provider):
    """The same fault: the employee is led back and to their IT, who sets up the connection reads what to mend."""
    alpha = cast.organisation("alpha")
    connect(alpha, provider)
    owner = cast.signed_in(alpha)
    prepare_draft(owner, provider)
    for name in SHOWN:
        provider.reset()
        forget_provider()
        case = CASES[name]
        case.prepare(provider)
        employee = cast.browser(alpha)
        met = come_back(employee, provider, "/sign-in/start")
        assert met.status_code == 502, name
        assert "Try again in a minute. If it stays so, show this page to your IT." in met.text, name
        forget_provider()
        shown = come_back(owner, provider, "/set-up/sign-in/test/start")
        assert shown.status_code == 502, name
        detail = explained(case)
        assert detail in shown.text, (name, detail)
        assert "show this page to your IT" not in shown.text, name
        assert employee.get("/me").status_code == 303, "nobody came in"


def come_back(browser, provider, start):
    out = browser.get(start)
    return out if out.status_code == 502 else go_back(browser, provider, out)


def go_back(browser, provider, out):
    return browser.get(provider.redirect_path(provider.visit(out.location)))


def prepare_draft(owner, provider):
    owner.post("/set-up/sign-in/drafts", {"provider": "other"})
    settings = {"issuer": provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    assert owner.post("/set-up/sign-in/drafts/current", settings).status_code == 303


def explained(case: Case) -> str:
    from app.sign_in.views.explaining import explain

    made = {errors.IssuerDiffers: lambda: errors.IssuerDiffers(only_by_slash=False),
            errors.TokenRefused: lambda: errors.TokenRefused("invalid_grant"),
            errors.ClaimWrong: lambda: errors.ClaimWrong(case.claim),
            errors.ClaimMissing: lambda: errors.ClaimMissing(case.claim)}  # fmt: skip
    return explain(made.get(case.refused, case.refused)()).split("’")[0]


def test_discovery_names_the_issuer_to_the_letter(outside, provider):
    assert discover(provider.issuer).issuer == provider.issuer
