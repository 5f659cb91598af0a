"""Sealed settings open for their own organisation, row and column only, and only while their key exists."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.vault import CannotOpen, open_setting, seal_setting
from app.vault.crypto import decrypt, encrypt, new_key
from tenants.unit_of_work import control_work, tenant_work

SECRET = "the provider's client secret"


@given(plain=st.binary(max_size=200), place=st.binary(max_size=40))
def test_what_was_sealed_opens_again_and_hides_what_it_holds(plain, place):
    key = new_key()
    sealed = encrypt(key, plain, place)
    assert decrypt(key, sealed, place) == plain
    assert len(plain) < 4 or plain not in sealed
    assert sealed != encrypt(key, plain, place)


@given(plain=st.binary(max_size=60), at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_a_single_changed_bit_is_noticed(plain, at, bit):
    key = new_key()
    sealed = bytearray(encrypt(key, plain, b"here"))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(CannotOpen):
        decrypt(key, bytes(sealed), b"here")


def test_a_setting_opens_in_its_place(two):
    row = uuid4()
    with tenant_work(two.a.ref):
        sealed = seal_setting(SECRET, row=row, column="client_secret")
        assert SECRET.encode() not in sealed
        assert open_setting(sealed, row=row, column="client_secret") == SECRET


@pytest.mark.parametrize("moved", ["row", "column", "organisation"])
def test_a_setting_opens_nowhere_else(two, moved):
    row = uuid4()
    with tenant_work(two.a.ref):
        sealed = seal_setting(SECRET, row=row, column="client_secret")
    with tenant_work(two.b.ref):
        seal_setting("another", row=row, column="client_secret")
    where = two.b.ref if moved == "organisation" else two.a.ref
    with tenant_work(where), pytest.raises(CannotOpen):
        open_setting(
            sealed, row=uuid4() if moved == "row" else row, column="name" if moved == "column" else "client_secret"
        )


def test_without_its_key_a_setting_is_gone(two, superuser):
    row = uuid4()
    with tenant_work(two.a.ref):
        sealed = seal_setting(SECRET, row=row, column="client_secret")
    with superuser.begin() as connection:
        connection.execute(text("DELETE FROM keys.tenant_key WHERE tenant_id = :id"), {"id": two.a.ref.id})
    with tenant_work(two.a.ref), pytest.raises(CannotOpen):
        open_setting(sealed, row=row, column="client_secret")


def test_nothing_is_sealed_outside_an_organisation(app):
    with control_work(), pytest.raises(CannotOpen):
        seal_setting(SECRET, row=uuid4(), column="client_secret")


def test_keys_are_wrapped_where_they_lie(app, two, superuser):
    with tenant_work(two.a.ref):
        seal_setting(SECRET, row=uuid4(), column="client_secret")
    with superuser.begin() as connection:
        (wrapped,) = connection.execute(text("SELECT wrapped FROM keys.tenant_key")).scalars().all()
    assert len(wrapped) == 1 + 12 + 32 + 16
    assert app.config["KAMU"].master_key not in wrapped
