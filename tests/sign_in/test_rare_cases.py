"""Odd answers of providers, invitations from the wrong hands, and jobs that run twice or too late."""

from datetime import timedelta

import pytest

from app import clock
from app.access.actor import VISITOR, Actor
from app.access.roles import Role
from app.sign_in import actions, errors, jobs
from app.sign_in.gateway.keys import pick_key
from app.sign_in.gateway.metadata import read_metadata
from app.sign_in.models import Invitation
from app.sign_in.queries import count_invitations, get_invitation
from tenants.errors import NotHere
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_work
from tests.factories.sign_in import client_of, invite
from tests.sign_in.hostile_provider import CLIENT_SECRET
from tests.sign_in.test_hostile_providers import log_in

RSA = {"kty": "RSA", "kid": "one", "n": "w" * 400, "e": "AQAB"}
EC = {"kty": "EC", "kid": "one", "crv": "P-256", "x": "AAAA", "y": "AAAA"}


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        ({**EC, "crv": "P-384"}, "ES256"),
        (EC, "ES256"),
        ({**RSA, "e": ""}, "RS256"),
        ({**RSA, "n": "?" * 400}, "RS256"),
        ({**RSA, "n": 7}, "RS256"),
        ({**RSA, "alg": "RS512"}, "RS256"),
        ({**RSA, "key_ops": ["sign"]}, "RS256"),
        ({**RSA, "key_ops": "verify"}, "RS256"),
        ({"kty": "oct", "kid": "one", "k": "AAAA"}, "RS256"),
        ({"kty": "OKP", "kid": "one", "crv": "X25519", "x": "AAAA"}, "EdDSA"),
        ({}, "RS256"),
    ],
)
def test_a_key_that_does_not_fit_is_no_key(key, algorithm):
    with pytest.raises(errors.KeyUnknown):
        pick_key([key], algorithm, None)


@pytest.mark.parametrize("attack", ["userinfo is a page", "userinfo fails"])
def test_userinfo_that_cannot_be_read_adds_nothing_or_is_named(client, provider, attack):
    provider.attack = attack
    if attack == "userinfo is a page":
        assert "locale" not in log_in(client, provider, with_userinfo=True).claims
        return
    with pytest.raises(errors.CallFailed) as caught:
        log_in(client, provider, with_userinfo=True)
    assert caught.value.call == "userinfo"


def test_metadata_without_optional_members_is_enough(outside, provider):
    metadata = provider.metadata()
    for member in ("response_types_supported", "id_token_signing_alg_values_supported",
                   "token_endpoint_auth_methods_supported", "userinfo_endpoint"):  # fmt: skip
        del metadata[member]
    read = read_metadata(provider.issuer, metadata)
    assert (read.algorithms, read.secret_method, read.userinfo_endpoint) == (("RS256",), "client_secret_basic", None)


def test_a_provider_without_userinfo_is_enough(outside, provider):
    provider.attack = "no userinfo endpoint"
    assert log_in(client_of(provider), provider, with_userinfo=True).subject == "subject-1"


def test_the_secret_is_sent_as_the_standard_encodes_it(client, provider):
    """RFC 6749, section 2.3.1: both parts are encoded before they are joined."""
    assert set("+/%") <= set(CLIENT_SECRET)
    assert log_in(client, provider).subject == "subject-1"


def test_only_who_plans_the_launch_may_invite(cast):
    alpha = cast.organisation("alpha")
    aino = cast.person(alpha.ref, "aino@alpha.example")
    lead = Actor("account", new_id(), roles=frozenset({Role.PROGRAMME_LEAD}))
    with tenant_work(alpha.ref):
        for nobody in (VISITOR, Actor("account", new_id(), roles=frozenset({Role.MEMBER, Role.IT_CONTACT}))):
            with pytest.raises(errors.MayNotInvite):
                actions.invite_person(person_id=aino.id, by=nobody, now=clock.now())
        assert actions.invite_person(person_id=aino.id, by=lead, now=clock.now()).person_id == aino.id
        assert count_invitations() == 1


def test_an_invitation_that_is_over_gives_way_to_a_new_one(cast):
    alpha = cast.organisation("alpha")
    aino = cast.person(alpha.ref, "aino@alpha.example")
    old = invite(alpha, aino)
    with tenant_work(alpha.ref):
        session().query(Invitation).one().expires_at = clock.now() - timedelta(days=1)
    assert invite(alpha, aino) != old


def test_a_bounced_invitation_is_marked(cast):
    alpha = cast.organisation("alpha")
    aino = cast.person(alpha.ref, "aino@alpha.example")
    invite(alpha, aino, sent=False)
    with tenant_work(alpha.ref):
        actions.mark_bounced(invitation_id=session().query(Invitation).one().id, now=clock.now())
    with tenant_work(alpha.ref):
        assert session().query(Invitation).one().bounced_at is not None
        with pytest.raises(NotHere):
            get_invitation(new_id())


@pytest.mark.parametrize("state", ["gone", "used", "expired"])
def test_the_mail_job_says_nothing_when_the_link_no_longer_works(cast, state):
    alpha = cast.organisation("alpha")
    made = clock.now() - timedelta(hours=1) if state == "expired" else clock.now()
    with tenant_work(alpha.ref):
        link = actions.make_login_link(account_id=alpha.owner_id, browser=None, now=made)
        if state == "used":
            link.used_at = made
    with tenant_work(alpha.ref):
        jobs.send_login_link(link_id=str(new_id() if state == "gone" else link.id))
    assert cast.mails() == []


def test_an_incomplete_connection_is_not_put_in_use(cast):
    alpha = cast.organisation("alpha")
    with tenant_work(alpha.ref):
        draft = actions.begin_draft(provider=actions.connect_provider.ProviderKind.OTHER, now=clock.now())
        draft.tested_at = clock.now()
        with pytest.raises(errors.NothingToTest):
            actions.activate(connection=draft, now=clock.now())
