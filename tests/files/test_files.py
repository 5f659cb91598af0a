"""Files as rows: whole, capped, and gone in time."""

import io
from datetime import timedelta

import pytest

from app.files.actions import delete_file, store_file
from app.files.errors import FileIsDamaged, FileIsTooLarge
from app.files.jobs import sweep
from app.files.models import CHUNK, FileChunk, StoredFile
from app.files.queries import get_file, open_file, read_file
from tenants.errors import NotHere
from tenants.models import TenantOutbox
from tenants.unit_of_work import session, tenant_work
from tests.cast import NOON, Cast

WEEK = timedelta(days=7)


@pytest.fixture
def ref(cast: Cast):
    return cast.organisation("alpha").ref


def store(data: bytes, *, most: int = 10 * CHUNK) -> StoredFile:
    return store_file(stream=io.BytesIO(data), name="a.csv", media_type="text/csv", most=most, keep=WEEK, now=NOON)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_file_is_read_as_it_was_stored(ref, size):
    data = bytes(index % 251 for index in range(size))
    with tenant_work(ref):
        file_id = store(data).id
    with tenant_work(ref):
        file = get_file(file_id, now=NOON)
        assert read_file(file) == data
        assert file.size == size
        assert all(len(chunk) <= CHUNK for chunk in open_file(file))


def test_one_byte_too_many_is_refused_and_leaves_nothing(ref):
    with pytest.raises(FileIsTooLarge) as raised, tenant_work(ref):
        store(bytes(CHUNK + 1), most=CHUNK)
    assert raised.value.most == CHUNK
    with tenant_work(ref):
        assert session().query(StoredFile).count() == 0


def test_a_file_whose_time_is_over_is_not_here_and_is_swept(ref):
    with tenant_work(ref):
        old, young = store(b"old").id, store(b"young").id
        session().get(StoredFile, old).expires_at = NOON - WEEK
        session().get(StoredFile, young).expires_at = NOON + timedelta(days=3650)
    with tenant_work(ref):
        with pytest.raises(NotHere):
            get_file(old, now=NOON)
        sweep()
    with tenant_work(ref):
        assert [file.id for file in session().query(StoredFile)] == [young]
        assert session().query(FileChunk).count() == 1


def test_every_stored_file_orders_its_own_sweep(ref):
    with tenant_work(ref):
        store(b"text")
    with tenant_work(ref):
        assert [row.job for row in session().query(TenantOutbox)] == ["files.sweep"]


def test_a_deleted_file_is_gone_with_its_chunks_and_may_be_deleted_again(ref):
    with tenant_work(ref):
        file_id = store(b"text").id
    with tenant_work(ref):
        delete_file(file_id)
        delete_file(file_id)
    with tenant_work(ref):
        assert session().query(FileChunk).count() == 0
        with pytest.raises(NotHere):
            get_file(file_id, now=NOON)


def test_a_damaged_file_is_noticed(ref):
    with tenant_work(ref):
        file_id = store(b"text").id
    with tenant_work(ref):
        session().query(FileChunk).one().data = b"tex!"
    with tenant_work(ref), pytest.raises(FileIsDamaged):
        read_file(get_file(file_id, now=NOON))


def test_a_file_of_one_organisation_is_not_here_for_another(cast, ref):
    with tenant_work(ref):
        file_id = store(b"text").id
    with tenant_work(cast.organisation("beta").ref), pytest.raises(NotHere):
        get_file(file_id, now=NOON)
