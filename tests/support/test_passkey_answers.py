"""What the server refuses of an authenticator's answer, with an authenticator that can be told to lie."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.support.errors import CopiedPasskey, PasskeyRefused
from app.support.gateway import (
    RelyingParty,
    check_creation,
    check_request,
    creation_options,
    name_credential,
    new_challenge,
    request_options,
)
from app.support.models import Staff, StaffPasskey
from tenants.models import new_id
from tests.factories.authenticators import Authenticator, b64, unb64

PARTY = RelyingParty(id="staff.kamu.localhost", origin="http://staff.kamu.localhost:8000")
TUISKU = Staff(id=new_id(), email="tuisku@nitor.example", name="Tuisku", created_at=datetime.now(UTC))
ALVA = Staff(id=new_id(), email="alva@nitor.example", name="Alva", created_at=datetime.now(UTC))


def device(**lies: object) -> Authenticator:
    return Authenticator(**{"origin": PARTY.origin, "rp_id": PARTY.id, **lies})


def enrolled(who: Staff = TUISKU) -> tuple[Authenticator, StaffPasskey]:
    authenticator, challenge = device(), new_challenge()
    answer = authenticator.answer_creation(json.loads(creation_options(PARTY, who, challenge, [])))
    made = check_creation(PARTY, answer, challenge)
    passkey = StaffPasskey(
        id=new_id(),
        staff_id=who.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        name="Key",
    )
    return authenticator, passkey


def asked() -> tuple[str, dict]:
    challenge = new_challenge()
    return challenge, json.loads(request_options(PARTY, challenge))


def test_an_honest_answer_returns_the_new_count():
    authenticator, passkey = enrolled()
    challenge, options = asked()
    assert check_request(PARTY, authenticator.answer_request(options), challenge, passkey) == 1


def test_options_ask_for_user_verification_and_name_no_credential():
    _, options = asked()
    assert options["userVerification"] == "required"
    assert options["rpId"] == "staff.kamu.localhost"
    assert not options["allowCredentials"]


def test_creation_asks_for_a_discoverable_verified_credential_and_lists_known_ones():
    _, passkey = enrolled()
    options = json.loads(creation_options(PARTY, TUISKU, new_challenge(), [passkey]))
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert [known["id"] for known in options["excludeCredentials"]] == [b64(passkey.credential_id)]


def test_only_known_transports_are_kept():
    _, passkey = enrolled()
    assert passkey.transports == "usb"


def test_each_challenge_is_another_one():
    assert len({new_challenge() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "http://kamu.localhost:8000"},
        {"origin": "http://alpha.kamu.localhost:8000"},
        {"origin": "http://staff.kamu.localhost"},
        {"origin": "https://staff.kamu.localhost:8000"},
        {"rp_id": "kamu.localhost"},
        {"verifies": False},
        {"cross_origin": True},
    ],
    ids=str,
)
def test_a_sign_in_from_elsewhere_or_without_user_verification_is_refused(lie):
    authenticator, passkey = enrolled()
    challenge, options = asked()
    answer = replace(authenticator, **lie).answer_request(options)
    with pytest.raises(PasskeyRefused):
        check_request(PARTY, answer, challenge, passkey)


@pytest.mark.parametrize(
    "lie", [{"origin": "http://evil.localhost:8000"}, {"rp_id": "localhost"}, {"verifies": False}], ids=str
)
def test_an_enrolment_from_elsewhere_or_without_user_verification_is_refused(lie):
    challenge = new_challenge()
    options = json.loads(creation_options(PARTY, TUISKU, challenge, []))
    with pytest.raises(PasskeyRefused):
        check_creation(PARTY, device(**lie).answer_creation(options), challenge)


def test_an_answer_to_another_challenge_is_refused():
    authenticator, passkey = enrolled()
    _, options = asked()
    with pytest.raises(PasskeyRefused):
        check_request(PARTY, authenticator.answer_request(options), new_challenge(), passkey)


def test_an_answer_signed_by_another_key_is_refused():
    authenticator, passkey = enrolled()
    challenge, options = asked()
    forged = replace(authenticator, key=device().key)
    with pytest.raises(PasskeyRefused):
        check_request(PARTY, forged.answer_request(options), challenge, passkey)


def test_a_credential_that_names_another_member_of_staff_is_refused():
    authenticator, passkey = enrolled()
    challenge, options = asked()
    mixed = replace(authenticator, user_handle=ALVA.id.bytes)
    with pytest.raises(PasskeyRefused):
        check_request(PARTY, mixed.answer_request(options), challenge, passkey)


@pytest.mark.parametrize(("known", "told"), [(5, 5), (5, 4), (5, 0)])
def test_a_count_that_does_not_rise_points_at_a_copy(known, told):
    authenticator, passkey = enrolled()
    passkey.sign_count = known
    challenge, options = asked()
    authenticator.count = told - 1 if told else -1
    with pytest.raises(CopiedPasskey):
        check_request(PARTY, authenticator.answer_request(options), challenge, passkey)


def test_an_authenticator_that_never_counts_is_taken():
    authenticator, passkey = enrolled()
    challenge, options = asked()
    authenticator.count = -1
    assert check_request(PARTY, authenticator.answer_request(options), challenge, passkey) == 0


def test_an_enormous_answer_is_refused_unread():
    with pytest.raises(PasskeyRefused):
        name_credential("[" * 100_000)


@given(
    st.dictionaries(
        st.sampled_from(["id", "rawId", "type", "response", "x"]), st.one_of(st.text(), st.integers(), st.none())
    )
    | st.text()
    | st.lists(st.integers())
)
def test_whatever_arrives_is_refused_by_name(junk):
    text = junk if isinstance(junk, str) else json.dumps(junk)
    _, passkey = enrolled_once()
    for check in (
        lambda: check_creation(PARTY, text, new_challenge()),
        lambda: check_request(PARTY, text, new_challenge(), passkey),
    ):
        with pytest.raises(PasskeyRefused):
            check()


@given(st.sampled_from(["clientDataJSON", "attestationObject"]), st.binary(max_size=80))
def test_an_enrolment_with_mangled_parts_is_refused_by_name(part, junk):
    challenge = new_challenge()
    answer = json.loads(device().answer_creation(json.loads(creation_options(PARTY, TUISKU, challenge, []))))
    answer["response"][part] = b64(junk)
    with pytest.raises(PasskeyRefused):
        check_creation(PARTY, json.dumps(answer), challenge)


@given(st.data())
def test_a_sign_in_with_one_byte_changed_is_refused(data):
    authenticator, passkey = enrolled_once()
    challenge, options = asked()
    answer = json.loads(authenticator.answer_request(options))
    part = data.draw(st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"]))
    raw = bytearray(unb64(answer["response"][part]))
    raw[data.draw(st.integers(0, 999)) % len(raw)] ^= data.draw(st.integers(1, 255))
    answer["response"][part] = b64(bytes(raw))
    with pytest.raises(PasskeyRefused):
        check_request(PARTY, json.dumps(answer), challenge, passkey)


_once: list[tuple[Authenticator, StaffPasskey]] = []


def enrolled_once() -> tuple[Authenticator, StaffPasskey]:
    if not _once:
        _once.append(enrolled())
    return _once[0]
