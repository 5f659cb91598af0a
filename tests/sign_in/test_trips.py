"""A sign-in under way can be finished once, by the browser that began it, within ten minutes."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from app.sign_in.errors import StateForeign, StateLate, StateUnknown
from app.sign_in.gateway import begin_trip, take_trip
from tenants.models import new_id

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def begin(client):
    return begin_trip(client, purpose="sign-in", browser="mine", now=NOW, next_path="/welcome")


def take(client, trip, *, browser="mine", now=NOW, tenant_id=None, connection_id=None):
    return take_trip(
        tenant_id or client.tenant_id,
        trip.state,
        connection_id=connection_id or client.connection_id,
        browser=browser,
        now=now,
    )


def test_a_sign_in_comes_back_as_it_was_begun(client):
    trip = begin(client)
    assert take(client, trip) == trip


def test_each_sign_in_has_its_own_secrets(client):
    first, second = begin(client), begin(client)
    assert not {first.state, first.nonce, first.verifier} & {second.state, second.nonce, second.verifier}


def test_a_state_works_once(client):
    trip = begin(client)
    take(client, trip)
    with pytest.raises(StateUnknown):
        take(client, trip)


def test_a_state_works_once_however_many_come_at_the_same_moment(client, outside):
    trip = begin(client)
    ready, came = Barrier(8), []

    def come():
        with outside.app_context():
            ready.wait()
            try:
                came.append(take(client, trip))
            except StateUnknown:
                return

    threads = [Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(came) == 1


def test_a_state_of_another_browser_is_refused_and_spent(client):
    trip = begin(client)
    with pytest.raises(StateForeign):
        take(client, trip, browser="theirs")
    with pytest.raises(StateUnknown):
        take(client, trip)


def test_a_state_of_another_connection_is_refused(client):
    with pytest.raises(StateUnknown):
        take(client, begin(client), connection_id=new_id())


def test_a_state_of_another_organisation_is_not_found(client):
    with pytest.raises(StateUnknown):
        take(client, begin(client), tenant_id=new_id())


def test_ten_minutes_are_enough_and_more_is_late(client):
    take(client, begin(client), now=NOW + timedelta(minutes=10))
    with pytest.raises(StateLate):
        take(client, begin(client), now=NOW + timedelta(minutes=10, seconds=1))
