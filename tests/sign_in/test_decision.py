"""Who comes in is decided on facts. Properties that must hold whatever the facts are."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sign_in.models import Jit
from app.sign_in.policies import (
    AccountFacts,
    AddPerson,
    AddressFacts,
    ArrivalFacts,
    AskToComeIn,
    InvitationFacts,
    LinkByInvitation,
    LinkPerson,
    PersonFacts,
    Refuse,
    SignIn,
    Why,
    decide_sign_in,
    read_address,
)

ADDRESSES = st.sampled_from(["aino@example.com", "owner@example.com", "it@example.com"])
ACCOUNTS = st.builds(
    AccountFacts,
    id=st.uuids(),
    email=ADDRESSES,
    has_ended=st.booleans(),
    has_login=st.booleans(),
    has_invited_role=st.booleans(),
)
INVITATIONS = st.builds(
    InvitationFacts,
    id=st.uuids(),
    person_id=st.uuids(),
    sent_to=st.none() | ADDRESSES,
    is_used=st.booleans(),
    has_expired=st.booleans(),
    person_has_left=st.booleans(),
    own=st.none() | ACCOUNTS,
    namesake=st.none() | ACCOUNTS,
)
EXTERNAL_IDS = st.sampled_from([None, "e-1", "e-2"])
PEOPLE = st.builds(
    PersonFacts,
    id=st.uuids(),
    external_id=EXTERNAL_IDS,
    is_away=st.booleans(),
    own=st.none() | ACCOUNTS,
    has_namesake=st.booleans(),
)
CLAIMED = st.builds(
    AddressFacts,
    is_vouched_for=st.booleans(),
    is_ours=st.booleans(),
    is_fixed=st.booleans(),
    person=st.none() | PEOPLE,
    has_account=st.booleans(),
)
ARRIVALS = st.builds(
    ArrivalFacts,
    jit=st.sampled_from(Jit),
    may_ask=st.booleans(),
    external_id=EXTERNAL_IDS,
    by_external_id=st.none() | PEOPLE,
    address=CLAIMED,
    was_refused=st.booleans(),
)
# All that can be said for somebody, so that each trial takes away one thing.
TRUSTED = AddressFacts(is_vouched_for=True, is_ours=True, is_fixed=True)


@given(known=ACCOUNTS, invitation=st.none() | INVITATIONS, arrival=ARRIVALS)
def test_a_known_subject_is_who_it_was_and_takes_no_invitation(known, invitation, arrival):
    decision = decide_sign_in(known, invitation, arrival)
    assert decision == (Refuse(Why.ACCOUNT_HAS_ENDED) if known.has_ended else SignIn(known.id))


def test_an_unknown_subject_without_an_invitation_stays_outside():
    assert decide_sign_in(None, None) == Refuse(Why.NOT_INVITED)


@given(invitation=INVITATIONS, arrival=ARRIVALS)
def test_an_invitation_comes_before_whatever_a_login_claims(invitation, arrival):
    decision, invited = decide_sign_in(None, invitation, arrival), decide_sign_in(None, invitation)
    if decision != invited:
        assert isinstance(invited, Refuse)
        assert decision == decide_sign_in(None, None, arrival)
        assert isinstance(decision, LinkPerson)


@given(arrival=ARRIVALS)
def test_claims_never_open_an_account_with_a_role_or_another_login_or_one_that_has_ended(arrival):
    decision = decide_sign_in(None, None, arrival)
    assert not isinstance(decision, SignIn | LinkByInvitation)
    if isinstance(decision, LinkPerson):
        person = arrival.by_external_id or arrival.address.person
        account = person.own
        assert (decision.person_id, person.is_away) == (person.id, False)
        assert decision.account_id == (account.id if account else None)
        assert account or not person.has_namesake
        assert not account or not (account.has_invited_role or account.has_login or account.has_ended)


@given(arrival=ARRIVALS)
def test_an_address_links_only_where_it_is_ours_fixed_and_not_called_unverified(arrival):
    decision = decide_sign_in(None, None, arrival)
    if isinstance(decision, LinkPerson) and arrival.by_external_id is None:
        address = arrival.address
        assert (address.is_vouched_for, address.is_ours, address.is_fixed) == (True, True, True)
        assert not arrival.external_id or address.person.external_id in (None, arrival.external_id)


@given(arrival=ARRIVALS)
def test_nobody_is_written_into_the_directory_whom_it_knows_or_who_is_not_of_a_domain_of_ours(arrival):
    if isinstance(decide_sign_in(None, None, arrival), AddPerson):
        address = arrival.address
        assert (arrival.jit, address.is_vouched_for, address.is_ours) == (Jit.DOMAIN, True, True)
        assert (address.person, address.has_account, arrival.by_external_id) == (None, False, None)


@given(arrival=ARRIVALS)
def test_whoever_was_refused_comes_in_by_an_invitation_only(arrival):
    decision = decide_sign_in(None, None, replace(arrival, was_refused=True))
    assert decision == Refuse(Why.WAS_REFUSED)


@given(arrival=ARRIVALS)
def test_without_a_way_for_strangers_nobody_new_comes_about(arrival):
    decision = decide_sign_in(None, None, replace(arrival, jit=Jit.OFF))
    assert not isinstance(decision, AddPerson | AskToComeIn)


@given(arrival=ARRIVALS)
def test_strangers_cannot_even_ask(arrival):
    decision = decide_sign_in(None, None, arrival)
    assert not isinstance(decision, AskToComeIn) or (arrival.jit is Jit.APPROVAL and arrival.may_ask)


@given(arrival=ARRIVALS, fact=st.sampled_from(["is_vouched_for", "is_ours", "is_fixed"]))
def test_what_is_less_trusted_never_comes_further(arrival, fact):
    """Taking a reason to trust away never lets somebody into an account of whom the better facts did not."""
    less = replace(arrival, address=replace(arrival.address, **{fact: False}))
    if isinstance(decide_sign_in(None, None, less), LinkPerson):
        assert decide_sign_in(None, None, arrival) == decide_sign_in(None, None, less)


@given(arrival=ARRIVALS)
def test_a_refusal_of_claims_never_tells_of_whom(arrival):
    decision = decide_sign_in(None, None, arrival)
    assert not isinstance(decision, Refuse) or decision.why in (Why.NOT_INVITED, Why.WAS_REFUSED)


@pytest.mark.parametrize(
    ("arrival", "decision"),
    [
        (ArrivalFacts(by_external_id=PersonFacts(id=UUID(int=1))), LinkPerson(UUID(int=1), None)),
        (ArrivalFacts(address=replace(TRUSTED, person=PersonFacts(id=UUID(int=2)))), LinkPerson(UUID(int=2), None)),
        (ArrivalFacts(jit=Jit.DOMAIN, address=replace(TRUSTED, is_fixed=False)), AddPerson()),
        (ArrivalFacts(jit=Jit.APPROVAL), AskToComeIn()),
        (ArrivalFacts(), Refuse(Why.NOT_INVITED)),
    ],
)
def test_each_way_in_exists(arrival, decision):
    assert decide_sign_in(None, None, arrival) == decision


@given(invitation=INVITATIONS)
def test_an_unknown_subject_comes_in_by_a_live_invitation_only(invitation):
    decision = decide_sign_in(None, invitation)
    assert not isinstance(decision, SignIn)
    if isinstance(decision, LinkByInvitation):
        assert (invitation.is_used, invitation.has_expired, invitation.person_has_left) == (False,) * 3
        assert (decision.invitation_id, decision.person_id) == (invitation.id, invitation.person_id)


@given(invitation=INVITATIONS)
def test_nobody_is_linked_to_an_account_that_has_ended_or_that_somebody_comes_in_by(invitation):
    decision = decide_sign_in(None, invitation)
    account = invitation.own or invitation.namesake
    if isinstance(decision, LinkByInvitation):
        assert decision.account_id == (account.id if account else None)
        assert account is None or not (account.has_ended or account.has_login)


@given(invitation=INVITATIONS)
def test_an_account_with_a_role_or_without_a_person_is_reached_only_through_its_own_mailbox(invitation):
    decision = decide_sign_in(None, invitation)
    account = invitation.own or invitation.namesake
    if isinstance(decision, LinkByInvitation) and account and (account.has_invited_role or not invitation.own):
        assert invitation.sent_to == account.email


@given(invitation=INVITATIONS)
def test_the_reason_is_never_less_strict_when_a_hindrance_is_added(invitation):
    """A refusal never turns into a way in because something else is wrong as well."""
    if isinstance(decide_sign_in(None, invitation), Refuse):
        for hindrance in ("is_used", "has_expired", "person_has_left"):
            assert isinstance(decide_sign_in(None, replace(invitation, **{hindrance: True})), Refuse)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"is_used": True}, Why.INVITATION_USED),
        ({"has_expired": True}, Why.INVITATION_EXPIRED),
        ({"person_has_left": True}, Why.PERSON_HAS_LEFT),
    ],
)
def test_each_hindrance_has_its_name(changes, why):
    from tenants.models import new_id

    honest = InvitationFacts(id=new_id(), person_id=new_id(), sent_to="aino@example.com")
    assert isinstance(decide_sign_in(None, honest), LinkByInvitation)
    assert decide_sign_in(None, replace(honest, **changes)) == Refuse(why)


@pytest.mark.parametrize(
    ("claims", "address"),
    [
        ({"email": "Aino@Alpha.example"}, "aino@alpha.example"),
        ({"email": "aino@alpha.example", "email_verified": True}, "aino@alpha.example"),
        ({"email": "aino@alpha.example", "email_verified": "true"}, "aino@alpha.example"),
        ({"email": "aino@alpha.example", "email_verified": False}, None),
        ({"email": "aino@alpha.example", "email_verified": "false"}, None),
        ({"email": "aino@alpha.example", "email_verified": None}, None),
        ({"email": "mi\u212ao@alpha.example"}, None),  # the sign of a Kelvin is a k when it is made small
        ({"email": "stra\u00dfe@alpha.example"}, None),
        ({"email": "x@evil.example@alpha.example"}, None),
        ({"email": "aino@alpha.example\n"}, None),
        ({"email": "a b@alpha.example"}, None),
        ({"email": "@alpha.example"}, None),
        ({"email": ["aino@alpha.example"]}, None),
        ({}, None),
    ],
)
def test_an_address_counts_when_it_is_plain_and_not_called_unverified(claims, address):
    assert read_address(claims) == address
