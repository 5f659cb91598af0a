"""An owner or IT contact connects the provider alone: guided, tried, then put in use; each mistake explained."""

from urllib.parse import urlsplit

import pytest

from app.access.roles import Role
from app.sign_in.errors import ProviderError
from app.sign_in.events import on_connection_changed
from app.sign_in.models import Connection, Identity
from app.sign_in.queries import find_active_connection, find_draft, has_active_connection, has_connection_begun
from app.sign_in.views.explaining import explain
from tenants.unit_of_work import session, tenant_work
from tests.factories.sign_in import connect, go_through, invite
from tests.sign_in.hostile_provider import CLIENT_ID, CLIENT_SECRET

STEP = "/set-up/sign-in"
DRAFT = f"{STEP}/drafts/current"


@pytest.fixture
def alpha(cast):
    return cast.organisation("alpha")


@pytest.fixture
def owner(cast, alpha):
    return cast.signed_in(alpha)


def settings_of(provider, **changes):
    return {
        "issuer": provider.issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        **changes,
    }


def begin(browser, kind="other"):
    return browser.post(f"{STEP}/drafts", {"provider": kind})


def prepare(browser, provider, **changes):
    begin(browser)
    return browser.post(DRAFT, settings_of(provider, **changes))


def try_it(browser, provider):
    return go_through(browser, provider, f"{STEP}/test/start")


def draft_of(organisation):
    with tenant_work(organisation.ref):
        return find_draft()


def active_of(organisation):
    with tenant_work(organisation.ref):
        return find_active_connection()


def test_from_nothing_to_a_sign_in_that_is_in_use(cast, alpha, owner, provider):
    assert "Connect your provider" in owner.get(STEP).text
    page = owner.follow(begin(owner))
    assert f"/sign-in/callback/{draft_of(alpha).id}" in page.text
    saved = owner.post(DRAFT, settings_of(provider))
    assert "Saved. The provider answered as it should." in owner.follow(saved).text
    result = owner.follow(try_it(owner, provider))
    assert "The test sign-in worked" in result.text
    assert "subject-1" in result.text
    used = owner.follow(owner.post(f"{STEP}/active"))
    assert "Sign-in is in use." in used.text
    assert "Continue with Alpha" in cast.browser(alpha).get("/sign-in").text


@pytest.mark.parametrize("kind", ["entra", "okta", "google", "keycloak", "other"])
def test_each_provider_has_a_guide_and_the_redirect_address_to_copy(owner, alpha, kind):
    page = owner.follow(begin(owner, kind)).text
    assert "data-copy" in page
    assert str(draft_of(alpha).id) in page


def test_choosing_no_provider_is_explained(owner):
    answer = begin(owner, "")
    assert (answer.status_code, "Choose one" in answer.text) == (422, True)


def test_choosing_again_keeps_the_draft(owner, alpha):
    begin(owner, "okta")
    first = draft_of(alpha)
    begin(owner, "entra")
    second = draft_of(alpha)
    assert (second.id, second.provider) == (first.id, "entra")


def test_the_secret_is_never_shown_and_not_stored_as_it_is(owner, alpha, provider):
    prepare(owner, provider)
    page = owner.get(STEP).text
    assert CLIENT_SECRET not in page
    assert "Leave empty to keep it" in page
    with tenant_work(alpha.ref):
        assert CLIENT_SECRET.encode() not in session().query(Connection).one().client_secret


def test_an_empty_secret_keeps_the_one_there_is(owner, alpha, provider):
    prepare(owner, provider)
    answer = owner.post(DRAFT, settings_of(provider, client_secret=""))
    assert answer.status_code == 303
    assert "worked" in owner.follow(try_it(owner, provider)).text


def test_the_first_time_a_secret_is_asked_for(owner, provider):
    answer = prepare(owner, provider, client_secret="")
    assert (answer.status_code, "Paste the client secret" in answer.text) == (422, True)


def test_the_whole_discovery_address_is_taken_too(owner, alpha, provider):
    prepare(owner, provider, issuer=provider.issuer + "/.well-known/openid-configuration")
    assert draft_of(alpha).issuer == provider.issuer


@pytest.mark.parametrize(
    "issuer",
    ["", "nonsense", "http://login.example.com", "https://login.example.com:8443", "https://a:b@login.example.com",
     "https://login.example.com/?a=b", "https://login.example.com/#a", "ftp://login.example.com", "https://0x7f.1/"],
)  # fmt: skip
def test_an_address_that_can_never_be_called_is_explained(owner, provider, issuer):
    answer = prepare(owner, provider, issuer=issuer)
    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)


def test_what_was_typed_is_kept_when_the_provider_does_not_answer(owner, alpha, provider):
    provider.attack = "metadata not found"
    answer = prepare(owner, provider)
    assert answer.status_code == 422
    assert provider.issuer in answer.text
    assert draft_of(alpha).client_secret is not None


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("discovery issuer mismatch", "calls itself something else"),
        ("discovery issuer with a slash more", "differs by the slash at the end only"),
        ("metadata is a page", "is not JSON"),
        ("metadata redirects", "redirects to another address"),
        ("metadata not found", "status 404"),
        ("oversized metadata", "larger than 256 kB"),
        ("no token endpoint", "lacks a usable value for token_endpoint"),
        ("only alg none", "signs with none of RS, PS, ES"),
        ("only private_key_jwt", "accepts neither client_secret_basic"),
    ],
)
def test_each_mistake_of_the_provider_is_explained_at_the_issuer(owner, provider, attack, said):
    provider.attack = attack
    answer = prepare(owner, provider)
    assert (answer.status_code, said in answer.text) == (422, True)


@pytest.mark.parametrize("issuer", ["https://127.0.0.1", "https://localhost", "https://[::1]", "https://10.0.0.1"])
def test_an_address_that_points_inside_is_explained(owner, provider, issuer):
    answer = prepare(owner, provider, issuer=issuer)
    assert (answer.status_code, "inside a network" in answer.text) == (422, True)


def test_bytes_that_were_fetched_never_show(owner, provider):
    provider.attack = "metadata is a page"
    assert "Sign in to your router" not in prepare(owner, provider).text


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("wrong nonce", "The claim nonce of the ID token"),
        ("missing sub", "lacks the claim sub"),
        ("alg none", "does not accept"),
        ("userinfo sub differs", "speaks of somebody else"),
        ("no id token", "gave no ID token"),
        ("late code", "no longer accepted the code"),
        ("signed by a stranger", "signature of the ID token is wrong"),
    ],
)
def test_a_test_that_fails_says_which_check_did_not_hold(owner, alpha, provider, attack, said):
    prepare(owner, provider)
    provider.attack = attack
    answer = try_it(owner, provider)
    assert (answer.status_code, said in answer.text) == (502, True)
    assert draft_of(alpha).tested_at is None


def test_a_wrong_secret_shows_at_the_test(owner, provider):
    prepare(owner, provider, client_secret="old")
    answer = try_it(owner, provider)
    assert "does not accept the client ID with this secret" in answer.text
    assert "secret words" not in answer.text


def test_the_result_says_whom_the_directory_knows_by_the_address(cast, owner, alpha, provider):
    cast.person(alpha.ref, "aino@example.com", given_name="Aino", family_name="Virta")
    prepare(owner, provider)
    assert "belongs to Aino Virta in the directory" in owner.follow(try_it(owner, provider)).text


@pytest.mark.parametrize(
    ("extra", "said"),
    [({"email": "nobody@example.com"}, "Nobody in the directory has this address"), ({}, "No e-mail address came")],
)
def test_the_result_says_when_nobody_matches(owner, provider, extra, said):
    provider.extra = extra
    prepare(owner, provider)
    assert said in owner.follow(try_it(owner, provider)).text


def test_claims_are_shown_as_text_and_only_those_that_are_used(owner, provider):
    provider.extra = {"name": "<script>alert(1)</script>\ud800\u202e", "groups": ["secret-group"], "email": 7}
    prepare(owner, provider)
    page = owner.follow(try_it(owner, provider)).text
    assert "<script>alert(1)" not in page
    assert "secret-group" not in page


def test_a_test_links_nobody(owner, alpha, provider):
    prepare(owner, provider)
    try_it(owner, provider)
    with tenant_work(alpha.ref):
        assert session().query(Identity).count() == 0


def test_nothing_is_put_in_use_before_a_test(owner, alpha, provider):
    prepare(owner, provider)
    answer = owner.post(f"{STEP}/active")
    assert (answer.status_code, "Try it first" in answer.text) == (409, True)
    assert active_of(alpha) is None


def test_a_change_after_the_test_has_to_be_tested_again(owner, alpha, provider):
    prepare(owner, provider)
    try_it(owner, provider)
    owner.post(DRAFT, settings_of(provider, client_secret="another"))
    assert owner.post(f"{STEP}/active").status_code == 409


def test_saving_the_same_again_keeps_the_test(owner, provider):
    prepare(owner, provider)
    try_it(owner, provider)
    owner.post(DRAFT, settings_of(provider, client_secret=""))
    assert owner.post(f"{STEP}/active").status_code == 303


def test_a_test_that_comes_back_after_a_change_does_not_count(owner, alpha, provider):
    prepare(owner, provider)
    way_back = provider.redirect_path(provider.visit(owner.get(f"{STEP}/test/start").location))
    owner.post(DRAFT, settings_of(provider, client_secret="another"))
    assert owner.get(way_back).status_code == 410
    assert draft_of(alpha).tested_at is None


def test_somebody_elses_test_does_not_count(cast, owner, alpha, provider):
    prepare(owner, provider)
    contact = cast.account(alpha.ref, "it@alpha.example", Role.IT_CONTACT)
    theirs = cast.signed_in(alpha, contact.id)
    way_back = provider.redirect_path(provider.visit(theirs.get(f"{STEP}/test/start").location))
    assert owner.get(way_back).status_code == 403
    assert draft_of(alpha).tested_at is None


def test_a_test_login_does_not_sign_anybody_in(cast, owner, alpha, provider):
    prepare(owner, provider)
    way_back = provider.redirect_path(provider.visit(owner.get(f"{STEP}/test/start").location))
    owner.post("/sign-out")
    assert owner.get(way_back).status_code == 403
    assert owner.get(STEP).status_code == 303


def test_taking_it_out_of_use_ends_signing_in_and_is_told(cast, owner, alpha, provider):
    connect(alpha, provider)
    told = []
    on_connection_changed.append(lambda: told.append(1))
    try:
        answer = owner.post(f"{STEP}/active/{active_of(alpha).id}/end")
    finally:
        on_connection_changed.pop()
    assert "out of use" in owner.follow(answer).text
    assert told == [1]
    assert "Continue with Alpha" not in cast.browser(alpha).get("/sign-in").text


def test_taking_out_of_use_what_is_not_in_use_is_refused(owner, alpha, provider):
    connect(alpha, provider)
    prepare(owner, provider)
    answer = owner.post(f"{STEP}/active/{draft_of(alpha).id}/end")
    assert answer.status_code == 409
    assert active_of(alpha) is not None


def test_a_change_is_prepared_beside_the_sign_in_in_use_and_people_stay_who_they_are(cast, owner, alpha, provider):
    connect(alpha, provider)
    person = cast.person(alpha.ref, "aino@alpha.example")
    inside = cast.browser(alpha)
    inside.get(invite(alpha, person))
    assert go_through(inside, provider).status_code == 303
    before = active_of(alpha).id
    owner.post(f"{STEP}/drafts", {"provider": "other", "replaces": before})
    assert active_of(alpha).id == before
    assert provider.issuer in owner.get(STEP).text
    provider.subject = "owner-subject"
    try_it(owner, provider)
    owner.post(f"{STEP}/active")
    assert active_of(alpha).id != before
    provider.subject = "subject-1"
    answer = go_through(cast.browser(alpha), provider)
    assert (answer.status_code, urlsplit(answer.location).path) == (303, "/")


def test_a_draft_can_be_thrown_away(owner, alpha, provider):
    prepare(owner, provider)
    assert "thrown away" in owner.follow(owner.post(f"{DRAFT}/removal")).text
    assert draft_of(alpha) is None


def test_others_read_whether_a_sign_in_is_begun_or_in_use(alpha, owner, provider):
    def facts():
        with tenant_work(alpha.ref):
            return has_connection_begun(), has_active_connection()

    assert facts() == (False, False)
    prepare(owner, provider)
    assert facts() == (True, False)
    connect(alpha, provider)
    assert facts() == (True, True)


def test_without_a_draft_there_is_nothing_to_save_try_or_put_in_use(owner, provider):
    assert owner.post(DRAFT, settings_of(provider)).status_code == 404
    assert owner.post(f"{STEP}/active").status_code == 404
    assert owner.get(f"{STEP}/test/start").status_code == 303
    assert owner.get(f"{STEP}/test").status_code == 303


def test_an_incomplete_draft_is_not_tried(owner):
    begin(owner)
    assert urlsplit(owner.get(f"{STEP}/test/start").location).path == STEP


LADDER = [
    ("get", STEP),
    ("get", f"{STEP}/test"),
    ("get", f"{STEP}/test/start"),
    ("post", f"{STEP}/drafts"),
    ("post", DRAFT),
    ("post", f"{DRAFT}/removal"),
    ("post", f"{STEP}/active"),
    ("post", f"{STEP}/active/01a2002c-fb1f-70da-abac-a002a6182497/end"),
]


@pytest.mark.parametrize(("method", "path"), LADDER)
def test_only_owners_and_it_contacts_may(cast, alpha, method, path):
    for role in (Role.PROGRAMME_LEAD, Role.BILLING_CONTACT, Role.EMPLOYEE_REPRESENTATIVE, Role.MEMBER):
        account = cast.account(alpha.ref, f"{role}@alpha.example", role)
        assert getattr(cast.signed_in(alpha, account.id), method)(path).status_code == 403
    contact = cast.account(alpha.ref, "it@alpha.example", Role.IT_CONTACT)
    assert getattr(cast.signed_in(alpha, contact.id), method)(path).status_code != 403


@pytest.mark.parametrize(("method", "path"), LADDER)
def test_strangers_are_sent_to_the_door_and_other_organisations_find_nothing(cast, alpha, method, path):
    stranger = getattr(cast.browser(alpha), method)(path)
    assert stranger.status_code == (303 if method == "get" else 401)
    beta = cast.organisation("beta")
    foreign = cast.browser(alpha)
    foreign.use_cookie(cast.signed_in(beta).cookie())
    assert getattr(foreign, method)(path).status_code == 404


@pytest.mark.parametrize(("method", "path"), LADDER)
def test_the_wrong_method_is_refused(owner, method, path):
    other = {"get": "post", "post": "get"}[method]
    assert getattr(owner, other)(path).status_code in {404, 405}


def everything(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from everything(sub)


@pytest.mark.parametrize("kind", list(everything(ProviderError)))
def test_every_error_of_a_provider_has_an_explanation(app, kind):
    arguments = {"CallFailed": ["keys"], "IssuerDiffers": []}.get(kind.__name__)
    keywords = {"only_by_slash": False} if kind.__name__ == "IssuerDiffers" else {}
    named = {"MetadataIncomplete", "LoginRefused", "TokenRefused", "ClaimMissing", "ClaimWrong"}
    error = kind(*(arguments if arguments is not None else ["x"] if kind.__name__ in named else []), **keywords)
    with app.test_request_context("/"):
        assert explain(error).endswith((".", "?"))
