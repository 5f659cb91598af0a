"""What the bench of identity counts and says."""

from bench import identity
from bench.readers import Reader
from bench.rows import Row


def test_a_session_is_read_in_one_round_trip_and_so_is_a_whole_page(app, cast, two):
    reader = Reader(app, app.config["KAMU"].organisation_host("alpha"), "alpha")
    reader.sign_in(two.a.ref, two.a.owner_id)
    rows = {row.name: row for row in identity.measure_sessions(app, reader, two.a.ref)}
    assert rows["round trips to Valkey to read a session"].value == 1
    assert rows["round trips to Valkey of a whole page"].value <= 2
    assert rows["statements that tell who somebody is, and whether they may still"].value == 1


def test_it_says_what_it_measured_and_what_does_not_hold():
    rate = Row("users made, one after another", 4, "a second", 10, at_least=True)
    told = identity.tell([Row("taking them in", 2, "s", identity.ANY, identity.COMPARED), rate])
    assert "| taking them in | 2 s |  |" in told
    assert "| users made, one after another | 4 a second | ≥ 10 |" in told
    assert told.endswith("- users made, one after another: 4 a second")
