"""Who comes in is decided on facts. Properties that must hold whatever the facts are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sign_in.policies import (
    AccountFacts,
    InvitationFacts,
    LinkByInvitation,
    Refuse,
    SignIn,
    Why,
    decide_sign_in,
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


@given(known=ACCOUNTS, invitation=st.none() | INVITATIONS)
def test_a_known_subject_is_who_it_was_and_takes_no_invitation(known, invitation):
    decision = decide_sign_in(known, invitation)
    assert decision == (Refuse(Why.ACCOUNT_HAS_ENDED) if known.has_ended else SignIn(known.id))


def test_an_unknown_subject_without_an_invitation_stays_outside():
    assert decide_sign_in(None, None) == Refuse(Why.NOT_INVITED)


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
